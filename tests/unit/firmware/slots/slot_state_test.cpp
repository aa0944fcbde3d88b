#include "firmware/slots/slot_state.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

constexpr SlotRecord empty{SlotTrust::empty}, unsure{SlotTrust::unsure}, sure{SlotTrust::sure};
constexpr SlotRecord used_up{SlotTrust::failed, SlotFault::starts_used};

TEST(SlotState, an_update_that_plays_goes_from_empty_over_unsure_to_sure) {
    const auto factory = make_factory_state();
    EXPECT_EQ(factory, (SlotState{1, SystemSlot::a, {sure, empty}}));
    const auto begun = begin_install(factory, SystemSlot::b);
    EXPECT_EQ(begun, (SlotState{2, SystemSlot::a, {sure, empty}}));
    const auto written = finish_install(begun, SystemSlot::b);
    EXPECT_EQ(written, (SlotState{3, SystemSlot::b, {sure, unsure}}));
    EXPECT_EQ(settle_start(written, SystemSlot::b), std::nullopt);
    EXPECT_EQ(confirm_slot(written, SystemSlot::b), (SlotState{4, SystemSlot::b, {sure, sure}}));
}

TEST(SlotState, the_sure_slot_that_starts_after_a_bad_update_says_why) {
    const SlotState written{3, SystemSlot::b, {sure, unsure}};
    EXPECT_EQ(settle_start(written, SystemSlot::a), (SlotState{4, SystemSlot::a, {sure, used_up}}));
}

TEST(SlotState, a_slot_that_runs_without_trust_settles_nothing_before_it_has_played) {
    const SlotState state{3, SystemSlot::b, {unsure, unsure}};
    EXPECT_EQ(settle_start(state, SystemSlot::a), std::nullopt);
    EXPECT_EQ(confirm_slot(state, SystemSlot::a), (SlotState{4, SystemSlot::a, {sure, used_up}}));
}

TEST(SlotState, a_sure_slot_is_not_demoted_because_the_other_one_runs) {
    const SlotState state{3, SystemSlot::b, {sure, sure}};
    EXPECT_EQ(settle_start(state, SystemSlot::a), std::nullopt);
    EXPECT_EQ(confirm_slot(state, SystemSlot::a).of(SystemSlot::b), sure);
}

TEST(SlotState, an_installation_into_the_slot_that_is_to_start_makes_the_other_one_start) {
    EXPECT_EQ(begin_install({7, SystemSlot::b, {sure, sure}}, SystemSlot::b),
              (SlotState{8, SystemSlot::a, {sure, empty}}));
}

TEST(SlotState, a_slot_may_be_written_while_the_other_one_is_sure) {
    EXPECT_TRUE(may_install({7, SystemSlot::a, {sure, unsure}}, SystemSlot::b));
    EXPECT_FALSE(may_install({7, SystemSlot::b, {sure, unsure}}, SystemSlot::a));
    EXPECT_FALSE(may_install({7, SystemSlot::b, {empty, used_up}}, SystemSlot::a));
}

TEST(SlotState, a_slot_that_is_given_up_has_its_fault_and_does_not_start) {
    EXPECT_EQ(give_up_slot({7, SystemSlot::b, {sure, sure}}, SystemSlot::b, SlotFault::root_damaged),
              (SlotState{8, SystemSlot::a, {sure, SlotRecord{SlotTrust::failed, SlotFault::root_damaged}}}));
}

TEST(SlotState, a_slot_that_failed_before_is_given_up_without_a_write) {
    for (const auto first : all_slots)
        EXPECT_EQ(give_up_slot({7, first, {used_up, used_up}}, SystemSlot::a, SlotFault::root_damaged),
                  std::nullopt);
}

TEST(SlotState, a_lost_state_is_made_new_and_trusts_nothing) {
    EXPECT_EQ(settle_start(std::nullopt, SystemSlot::b), (SlotState{1, SystemSlot::b, {unsure, unsure}}));
}

}  // namespace
}  // namespace riverlight::firmware
