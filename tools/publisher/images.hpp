#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"
#include "content/update/waves.hpp"

/// Updates of boards' systems in a channel's source: `images/<compatible>/waves.json`, which these functions
/// write, and beside it the bundles `<sha256>.raucb`. Publishing puts them into the tree.
namespace riverlight::publisher {

/// What to change of a wave; what is absent stays. For a new wave: nobody, at once, usual_patience.
struct WaveEdit {
    std::optional<int> share{};                        ///< percent, 0–100
    std::optional<std::vector<std::string>> places{};  ///< ids
    std::optional<std::vector<std::string>> tags{};
    std::optional<Instant> start{};
    std::optional<std::chrono::days> patience{};
};

/// The waves of all kinds of boards in the source, by kind. Throws ReadError for a document that cannot be
/// read, or whose bundle is missing or of another size.
[[nodiscard]] std::map<std::string, content::Waves> read_images(const std::string& source);
/// Path of a bundle in the source.
[[nodiscard]] std::string bundle_path(const std::string& source, const std::string& compatible,
                                      const std::string& sha256);
/// Throws ReadError for a place or a tag that a wave names and no place of the channel has.
void check_images(const std::map<std::string, content::Waves>& images, const content::Catalogue& catalogue);

/// Copies a bundle into the source and adds a wave for the version in its manifest. Throws ReadError if
/// that version has another bundle (duplicate). Each returns what was done, as a sentence.
[[nodiscard]] std::string add_image(const std::string& source, const std::string& bundle,
                                    const WaveEdit& edit);
/// Throws ReadError (unresolved) if the source has no such version. `compatible` may be empty where the
/// source has one kind of board only; so below.
[[nodiscard]] std::string stage_image(const std::string& source, const std::string& compatible,
                                      const std::string& version, const WaveEdit& edit);
/// `why`, plain text of at most 300 bytes, is shown on boards; empty: boards may begin again.
[[nodiscard]] std::string hold_image(const std::string& source, const std::string& compatible,
                                     const std::string& version, const std::string& why);
/// Removes the wave and its bundle. Boards that have the version keep it.
[[nodiscard]] std::string remove_image(const std::string& source, const std::string& compatible,
                                       const std::string& version);
/// One line for each wave.
[[nodiscard]] std::vector<std::string> list_images(const std::string& source);

}  // namespace riverlight::publisher
