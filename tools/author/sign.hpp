#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "tools/author/film.hpp"

/// Interpreters into sign languages: videos that are shown in a corner of a segment.
namespace riverlight::author {

/// A sixth of 1920 × 1080, which is what is seen of it on the largest screen (player/source/inset.hpp).
inline constexpr int largest_sign = 1920 * 1080 / 6;
/// Lines below which hands and faces are hard to read.
inline constexpr int least_sign_height = 240;

struct SignFacts {
    int width = 0, height = 0;  ///< of its pictures as they are seen, even
    std::chrono::milliseconds length{};
};

/// Decodes all of it. Throws Error where something in it does not decode, or there is no picture.
[[nodiscard]] SignFacts watch_sign(const std::string& path);

/// What its interpreters take of a landscape screen at the right, as a share of its width; the widest counts,
/// and one that cannot be read is left to watch_sign(). 0: there are none.
[[nodiscard]] double signs_room(const Wording& words);

/// Its pictures at the film's rate, the first `frames` of them, no larger than `largest_sign` and never made
/// larger; `begin` is told their size first. Returns how many there were.
std::int64_t film_sign(const std::string& path, std::int64_t frames,
                       const std::function<void(int width, int height)>& begin, const TakePicture& take);

}  // namespace riverlight::author
