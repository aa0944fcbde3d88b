#pragma once
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "player/av/scan.hpp"
#include "tools/author/film_rate.hpp"
#include "tools/quality/finding.hpp"
#include "tools/quality/sound_watch.hpp"

/// Decodes a segment's media once, to the end, and measures pictures and sound while decoding.
namespace riverlight::author {

/// A picture of the video at a time, scaled into 1280 × 720 with its aspect kept.
struct Still {
    std::chrono::milliseconds at{};
    std::shared_ptr<const player::Picture> picture;
};

struct Watched {
    player::StreamFacts facts;
    std::chrono::milliseconds duration{};  ///< of the film
    FilmRate rate = FilmRate::hz25;        ///< of the film
    bool sounds = false;                   ///< true if the file has sound
    bool segmented = false;                ///< its pictures are sent as fields, and progressive
    quality::SoundFacts sound;
    std::vector<quality::SegmentFinding> picture_findings, sound_findings;
    std::vector<Still> stills;  ///< by time; one for each requested time within the video
};

/// The stills to take from a video.
struct StillsWanted {
    int evenly = 0;  ///< this many, spread evenly over the video
    std::set<std::chrono::milliseconds> at;
};

/// Measures pictures and sound of a video. One of a single picture and a second or more of sound lasts as
/// long as its sound. Throws Error if any part does not decode or it lasts more than an hour.
[[nodiscard]] Watched watch_video(const std::string& path, const StillsWanted& wanted = {});
/// Measures the sound of a file, and ignores its pictures. Throws Error as watch_video().
[[nodiscard]] Watched watch_sound(const std::string& path);

}  // namespace riverlight::author
