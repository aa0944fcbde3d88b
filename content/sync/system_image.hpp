#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/sync/source_pool.hpp"
#include "content/sync/sync.hpp"
#include "content/update/waves.hpp"

/// The update of a board's own system in its channel: which boards get which version (content/update), and
/// the bundle. In the store's folder `images/`: `waves.json` and its copy, `<sha256>.raucb`.
namespace riverlight::content {

/// Bytes of the disk that stay free beside a bundle, for the journal and for the next release's facts.
inline constexpr std::uint64_t image_reserve = 64U << 20;

/// A bundle does not fit beside the programme.
class NoRoomForImage : public Error {
  public:
    NoRoomForImage(std::uint64_t needs, std::uint64_t has);
};

/// What a visit has verified and kept of the waves.
struct KeptWaves {
    Waves waves;
    Instant signed_until{};  ///< no board begins to install after that
};
/// Nothing if the channel has none for this kind of board, or what is kept cannot be read.
[[nodiscard]] std::optional<KeptWaves> read_kept_waves(const StoreLayout& layout,
                                                       std::string_view compatible);
/// The file of kept waves, to see whether it has changed.
[[nodiscard]] std::string kept_waves_file(const StoreLayout& layout);
[[nodiscard]] inline std::string images_folder(const StoreLayout& layout) {
    return layout.root + "/images";
}
[[nodiscard]] inline std::string bundle_file(const StoreLayout& layout, std::string_view sha256) {
    return images_folder(layout) + '/' + std::string(sha256) + ".raucb";
}
/// Whether a bundle is there whole: it was verified when it came.
[[nodiscard]] bool has_bundle(const StoreLayout& layout, const Wave& wave);
/// Whether a part of it is there.
[[nodiscard]] bool has_begun_bundle(const StoreLayout& layout, const Wave& wave);
/// Removes one bundle, whole or begun, by its digest.
void remove_bundle(const StoreLayout& layout, std::string_view sha256);
/// Removes all bundles, whole or begun: media need their room.
void remove_bundles(const StoreLayout& layout);

/// The board's system in one visit, on its thread. The options must have a request.
class SystemImage {
  public:
    SystemImage(const SyncOptions& options, SourcePool& sources, TufClient& client);

    /// Fetches what the channel says and keeps it, and returns the wave whose bundle the board is to have.
    /// What was kept goes if the channel has none any more, or one that cannot be read: a hold may be in it.
    /// Bundles that are neither wanted nor kept by the request go too.
    /// Only the role `targets` may sign it. Throws Error (network, disk, ReadError, TrustError).
    [[nodiscard]] std::optional<Wave> look(Instant signed_until);
    /// Downloads the wave's bundle within the bandwidth limit, if it is not there. It never takes room that
    /// media have, and leaves image_reserve free. Returns what it had to leave for later. Throws Error:
    /// NoRoomForImage, network, disk, other bytes than the signed ones.
    [[nodiscard]] DeferredMedia fetch(
        const Wave& wave,
        const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& progress);

  private:
    [[nodiscard]] std::optional<FileFacts> find(const std::string& path);
    [[nodiscard]] std::string tree_path(const std::string& path, const FileFacts& facts) const;

    const SyncOptions& options_;
    StoreLayout layout_;
    SourcePool& sources_;
    TufClient& client_;
};

}  // namespace riverlight::content
