#include "tools/quality/flash_watch.hpp"

#include <algorithm>
#include <cmath>

namespace riverlight::quality {
namespace {

constexpr double white_mcd = 200'000, gamma = 2.4;
constexpr std::int32_t least_change = 20'000, bright = 160'000;  // mcd/m²
constexpr std::int32_t unit = 1 << 20;                           // linear light of 1
constexpr std::int32_t least_red = unit / 320 * 20;

struct Tables {
    std::array<std::int32_t, 256> r{}, g{}, b{}, linear{};
    Tables() {
        for (std::size_t i = 0; i < 256; ++i) {
            const double light = std::pow(static_cast<double>(i) / 255, gamma);
            const auto part = [&](double weight) {
                return static_cast<std::int32_t>(std::lround(light * weight));
            };
            r[i] = part(0.2126 * white_mcd);  // BT.709-6, item 3.2
            g[i] = part(0.7152 * white_mcd);
            b[i] = part(0.0722 * white_mcd);
            linear[i] = part(unit);
        }
    }
};

const Tables& tables() {
    static const Tables instance;
    return instance;
}

struct Red {
    std::int32_t value;
    bool saturated;
};

Red redness(const Tables& t, const std::uint8_t* rgb) {
    const auto r = t.linear[rgb[0]], others = t.linear[rgb[1]] + t.linear[rgb[2]];
    return {std::max(0, r - others), r >= 4 * others};  // R/(R+G+B) ≥ 0.8
}

}  // namespace

std::int32_t luminance_mcd(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    const auto& t = tables();
    return t.r[r] + t.g[g] + t.b[b];
}

FlashWatch::FlashWatch() : general_(player::Grid::points), red_(player::Grid::points) {}

void FlashWatch::begin(const player::Grid& picture) {
    light_.resize(player::Grid::points);
    redness_.resize(player::Grid::points);
    const auto* rgb = picture.rgb.data();
    for (std::size_t i = 0; i < player::Grid::points; ++i, rgb += 3) {
        light_[i].low = light_[i].high = luminance_mcd(rgb[0], rgb[1], rgb[2]);
        const auto red = redness(tables(), rgb);
        redness_[i].low = redness_[i].high = red.value;
        redness_[i].saturated = red.saturated;
    }
}

void FlashWatch::add(std::chrono::microseconds at, const player::Grid& picture) {
    if (light_.empty()) return begin(picture);
    const auto& t = tables();
    const auto* rgb = picture.rgb.data();
    for (std::size_t i = 0; i < player::Grid::points; ++i, rgb += 3) {
        auto& light = light_[i];
        const auto now = t.r[rgb[0]] + t.g[rgb[1]] + t.b[rgb[2]];
        if (light.heading <= 0 && now - light.low >= least_change && light.low < bright) {
            light = {now, now, 1, false};
            general_.add_change(i, at);
        } else if (light.heading >= 0 && light.high - now >= least_change && now < bright) {
            light = {now, now, -1, false};
            general_.add_change(i, at);
        } else {
            light.low = std::min(light.low, now);
            light.high = std::max(light.high, now);
        }
        auto& past = redness_[i];
        const auto red = redness(t, rgb);
        if (past.heading <= 0 && red.saturated && red.value - past.low > least_red) {
            past = {red.value, red.value, 1, true};
            red_.add_change(i, at);
        } else if (past.heading >= 0 && past.saturated && past.high - red.value > least_red) {
            past = {red.value, red.value, -1, red.saturated};
            red_.add_change(i, at);
        } else {
            past.low = std::min(past.low, red.value);
            if (red.value >= past.high) {
                past.high = red.value;
                past.saturated = red.saturated;
            }
        }
    }
    general_.picture_done(at);
    red_.picture_done(at);
}

std::vector<SegmentFinding> flash_findings(const FlashWatch& watch) {
    const std::string remedy = "slow the flashes, make them paler or smaller";
    std::vector<SegmentFinding> out;
    for (const auto& s : watch.general())
        out.push_back({Defect::flashes, "",
                       "flashes more than three times a second over more than a quarter of the picture "
                       "(ITU-R BT.1702-3)",
                       true, s, remedy});
    for (const auto& s : watch.red())
        out.push_back({Defect::red_flashes, "",
                       "flashes in saturated red more than three times a second over more than a quarter of "
                       "the picture (ITU-R BT.1702-3)",
                       true, s, remedy + ", or take the red out"});
    return out;
}

}  // namespace riverlight::quality
