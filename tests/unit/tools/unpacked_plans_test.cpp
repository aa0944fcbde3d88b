// Plans stay unpacked between uploads, as long as what is stored of them is the same.
#include "tools/office/unpacked_plans.hpp"

#include <gtest/gtest.h>

#include <string>

#include "content/base/instant.hpp"
#include "tools/office/figures/packed_plan.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;

constexpr local_days day{2026y / 11 / 23};

KeptPlan plan_of(int promises) {
    KeptPlan plan;
    plan.release = "r1";
    const Instant begin{std::chrono::sys_days{2026y / 11 / 23}};
    for (int i = 0; i < promises; ++i)
        plan.promises.push_back({"id-" + std::to_string(i), begin + 1min * i, begin + 1min * i + 30s,
                                 "always", "fair-work", "km", "rotation"});
    return plan;
}

std::string packed_of(const std::string& place, int promises) {
    return pack_plan(plan_of(promises), place, day);
}

TEST(UnpackedPlansTest, TheSameBytesAreUnpackedOnce) {
    UnpackedPlans plans;
    const auto first = plans.of("a", day, packed_of("a", 3));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->plan().promises, plan_of(3).promises);
    EXPECT_EQ(plans.of("a", day, packed_of("a", 3)), first);
}

TEST(UnpackedPlansTest, APlanIsFoundByTheIdsOfItsPromises) {
    UnpackedPlans plans;
    const auto plan = plans.of("a", day, packed_of("a", 3));
    ASSERT_TRUE(plan);
    ASSERT_TRUE(plan->find("id-2"));
    EXPECT_EQ(*plan->find("id-2"), plan_of(3).promises[2]);
    EXPECT_FALSE(plan->find("id-3"));
}

TEST(UnpackedPlansTest, OtherBytesOfADayAreThePlanFromThenOn) {
    UnpackedPlans plans;
    const auto before = plans.of("a", day, packed_of("a", 3));
    const auto after = plans.of("a", day, packed_of("a", 4));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->plan().promises.size(), 4U);
    EXPECT_EQ(before->plan().promises.size(), 3U) << "whoever uses it keeps it";
}

TEST(UnpackedPlansTest, PlacesAndDaysAreApart) {
    UnpackedPlans plans;
    const auto a = plans.of("a", day, packed_of("a", 3));
    EXPECT_NE(plans.of("b", day, packed_of("b", 3)), a);
    EXPECT_NE(plans.of("a", day + std::chrono::days(1), packed_of("a", 3)), a);
    EXPECT_EQ(plans.of("a", day, packed_of("a", 3)), a);
}

TEST(UnpackedPlansTest, WhatWasNotUsedForLongestGoesFirst) {
    UnpackedPlans plans(6);
    const auto a = plans.of("a", day, packed_of("a", 3));
    const auto b = plans.of("b", day, packed_of("b", 3));
    EXPECT_EQ(plans.of("a", day, packed_of("a", 3)), a);
    static_cast<void>(plans.of("c", day, packed_of("c", 3)));
    EXPECT_EQ(plans.of("a", day, packed_of("a", 3)), a);
    EXPECT_NE(plans.of("b", day, packed_of("b", 3)), b);
}

TEST(UnpackedPlansTest, APlanThatCannotBeReadIsNone) {
    UnpackedPlans plans;
    const auto a = plans.of("a", day, packed_of("a", 3));
    EXPECT_FALSE(plans.of("a", day, "no plan"));
    EXPECT_TRUE(plans.of("a", day, packed_of("a", 3)));
}

}  // namespace
}  // namespace riverlight::office
