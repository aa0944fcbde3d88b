#include "firmware/slots/choose.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

constexpr SlotRecord empty{SlotTrust::empty}, unsure{SlotTrust::unsure}, sure{SlotTrust::sure};
constexpr SlotRecord failed{SlotTrust::failed, SlotFault::root_damaged};

SlotState state(SystemSlot first, SlotRecord a, SlotRecord b) {
    return {5, first, {a, b}};
}

TEST(ChooseSlot, an_unsure_slot_has_three_starts_then_the_sure_one_starts) {
    const auto updated = state(SystemSlot::b, sure, unsure);
    StartCount count;
    for (const int starts : {1, 2, 3}) {
        const auto choice = choose_slot(updated, count);
        EXPECT_EQ(choice, (SlotChoice{SystemSlot::b, {5, starts, std::nullopt}}));
        count = choice.count;
    }
    EXPECT_EQ(choose_slot(updated, count), (SlotChoice{SystemSlot::a, count}));
}

TEST(ChooseSlot, a_new_generation_counts_from_the_beginning) {
    EXPECT_EQ(choose_slot(state(SystemSlot::b, sure, unsure), {4, 3, {}}).count.starts, 1);
}

TEST(ChooseSlot, a_sure_slot_starts_however_often_the_power_fails_and_nothing_is_written) {
    const StartCount count{5, 3, SystemSlot::b};
    EXPECT_EQ(choose_slot(state(SystemSlot::a, sure, unsure), count), (SlotChoice{SystemSlot::a, count}));
}

TEST(ChooseSlot, an_unsure_slot_does_not_start_if_its_start_cannot_be_counted) {
    EXPECT_EQ(choose_slot(state(SystemSlot::b, sure, unsure), {}, false).slot, SystemSlot::a);
}

TEST(ChooseSlot, a_slot_that_is_empty_or_failed_leaves_the_start_to_the_other_one) {
    EXPECT_EQ(choose_slot(state(SystemSlot::a, empty, sure), {}).slot, SystemSlot::b);
    EXPECT_EQ(choose_slot(state(SystemSlot::b, sure, failed), {}).slot, SystemSlot::a);
}

TEST(ChooseSlot, without_a_state_or_a_slot_to_trust_both_start_in_turn) {
    for (const auto& nothing :
         {std::optional<SlotState>{}, std::optional(state(SystemSlot::a, failed, empty))}) {
        StartCount count;
        for (const auto expected : {SystemSlot::a, SystemSlot::b, SystemSlot::a}) {
            const auto choice = choose_slot(nothing, count);
            EXPECT_EQ(choice.slot, expected);
            count = choice.count;
        }
    }
}

}  // namespace
}  // namespace riverlight::firmware
