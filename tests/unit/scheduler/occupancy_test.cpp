#include "scheduler/plan/occupancy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto at(milliseconds since_begin) {
    return day_begin + since_begin;
}

MATCHER_P2(IsInterval, from, until, "") {
    return arg && arg->from == from && arg->until == until;
}

TEST(Occupancy, NothingIsFreeBeforeItsBeginOrAfterItsEnd) {
    const Occupancy taken(at(1h), at(2h));
    EXPECT_THAT(taken.free_from(at(0h), 1ms), IsInterval(at(1h), at(2h)));
    EXPECT_THAT(taken.free_from(at(90min), 30min), IsInterval(at(90min), at(2h)));
    EXPECT_FALSE(taken.free_from(at(90min), 30min + 1ms));
    EXPECT_FALSE(taken.free_from(at(2h), 1ms));
}

TEST(Occupancy, FindsTasksByTime) {
    Occupancy taken(day_begin, at(24h));
    taken.take({at(1h), at(2h)}, 7);
    taken.take({at(3h), at(4h)}, {});
    taken.take({at(5h), at(6h)}, 8);
    EXPECT_EQ(taken.task_at(at(1h)), 7U);
    EXPECT_FALSE(taken.task_at(at(2h))) << "intervals are half-open";
    EXPECT_FALSE(taken.task_at(at(3h))) << "no task";
    EXPECT_THAT(taken.tasks_in({at(90min), at(5h) + 1ms}), ElementsAre(7U, 8U));
    EXPECT_THAT(taken.tasks_in({at(2h), at(5h)}), IsEmpty());
    taken.release(at(1h));
    EXPECT_THAT(taken.free_from(at(0h), 3h), IsInterval(at(0h), at(3h)));
}

TEST(OccupancyDeathTest, OverlapsAndUnknownReleasesFailLoudly) {
    Occupancy taken(day_begin, at(24h));
    taken.take({at(1h), at(1h) + 5min}, 1);
    EXPECT_DEATH(taken.take({at(1h) + 4min, at(1h) + 6min}, 2), "");
    EXPECT_DEATH(taken.take({at(1h) - 1min, at(1h) + 1ms}, 2), "");
    EXPECT_DEATH(taken.release(at(2h)), "");
}

/// A list of intervals in order, searched from its begin.
class Model {
  public:
    explicit Model(DayTime end) : end_(end) {}
    void take(const Interval& when) {
        taken_.insert(std::find_if(taken_.begin(), taken_.end(),
                                   [&](const Interval& one) { return one.from > when.from; }),
                      when);
    }
    Interval release(std::size_t index) {
        const auto one = taken_[index];
        taken_.erase(taken_.begin() + static_cast<std::ptrdiff_t>(index));
        return one;
    }
    std::optional<Interval> free_from(DayTime at, milliseconds length) const {
        auto from = day_begin;
        for (std::size_t i = 0; i <= taken_.size(); ++i) {
            const auto until = i < taken_.size() ? taken_[i].from : end_;
            const auto first = std::max(at, from);
            if (first < until && until - first >= length) return Interval{first, until};
            if (i < taken_.size()) from = taken_[i].until;
        }
        return {};
    }
    std::size_t size() const { return taken_.size(); }

  private:
    DayTime end_;
    std::vector<Interval> taken_;
};

TEST(Occupancy, FindsTheSameTimeAsASearchFromTheBegin) {
    std::mt19937 random(20261128);  // NOLINT: the same run each time
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto end = at(23h);
    Occupancy taken(day_begin, end);
    Model model(end);
    for (int step = 0; step < 4000; ++step) {
        if (model.size() > 0 && below(3) == 0) {
            taken.release(
                model.release(static_cast<std::size_t>(below(static_cast<int>(model.size())))).from);
            continue;
        }
        const auto from = at(std::chrono::seconds{below(23 * 3600)});
        const milliseconds length{1 + below(1'200'000)};
        const auto found = taken.free_from(from, length), expected = model.free_from(from, length);
        ASSERT_EQ(found.has_value(), expected.has_value()) << step;
        if (!found) continue;
        ASSERT_THAT(found, IsInterval(expected->from, expected->until)) << step;
        const Interval when{found->from, found->from + length};
        taken.take(when, 1);
        model.take(when);
    }
}

}  // namespace
}  // namespace riverlight::scheduler
