#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {
namespace {

using testing::ElementsAre;

std::vector<Item> items_of(const std::vector<int>& weights) {
    std::vector<Item> items(weights.size());
    for (std::size_t i = 0; i < items.size(); ++i) items[i].weight = weights[i];
    return items;
}

/// All items in the order in which they are due.
std::vector<std::size_t> in_order(const std::vector<Item>& items, const PlayTally& tally) {
    std::vector<std::size_t> order;
    DueItems due(items, tally);
    for (auto i = due.next(); i && order.size() <= items.size(); i = due.next()) order.push_back(*i);
    return order;
}

TEST(DueItem, OfEqualsTheFirstIsDueFirst) {
    EXPECT_THAT(in_order(items_of({1, 1, 1}), {0, {0, 0, 0}}), ElementsAre(0U, 1U, 2U));
    EXPECT_THAT(in_order(items_of({1, 1, 1}), {1, {1, 0, 0}}), ElementsAre(1U, 2U, 0U));
}

TEST(DueItem, AHeavierItemIsDueMoreOften) {
    EXPECT_THAT(in_order(items_of({1, 3}), {0, {0, 0}}), ElementsAre(1U, 0U));
    EXPECT_THAT(in_order(items_of({1, 3}), {1, {0, 1}}), ElementsAre(0U, 1U));
}

TEST(DueItem, WithoutItemsNothingIsDue) {
    EXPECT_THAT(in_order({}, {}), testing::IsEmpty());
}

TEST(DueItem, EachItemIsDueOnceByWhatItIsOwed) {
    EXPECT_TRUE(rc::check("next due items are all items, by descending remainder", [] {
        const auto weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 5)));
        const auto items = items_of(weights);
        PlayTally tally;
        tally.items = *rc::gen::container<std::vector<int>>(items.size(), rc::gen::inRange(0, 4));
        tally.plays = std::accumulate(tally.items.begin(), tally.items.end(), 0);
        const auto all = std::accumulate(weights.begin(), weights.end(), 0);
        std::vector<std::size_t> expected(items.size());
        std::iota(expected.begin(), expected.end(), std::size_t{0});
        std::stable_sort(expected.begin(), expected.end(), [&](std::size_t a, std::size_t b) {
            return weights[a] * (tally.plays + 1) - all * tally.items[a] >
                   weights[b] * (tally.plays + 1) - all * tally.items[b];
        });
        RC_ASSERT(in_order(items, tally) == expected);
    }));
}

}  // namespace
}  // namespace riverlight::scheduler
