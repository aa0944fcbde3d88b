#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "content/segment/manifest.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

/// What an earlier build of a segment made out of what, so that the next makes only what has changed. Each
/// product's key is a digest of all that goes into it: input bytes, texts, settings, and this program's
/// version. Fonts are not among them: after new fonts, build afresh. May be used from several threads.
class Memory {
  public:
    /// Remembers nothing.
    Memory() = default;
    /// Reads `<out>/build.json`; what is spoiled, or names media that are not there, is forgotten.
    explicit Memory(const std::string& out);

    [[nodiscard]] std::optional<content::MediaFile> product(const std::string& key) const;
    void keep_product(const std::string& key, const content::MediaFile& file);
    /// Length of a video that was decoded to its end before, by the digest of its bytes.
    [[nodiscard]] std::optional<std::chrono::milliseconds> film(const std::string& sha256) const;
    void keep_film(const std::string& sha256, std::chrono::milliseconds length);

    /// What was kept since the constructor, and what was asked for and found: format 1.
    [[nodiscard]] std::string text() const;

  private:
    struct Entry {
        content::MediaFile file;
        mutable bool used = false;
    };
    mutable std::mutex lock_;
    std::map<std::string, Entry> products_;                   // under lock_
    std::map<std::string, std::chrono::milliseconds> films_;  // under lock_
};

/// Digests of what goes into each product.
[[nodiscard]] std::string film_key(const std::string& video_sha256);
[[nodiscard]] std::string cards_key(const CardDeck& deck, const Wording& words, const std::string& locale);
/// Of a ladder's picture: of what the localisation's own would be made of, and how it is coded.
[[nodiscard]] std::string rung_key(const std::string& picture_key, const std::string& coding);
[[nodiscard]] std::string sound_key(const std::string& sound_sha256, std::chrono::milliseconds duration);
/// `duration`: the segment's, to which it is cut.
[[nodiscard]] std::string sign_key(const std::string& sign_sha256, std::chrono::milliseconds duration);
[[nodiscard]] std::string rendition_key(const std::string& profile, const std::string& locale,
                                        const Wording& words, const std::string& picture_key,
                                        const std::string& sound_sha256, std::chrono::milliseconds duration);

/// SHA-256 of a file of any size. Throws Error.
[[nodiscard]] std::string hash_of_file(const std::string& path);

}  // namespace riverlight::author
