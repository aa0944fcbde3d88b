#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "tools/author/film.hpp"

/// Sign-language interpreters: videos that are shown in a corner of a segment.
namespace riverlight::author {

/// Largest area in pixels: a sixth of 1920 × 1080, the size of the inset on the largest screen
/// (player/source/inset.hpp).
inline constexpr int largest_sign = 1920 * 1080 / 6;
/// With fewer lines, hands and faces are hard to read.
inline constexpr int least_sign_height = 240;

struct SignFacts {
    int width = 0, height = 0;  ///< as displayed (rotated, square pixels); even
    std::chrono::milliseconds length{};
};

/// Decodes the whole video. Throws Error if any part does not decode or there is no picture.
[[nodiscard]] SignFacts watch_sign(const std::string& path);

/// The share of a landscape screen's width that the widest of the language's interpreters takes at the right;
/// 0 if it has none. Ignores videos that cannot be read: watch_sign() reports them.
[[nodiscard]] double signs_room(const Wording& words);

/// Calls `begin` with the size of the pictures, then `take` for each of the first `frames` at the film's
/// rate. Pictures larger than `largest_sign` are scaled down; smaller ones keep their size. Returns the
/// number of pictures taken.
std::int64_t film_sign(const std::string& path, std::int64_t frames,
                       const std::function<void(int width, int height)>& begin, const TakePicture& take);

}  // namespace riverlight::author
