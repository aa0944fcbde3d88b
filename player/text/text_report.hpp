#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace riverlight::player {

/// What became of a text, for people who check it (`riverlight text render --json`).
struct TextReport {
    std::vector<std::string> lines;  ///< as broken
    std::vector<char32_t> missing;   ///< code points that no installed font draws
    bool outside = false;            ///< some of it is outside the safe area, or its place within it
    int px = 0;                      ///< the smallest size of type used
    std::size_t pages = 0;           ///< pictures that it takes

    /// Adds the report of another part, whose lines come after these.
    void append(const TextReport& other);
};

}  // namespace riverlight::player
