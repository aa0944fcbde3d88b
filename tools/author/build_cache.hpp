#pragma once
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "content/segment/manifest.hpp"
#include "tools/author/film_rate.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

/// What an earlier build found out about a video that it decoded to its end.
struct KnownFilm {
    std::chrono::milliseconds length{};
    FilmRate rate = FilmRate::hz25;
    bool segmented = false;  ///< see player::MediaLimits
};

/// Build cache: records which file an earlier build made from which inputs, so that the next build makes only
/// what has changed. A product's key is a digest of everything that goes into it: input bytes, texts,
/// settings and this program's version. Fonts are not part of the key: after installing fonts, build with
/// `fresh`. Thread-safe.
class BuildCache {
  public:
    /// An empty cache.
    BuildCache() = default;
    /// Reads `<out>/build.json`. Skips entries whose media file is missing or changed; a damaged build.json
    /// gives an empty cache.
    explicit BuildCache(const std::string& out);

    [[nodiscard]] std::optional<content::MediaFile> product(const std::string& key) const;
    void keep_product(const std::string& key, const content::MediaFile& file);
    /// By the SHA-256 of the video's file.
    [[nodiscard]] std::optional<KnownFilm> film(const std::string& sha256) const;
    void keep_film(const std::string& sha256, const KnownFilm& film);

    /// The text of build.json (format 1): products kept since construction, and earlier ones that were looked
    /// up.
    [[nodiscard]] std::string text() const;

  private:
    void read_film(const std::string& sha256, const boost::json::value& value, const std::string& path);

    struct Entry {
        content::MediaFile file;
        mutable bool used = false;
    };
    mutable std::mutex lock_;
    std::map<std::string, Entry> products_;   // under lock_
    std::map<std::string, KnownFilm> films_;  // under lock_
};

/// Cache keys: each is a digest of everything that goes into the product.
[[nodiscard]] std::string film_key(const std::string& video_sha256, const KnownFilm& film);
[[nodiscard]] std::string cards_key(const CardDeck& deck, const Wording& words, const std::string& locale);
/// Key of a ladder's picture: the key of the 720p picture from the same source, and the coding settings.
[[nodiscard]] std::string rung_key(const std::string& picture_key, const std::string& coding);
[[nodiscard]] std::string sound_key(const std::string& sound_sha256, std::chrono::milliseconds duration);
/// Identifies the pictures of a video in a rendition, which is made from the video itself. Those of videos
/// with 50 motions a second are made again, since earlier versions lost half of them, and those of segmented
/// frames, which lost half of their lines.
[[nodiscard]] std::string video_key(const std::string& video_sha256, const KnownFilm& film);
/// `duration`: the segment's; the interpreter's video is cut to it.
[[nodiscard]] std::string sign_key(const std::string& sign_sha256, std::chrono::milliseconds duration);
/// `picture_key`: the hash of the cards' picture, or video_key().
[[nodiscard]] std::string rendition_key(const std::string& profile, const std::string& locale,
                                        const Wording& words, const std::string& picture_key,
                                        const std::string& sound_sha256, std::chrono::milliseconds duration);

/// SHA-256 of a file of any size. Throws Error.
[[nodiscard]] std::string hash_of_file(const std::string& path);

}  // namespace riverlight::author
