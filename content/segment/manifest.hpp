#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A built segment: `riverlight segment build` writes its manifest, the channel signs it, the scheduler plans
/// with it and a board plays it. Plain values and their parser; no I/O.
namespace riverlight::content {

enum class Rating { general, guidance, late };
/// From which age on, in years, a segment is meant, for receivers with a parental lock: 13 for guidance and
/// 18 for late, the ages of the broadcasting hours that these follow. Nothing for general.
[[nodiscard]] std::optional<int> minimum_age(Rating rating);
[[nodiscard]] std::string_view to_text(Rating rating);
[[nodiscard]] std::optional<Rating> rating_from_text(std::string_view text);

/// One encoded file, named by its content: `media/<sha256>.<ext>`. More than 12 members: the keys of a file
/// in segment.json.
struct MediaFile {
    std::string sha256;  ///< 64 hex digits
    std::string ext;     ///< `mp4`, `m4a`, `vtt`, …: [a-z0-9]{1,8}
    std::uint64_t bytes = 0;
    std::string kind;   ///< picture | sound | subtitles | sign | rendition
    std::string codec;  ///< `h264`, `hevc`, `aac`, `webvtt`
    int width = 0, height = 0;
    std::string frame_rate;               ///< `25/1`; empty where there is no picture
    std::optional<double> loudness_lufs;  ///< integrated loudness of the file, EBU R 128
    std::optional<double> true_peak_dbtp;
    std::string profile;     ///< of a rendition: the kind of feed it is encoded for, `720p25`
    std::string parameters;  ///< of a rendition: digest of its parameter sets, 64 hex digits; renditions with
                             ///< equal digests can be joined
    [[nodiscard]] std::string name() const { return sha256 + '.' + ext; }
};

/// What viewers of one language see and hear. Files are given by SHA-256 (hex), the key of Manifest::files;
/// empty: none.
struct Localisation {
    std::string title;
    std::string strap;    ///< call to action beside the number; may be empty
    bool crawl = false;   ///< a strap that is too long for its line scrolls
    std::string hotline;  ///< number to show; a country's hotlines.json takes precedence on a board
    std::string picture;  ///< the picture that every player can play
    std::vector<std::string> ladder;  ///< the same pictures for other screens (ladder.hpp), at most
                                      ///< most_rungs; these and `picture` say codec, width and height
    std::string sound;                ///< empty: the sound of the picture file, or silence if it has none
    std::string subtitles;
    /// By sign language (`tsq`: Thai): an interpreter's pictures, shown in a corner if the place asks for
    /// them.
    std::map<std::string, std::string> signs;
    std::map<std::string, std::string>
        renditions;  ///< by rendition_key(): one file with all of this, texts included in the picture
};

/// The key of a localisation's rendition for feeds of `profile`, with an interpreter of `sign` unless empty:
/// `720p25`, `720p25+tsq`.
[[nodiscard]] std::string rendition_key(const std::string& profile, const std::string& sign);

inline constexpr std::size_t most_rungs = 16;

struct Manifest {
    std::string id;  ///< [a-z0-9][a-z0-9-]{0,62}
    int revision = 1;
    std::chrono::milliseconds duration{};  ///< exact; a multiple of 40 ms
    Rating rating = Rating::general;
    bool for_children = false;  ///< made for children: a country may require a distance to other ratings
    std::vector<std::string> topics;
    std::string fallback_locale;                  ///< a key of `locales`
    std::map<std::string, MediaFile> files;       ///< by sha256
    std::map<std::string, Localisation> locales;  ///< by BCP 47 tag
};

/// Parses segment.json (format 1), at most 1 MiB. Throws ReadError at its key. Guarantees that
/// file references resolve, that the fallback locale exists, and that ids and hashes are well-formed.
[[nodiscard]] Manifest parse_manifest(std::string_view json, const std::string& what);
[[nodiscard]] std::string write_manifest(const Manifest& manifest);

/// True for ids of segments, campaigns, bookings, places, boards: [a-z0-9][a-z0-9-]{0,62}.
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace riverlight::content
