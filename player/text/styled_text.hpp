#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace riverlight::player {

/// Text with italics: lines joined by '\n', and the byte ranges [first, second) that are in italics.
struct StyledText {
    std::string text;
    std::vector<std::pair<std::size_t, std::size_t>> italics;
};

/// Position within the safe area, as CSS's background-position: 0 at the left (top), 1 at the right (bottom).
/// What is positioned stays inside the area.
struct TextPlacement {
    double across = 0.5, down = 1;
    bool operator==(const TextPlacement&) const = default;
};

}  // namespace riverlight::player
