// Ten thousand boards that the power brought up at the same moment look for a release.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tools/fleet/fleet_device.hpp"

namespace riverlight::fleet {
namespace {

using namespace std::chrono_literals;

const Instant power = *from_rfc3339("2026-03-02T00:00:00Z");

struct Spread {
    std::size_t most_in_a_second = 0;
    std::chrono::seconds half{}, last{};
};

/// Of the first visits after a release so long after the power came, with an interval of five minutes.
Spread spread_after(std::chrono::minutes later) {
    constexpr std::uint32_t boards = 10'000;
    Releases releases;
    for (const auto at : {power - 1h, power + later}) {
        auto release = std::make_shared<FleetRelease>();
        release->published = at;
        releases.push_back(std::move(release));
    }
    Spread out;
    std::vector<std::chrono::seconds> after;
    std::map<std::chrono::seconds, std::size_t> in_second;
    for (std::uint32_t board = 0; board < boards; ++board) {
        ChannelVisits visits(300s, board * 7919);
        visits.start(power);
        visits.run_until(power + later + 10min, releases, {}, {});
        after.push_back(
            std::chrono::floor<std::chrono::seconds>(visits.first_visits().at(1) - (power + later)));
        out.most_in_a_second = std::max(out.most_in_a_second, ++in_second[after.back()]);
    }
    std::sort(after.begin(), after.end());
    out.half = after[boards / 2];
    out.last = after.back();
    return out;
}

TEST(ChannelVisits, OfBoardsThatStartTogetherAreSpreadOverTheInterval) {
    const auto soon = spread_after(30min), later = spread_after(4h);
    RecordProperty("soon_most_in_a_second", static_cast<int>(soon.most_in_a_second));
    RecordProperty("later_most_in_a_second", static_cast<int>(later.most_in_a_second));
    RecordProperty("later_half_s", static_cast<int>(later.half.count()));
    RecordProperty("later_last_s", static_cast<int>(later.last.count()));
    // Spread evenly it would be 33 in a second; in step, all 10,000.
    EXPECT_LT(soon.most_in_a_second, 150U);
    EXPECT_LT(later.most_in_a_second, 75U);
    EXPECT_GT(later.half, 120s);
    EXPECT_LE(later.last, 375s);
}

TEST(ChannelVisits, ABoardWithoutANetworkLooksWhenItIsBack) {
    Releases releases;
    for (const auto at : {power - 1h, power + 1h}) {
        auto release = std::make_shared<FleetRelease>();
        release->published = at;
        releases.push_back(std::move(release));
    }
    ChannelVisits visits(300s, 1);
    visits.start(power);
    visits.run_until(power + 5h, releases, power + 30min, power + 6h);
    EXPECT_EQ(visits.seen(), 0U);
    visits.run_until(power + 7h, releases, power + 30min, power + 6h);
    EXPECT_EQ(visits.seen(), 1U);
    EXPECT_GE(visits.first_visits().at(1), power + 6h);
}

}  // namespace
}  // namespace riverlight::fleet
