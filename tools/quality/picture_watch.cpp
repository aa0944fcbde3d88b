#include "tools/quality/picture_watch.hpp"

#include <algorithm>
#include <cstdlib>

namespace riverlight::quality {
namespace {

using namespace std::chrono_literals;

constexpr auto black_inside = 500'000us, black_at_an_end = 2'000'000us, longest_still = 5'000'000us;
/// Of 255: below a tenth of the signal a screen in daylight shows nothing.
constexpr int dark = 25;
/// Of 255: what an encoder adds to a picture that does not move.
constexpr int coding_noise = 6;

/// 98 of 100 points are dark.
bool is_black(const player::Grid& picture) {
    const auto* rgb = picture.rgb.data();
    std::size_t lit = 0;
    for (std::size_t i = 0; i < player::Grid::points; ++i, rgb += 3)
        lit += (54 * rgb[0] + 183 * rgb[1] + 19 * rgb[2]) > dark * 256;  // BT.709 luma
    return lit * 50 <= player::Grid::points;
}

bool look_alike(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
    if (a.size() != b.size()) return false;
    int most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(int{a[i]} - int{b[i]}));
    return most <= coding_noise;
}

Stretch stretch(std::chrono::microseconds from, std::chrono::microseconds until) {
    using std::chrono::duration_cast, std::chrono::milliseconds;
    return {duration_cast<milliseconds>(from), duration_cast<milliseconds>(until)};
}

}  // namespace

void PictureWatch::end_black(Time at, bool last) {
    if (!black_) return;
    const bool at_an_end = last || black_since_ == Time{};
    if (at - black_since_ < (at_an_end ? black_at_an_end : black_inside)) return;
    findings_.push_back({Defect::black, "", at_an_end ? "is black at an end" : "is black", false,
                         stretch(black_since_, at), "cut it out, or fill it"});
}

void PictureWatch::end_still(Time at) {
    if (!any_ || at - still_since_ < longest_still || black_) return;
    findings_.push_back({Defect::still, "", "stands still", false, stretch(still_since_, at),
                         "check whether that is intended"});
}

void PictureWatch::add(std::chrono::microseconds at, const player::Grid& picture) {
    flashes_.add(at, picture);
    const bool black = is_black(picture);
    if (!any_ || !look_alike(still_, picture.rgb)) {
        end_still(at);
        still_ = picture.rgb;
        still_since_ = at;
    }
    if (black != black_) {
        end_black(at, false);
        black_since_ = at;
        black_ = black;
    }
    any_ = true;
}

std::vector<SegmentFinding> PictureWatch::finish(std::chrono::microseconds end) {
    end_still(end);
    end_black(end, true);
    for (auto& finding : flash_findings(flashes_)) findings_.push_back(std::move(finding));
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const SegmentFinding& a, const SegmentFinding& b) {
                         return a.when.value_or(Stretch{}).from < b.when.value_or(Stretch{}).from;
                     });
    return std::move(findings_);
}

}  // namespace riverlight::quality
