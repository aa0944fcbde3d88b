#include "firmware/slots/confirm_watch.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

constexpr Instant built{1'700'000'000s};

class Confirming : public ::testing::Test {
  protected:
    /// Two seconds later; `frames` is the number that left the outlet.
    SlotProof see(std::int64_t frames, Instant at = built + 1h, bool closed = false) {
        now_ += 2s;
        return watch_.observe(now_, StatusSeen{at, {{frames, closed}}});
    }
    SlotProof see_nothing() {
        now_ += 2s;
        return watch_.observe(now_, std::nullopt);
    }
    /// The time until `look` proves that the slot does not play; none within an hour.
    std::optional<std::chrono::seconds> time_until_given_up(const std::function<SlotProof()>& look) {
        const auto begin = now_;
        while (now_ - begin < 1h)
            if (look() == SlotProof::does_not)
                return std::chrono::duration_cast<std::chrono::seconds>(now_ - begin);
        return std::nullopt;
    }
    /// The time until it is sure while frames leave the outlet; none within an hour.
    std::optional<std::chrono::seconds> time_until_sure() {
        const auto begin = now_;
        while (now_ - begin < 1h)
            if (see(++frames_) == SlotProof::plays)
                return std::chrono::duration_cast<std::chrono::seconds>(now_ - begin);
        return std::nullopt;
    }
    MonotonicTime now_{};
    std::int64_t frames_ = 0;
    ConfirmWatch watch_{180s, built};
};

TEST_F(Confirming, frames_for_three_minutes_make_a_slot_sure) {
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, frames_that_stop_begin_again) {
    for (int n = 0; n < 60; ++n) EXPECT_EQ(see(++frames_), SlotProof::none_yet);
    for (int n = 0; n < 30; ++n) EXPECT_EQ(see(frames_), SlotProof::none_yet);
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, a_status_page_that_does_not_answer_begins_again) {
    for (int n = 0; n < 60; ++n) EXPECT_EQ(see(++frames_), SlotProof::none_yet);
    EXPECT_EQ(watch_.observe(now_ + 1s, std::nullopt), SlotProof::none_yet);
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, a_clock_before_the_build_proves_nothing) {
    for (int n = 0; n < 200; ++n) EXPECT_EQ(see(++frames_, built - 1s), SlotProof::none_yet);
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, another_number_of_outlets_begins_again) {
    for (int n = 0; n < 60; ++n) EXPECT_EQ(see(++frames_), SlotProof::none_yet);
    EXPECT_EQ(watch_.observe(now_ + 1s, StatusSeen{built + 1h, {{1, false}, {1, false}}}),
              SlotProof::none_yet);
    EXPECT_EQ(watch_.observe(now_ + 2s, StatusSeen{built + 1h, {}}), SlotProof::none_yet);
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, a_slot_that_never_plays_is_given_up_after_ten_minutes) {
    EXPECT_EQ(time_until_given_up([&] { return see(7); }), 602s);
}

TEST_F(Confirming, a_daemon_that_does_not_start_is_given_up) {
    EXPECT_EQ(time_until_given_up([&] { return see_nothing(); }), 602s);
}

TEST_F(Confirming, a_board_without_an_outlet_is_given_up) {
    EXPECT_EQ(time_until_given_up([&] {
                  now_ += 2s;
                  return watch_.observe(now_, StatusSeen{built + 1h, {}});
              }),
              602s);
}

TEST_F(Confirming, a_player_that_freezes_again_and_again_is_given_up) {
    EXPECT_EQ(
        time_until_given_up([&] { return see(now_.time_since_epoch() % 100s < 60s ? ++frames_ : frames_); }),
        602s);
}

TEST_F(Confirming, a_closed_place_proves_neither) {
    EXPECT_EQ(time_until_given_up([&] { return see(++frames_, built + 1h, true); }), std::nullopt);
    EXPECT_EQ(time_until_given_up([&] { return see(frames_, built + 1h, true); }), std::nullopt);
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST(ParseStatus, reads_the_clock_and_the_frames_of_each_outlet) {
    const auto seen =
        parse_status(R"({"at": "2023-11-14T22:13:20.000000Z", "outlets": [{"frames": 7, "closed": false},
                                                               {"frames": 8, "closed": true}]})");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->at, built);
    EXPECT_EQ(seen->outlets, (std::vector<OutletProgress>{{7, false}, {8, true}}));
}

TEST(ParseStatus, refuses_what_is_no_answer) {
    for (const auto* text :
         {"", "null", "{}", "[]", R"({"at": "?", "outlets": []})", R"({"at": 7, "outlets": []})",
          R"({"at": "2023-11-14T22:13:20Z", "outlets": [{"frames": "7", "closed": false}]})",
          R"({"at": "2023-11-14T22:13:20Z", "outlets": [{"frames": 7}]})",
          R"({"at": "2023-11-14T22:13:20Z", "outlets": [7]})"})
        EXPECT_FALSE(parse_status(text)) << text;
}

}  // namespace
}  // namespace riverlight::firmware
