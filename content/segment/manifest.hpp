#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The facts of a built segment: what `riverlight segment build` writes, the channel signs, the scheduler
/// reads and a board plays. Plain values; no I/O but the parser below.
namespace riverlight::content {

enum class Rating { general, guidance, late };
[[nodiscard]] std::string_view to_text(Rating rating);
[[nodiscard]] std::optional<Rating> rating_from_text(std::string_view text);

/// One encoded file, named by what is in it: `media/<sha256>.<ext>`.
struct MediaFile {
    std::string sha256;  ///< 64 hex digits
    std::string ext;     ///< `mp4`, `m4a`, `vtt`, …: [a-z0-9]{1,8}
    std::uint64_t bytes = 0;
    std::string kind;   ///< picture | sound | subtitles | sign | rendition
    std::string codec;  ///< `h264`, `hevc`, `aac`, `webvtt`
    int width = 0, height = 0;
    std::string frame_rate;               ///< `25/1`; empty where there is no picture
    std::optional<double> loudness_lufs;  ///< integrated, EBU R 128, as it stands in the file
    std::optional<double> true_peak_dbtp;
    std::string profile;     ///< of a rendition: the kind of feed it is coded for, `720p25`
    std::string parameters;  ///< of a rendition: digest of its parameter sets, 64 hex digits; equal ones may
                             ///< follow each other
    [[nodiscard]] std::string name() const { return sha256 + '.' + ext; }
};

/// What one language's viewers see and hear. File references are sha256 hex into Manifest::files; empty:
/// none.
struct Localisation {
    std::string title;
    std::string strap;    ///< call to action beside the number; may be empty
    bool crawl = false;   ///< a strap that is too long for its place moves through it
    std::string hotline;  ///< number to show; a country's hotlines.json takes precedence on a board
    std::string picture;  ///< what every player plays
    std::vector<std::string> ladder;  ///< the same pictures for other screens (ladder.hpp), at most
                                      ///< most_rungs; these and `picture` say codec, width and height
    std::string sound;                ///< empty: the picture file's own sound, or silence if it has none
    std::string subtitles;
    /// By sign language (`tsq`, Thai's): an interpreter's pictures, shown in a corner where a place asks.
    std::map<std::string, std::string> signs;
    std::map<std::string, std::string>
        renditions;  ///< by rendition_key(): all of this in one file, texts burned in
};

/// By what a localisation names its rendition for feeds of `profile`, an interpreter of `sign` in it:
/// `720p25`, `720p25+tsq`.
[[nodiscard]] std::string rendition_key(const std::string& profile, const std::string& sign);

inline constexpr std::size_t most_rungs = 16;

struct Manifest {
    std::string id;  ///< [a-z0-9][a-z0-9-]{0,62}
    int revision = 1;
    std::chrono::milliseconds duration{};  ///< exact; a multiple of 40 ms
    Rating rating = Rating::general;
    bool for_children = false;  ///< made for children: a country may keep other ratings away from it
    std::vector<std::string> topics;
    std::string fallback_locale;                  ///< a key of `locales`
    std::map<std::string, MediaFile> files;       ///< by sha256
    std::map<std::string, Localisation> locales;  ///< by BCP 47 tag
};

/// Reads segment.json (format 1), at most 1 MiB. Throws Error naming `what` and the key. Every file reference
/// resolves, the fallback locale exists, ids and hashes have their form.
[[nodiscard]] Manifest parse_manifest(std::string_view json, const std::string& what);
[[nodiscard]] std::string write_manifest(const Manifest& manifest);

/// True for ids of segments, campaigns, bookings, places, boards: [a-z0-9][a-z0-9-]{0,62}.
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace riverlight::content
