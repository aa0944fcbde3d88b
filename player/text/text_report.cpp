#include "player/text/text_report.hpp"

#include <algorithm>

namespace riverlight::player {

void TextReport::append(const TextReport& other) {
    lines.insert(lines.end(), other.lines.begin(), other.lines.end());
    for (const auto point : other.missing)
        if (std::find(missing.begin(), missing.end(), point) == missing.end()) missing.push_back(point);
    outside = outside || other.outside;
    if (other.px > 0) px = px > 0 ? std::min(px, other.px) : other.px;
    pages = std::max(pages, other.pages);
}

}  // namespace riverlight::player
