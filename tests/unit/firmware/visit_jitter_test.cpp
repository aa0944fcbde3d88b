// Visits of boards that start together are spread.
#include "firmware/follow/visit_jitter.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

TEST(VisitJitter, IsAQuarterEitherWay) {
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    EXPECT_EQ(spread_visit(300s, 0), 225s);
    EXPECT_EQ(std::chrono::round<std::chrono::seconds>(spread_visit(300s, most / 2)), 300s);
    EXPECT_LT(spread_visit(300s, most), 375s);
    EXPECT_GT(spread_visit(300s, most), 374s);
    EXPECT_LT(spread_visit(86'400s, most), 108'000s) << "no overflow at the longest interval";
    EXPECT_GT(spread_visit(86'400s, most), 107'999s);
}

}  // namespace
}  // namespace riverlight::firmware
