#include "player/text/crawl.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {

CrawlRate crawl_rate(int width, std::int64_t rate_num, std::int64_t rate_den) {
    assert(width >= 64 && rate_num > 0 && rate_den > 0);
    const std::int64_t a_second = 10 * rate_num;  // the aim is width × den / (10 × num) pixels a frame
    const auto step = static_cast<int>(width * rate_den / a_second) & ~1;
    if (step >= 2) return {step, 1};
    const auto aim = std::max<std::int64_t>(1, width * rate_den);
    return {2, static_cast<int>((2 * a_second + aim - 1) / aim)};
}

std::vector<int> Crawl::positions(std::int64_t n) const {
    const std::int64_t moved = n / rate.every * rate.step;
    assert(n >= 0 && rate.every > 0 && strip.width + gap > 0);
    const std::int64_t period = strip.width + gap, band = right - left;
    // Repetition k has moved by moved − k × period; it is visible until it has moved by the band's and its
    // own width.
    std::vector<int> out;
    for (auto since = moved % period; since < band + strip.width && since <= moved; since += period)
        if (since > 0)
            out.push_back(static_cast<int>(right_to_left ? left + since - strip.width : right - since));
    return out;
}

std::int64_t Crawl::frames_once() const {
    const std::int64_t distance = strip.width + (right - left);
    return (distance + rate.step - 1) / rate.step * rate.every;
}

}  // namespace riverlight::player
