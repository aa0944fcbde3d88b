#include "player/text/crawl.hpp"

#include <algorithm>

namespace riverlight::player {

CrawlRate crawl_rate(int width, std::int64_t rate_num, std::int64_t rate_den) {
    const std::int64_t a_second = 10 * rate_num;  // width × den / (10 × num) pixels a frame are wanted
    const auto step = static_cast<int>(width * rate_den / a_second) & ~1;
    if (step >= 2) return {step, 1};
    const auto wanted = std::max<std::int64_t>(1, width * rate_den);
    return {2, static_cast<int>((2 * a_second + wanted - 1) / wanted)};
}

std::vector<int> Crawl::positions(std::int64_t n) const {
    const std::int64_t moved = n / rate.every * rate.step;
    const std::int64_t period = strip.width + gap, band = right - left;
    // The k-th beginning has moved by moved − k × period; it is seen until it has moved by band and its
    // width.
    std::vector<int> out;
    for (auto since = moved % period; since < band + strip.width && since <= moved; since += period)
        if (since > 0)
            out.push_back(static_cast<int>(right_to_left ? left + since - strip.width : right - since));
    return out;
}

std::int64_t Crawl::frames_once() const {
    const std::int64_t way = strip.width + (right - left);
    return (way + rate.step - 1) / rate.step * rate.every;
}

}  // namespace riverlight::player
