#include "firmware/slots/choose.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

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
        const auto choice = choose_slot({updated}, count);
        EXPECT_EQ(choice, (SlotChoice{SystemSlot::b, {5, starts, std::nullopt}}));
        count = choice.count;
    }
    EXPECT_EQ(choose_slot({updated}, count), (SlotChoice{SystemSlot::a, count}));
}

TEST(ChooseSlot, a_new_generation_counts_from_the_beginning) {
    EXPECT_EQ(choose_slot({state(SystemSlot::b, sure, unsure)}, {4, 3, {}}).count.starts, 1);
}

TEST(ChooseSlot, the_only_sure_slot_starts_however_often_the_power_fails_and_nothing_is_written) {
    const StartCount count{5, 3, SystemSlot::b, tries_of_sure_slot, StartMark::odd};
    EXPECT_EQ(choose_slot({state(SystemSlot::a, sure, unsure)}, count), (SlotChoice{SystemSlot::a, count}));
}

TEST(ChooseSlot, an_unsure_slot_does_not_start_if_its_start_cannot_be_counted) {
    EXPECT_EQ(choose_slot({state(SystemSlot::b, sure, unsure), StartMark::none, false}, {}).slot,
              SystemSlot::a);
}

TEST(ChooseSlot, a_slot_that_is_empty_or_failed_leaves_the_start_to_the_other_one) {
    EXPECT_EQ(choose_slot({state(SystemSlot::a, empty, sure)}, {}).slot, SystemSlot::b);
    EXPECT_EQ(choose_slot({state(SystemSlot::b, sure, failed)}, {}).slot, SystemSlot::a);
}

TEST(ChooseSlot, without_a_state_or_a_slot_to_trust_both_start_in_turn) {
    for (const auto& nothing :
         {std::optional<SlotState>{}, std::optional(state(SystemSlot::a, failed, empty))}) {
        StartCount count;
        for (const auto expected : {SystemSlot::a, SystemSlot::b, SystemSlot::a}) {
            const auto choice = choose_slot({nothing}, count);
            EXPECT_EQ(choice.slot, expected);
            count = choice.count;
        }
    }
}

/// What becomes of a start of one of two sure slots.
enum class Fate : std::uint8_t { arrives, ends_early };

/// A board whose slots are both sure, A being the one that is to start.
class TwoSureSlots : public ::testing::Test {
  protected:
    /// Starts once; `fate_of` says what becomes of a start of that slot.
    SystemSlot start(const std::function<Fate(SystemSlot)>& fate_of) {
        const auto choice = choose_slot(facts_, count_);
        EXPECT_TRUE(choice.marked);
        EXPECT_NE(choice.count.mark, StartMark::none);
        count_ = choice.count;
        if (fate_of(choice.slot) == Fate::arrives) facts_.arrived = choice.count.mark;
        return choice.slot;
    }
    StartFacts facts_{state(SystemSlot::a, sure, sure)};
    StartCount count_;
};

Fate always(SystemSlot /*slot*/) {
    return Fate::arrives;
}
Fate a_panics(SystemSlot slot) {
    return slot == SystemSlot::a ? Fate::ends_early : Fate::arrives;
}
Fate cut(SystemSlot /*slot*/) {
    return Fate::ends_early;
}

TEST_F(TwoSureSlots, a_slot_that_arrives_starts_each_time) {
    for (int n = 0; n < 50; ++n) EXPECT_EQ(start(always), SystemSlot::a);
    EXPECT_EQ(count_.tries, 1);
}

TEST_F(TwoSureSlots, a_kernel_that_panics_has_eight_starts_then_every_second) {
    for (int n = 0; n < 5; ++n) start(always);
    for (int n = 0; n < tries_of_sure_slot; ++n) EXPECT_EQ(start(a_panics), SystemSlot::a) << n;
    for (int n = 0; n < 5; ++n) {
        EXPECT_EQ(start(a_panics), SystemSlot::b);
        EXPECT_EQ(start(a_panics), SystemSlot::a);
    }
}

TEST_F(TwoSureSlots, seven_cuts_in_a_row_do_not_leave_the_slot) {
    for (int turn = 0; turn < 10; ++turn) {
        for (int n = 0; n < tries_of_sure_slot - 1; ++n) EXPECT_EQ(start(cut), SystemSlot::a);
        EXPECT_EQ(start(always), SystemSlot::a);
    }
}

TEST_F(TwoSureSlots, an_update_begins_to_count_again) {
    for (int n = 0; n < tries_of_sure_slot; ++n) start(cut);
    ++facts_.state->generation;
    EXPECT_EQ(start(cut), SystemSlot::a);
    EXPECT_EQ(count_.tries, 1);
}

TEST_F(TwoSureSlots, a_count_that_was_lost_begins_again_and_is_answered) {
    for (const auto arrived : {StartMark::none, StartMark::odd, StartMark::even}) {
        facts_.arrived = arrived;
        count_ = {};
        EXPECT_EQ(start(always), SystemSlot::a);
        EXPECT_EQ(start(always), SystemSlot::a);
        EXPECT_EQ(count_.tries, 1);
    }
}

TEST_F(TwoSureSlots, what_cannot_be_counted_starts_the_slot_that_is_to_start) {
    count_ = {5, 0, SystemSlot::a, tries_of_sure_slot, StartMark::odd};
    facts_.can_count = false;
    EXPECT_EQ(choose_slot(facts_, count_), (SlotChoice{SystemSlot::a, count_, false}));
}

/// Whatever was counted and wherever starts ended: a bounded number of panics, and after cuts the slot that
/// is to start is back, with all of its tries.
TEST_F(TwoSureSlots, after_any_history_a_panic_is_left_in_bounded_time_and_cuts_leave_nothing_behind) {
    for (unsigned seed = 0; seed < 500; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 draw(seed);
        facts_ = {state(SystemSlot::a, sure, sure)};
        count_ = {};
        const auto random = [&](SystemSlot) { return draw() % 4 == 0 ? Fate::arrives : Fate::ends_early; };
        for (auto starts = draw() % 40; starts > 0; --starts) start(random);
        int panics = 0;
        while (start(a_panics) == SystemSlot::a) ASSERT_LE(++panics, tries_of_sure_slot);
        for (auto starts = draw() % 40; starts > 0; --starts) start(cut);
        if (start(always) == SystemSlot::b) {
            EXPECT_EQ(start(always), SystemSlot::a);
        }
        for (int n = 0; n < tries_of_sure_slot - 1; ++n) EXPECT_EQ(start(cut), SystemSlot::a);
        EXPECT_EQ(facts_.state, state(SystemSlot::a, sure, sure));
    }
}

}  // namespace
}  // namespace riverlight::firmware
