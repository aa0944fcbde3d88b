#include "firmware/outlet/avails.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

scheduler::PlannedAiring airing(std::chrono::seconds start, std::chrono::seconds end) {
    scheduler::PlannedAiring a;
    a.start = noon + start;
    a.end = noon + end;
    return a;
}

TEST(Avails, AreTheOpenTimeBetweenAiringsThatBeginsSoon) {
    const std::vector<scheduler::PlannedAiring> plan{airing(0s, 30s), airing(30s, 60s), airing(180s, 210s),
                                                     airing(213s, 240s), airing(600s, 630s)};
    std::vector<const scheduler::PlannedAiring*> airings;
    for (const auto& a : plan) airings.push_back(&a);
    const auto soon = avails_of(airings, noon + 50s, noon + 65s);
    ASSERT_EQ(soon.size(), 1U);
    EXPECT_EQ(soon[0].start, noon + 60s);
    EXPECT_EQ(soon[0].duration, 120s);
    const auto all = avails_of(airings, noon, noon + 1h);
    ASSERT_EQ(all.size(), 2U) << "three seconds are no avail, and after the last nothing is known";
    EXPECT_EQ(all[1].start, noon + 240s);
    EXPECT_LT(all[0].event, all[1].event);
    EXPECT_EQ(avails_of(airings, noon + 55s, noon + 70s).front().event, soon[0].event)
        << "it keeps its number";
    EXPECT_TRUE(avails_of({}, noon, noon + 1h).empty());
}

}  // namespace
}  // namespace riverlight::firmware
