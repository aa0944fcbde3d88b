#pragma once
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "player/av/scan.hpp"
#include "tools/quality/finding.hpp"
#include "tools/quality/sound_watch.hpp"

/// A segment's media decoded once, to their ends, and weighed as they come.
namespace riverlight::author {

/// A picture of the video, 1280 × 720, aspect kept.
struct Still {
    std::chrono::milliseconds at{};
    std::shared_ptr<const player::Picture> picture;
};

struct Watched {
    player::StreamFacts facts;
    std::chrono::milliseconds duration{};  ///< of the pictures, at the film's rate
    bool sounds = false;                   ///< whether there is any sound
    quality::SoundFacts sound;
    std::vector<quality::Finding> picture_findings, sound_findings;
    std::vector<Still> stills;  ///< in order of time, one for each that was asked for and lies in it
};

/// Which stills of a video are wanted.
struct StillsWanted {
    int evenly = 0;  ///< so many, spread over the whole
    std::set<std::chrono::milliseconds> at;
};

/// Pictures and sound of a video. Throws Error where something in it does not decode, and where it lasts more
/// than an hour.
[[nodiscard]] Watched watch_video(const std::string& path, const StillsWanted& wanted = {});
/// A file of sound alone, or the sound of one.
[[nodiscard]] Watched watch_sound(const std::string& path);

}  // namespace riverlight::author
