#include "firmware/slots/confirm_watch.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

constexpr Instant built{1'700'000'000s};

class Confirming : public ::testing::Test {
  protected:
    /// Two seconds later; `frames` is the number that left the outlet.
    bool see(std::int64_t frames, Instant at = built + 1h) {
        now_ += 2s;
        return watch_.observe(now_, StatusSeen{at, {{frames, false}}});
    }
    /// The time until it is sure while frames leave the outlet; none within an hour.
    std::optional<std::chrono::seconds> time_until_sure() {
        const auto begin = now_;
        while (now_ - begin < 1h)
            if (see(++frames_)) return std::chrono::duration_cast<std::chrono::seconds>(now_ - begin);
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
    for (int n = 0; n < 60; ++n) EXPECT_FALSE(see(++frames_));
    for (int n = 0; n < 30; ++n) EXPECT_FALSE(see(frames_));
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, a_status_page_that_does_not_answer_begins_again) {
    for (int n = 0; n < 60; ++n) EXPECT_FALSE(see(++frames_));
    EXPECT_FALSE(watch_.observe(now_ + 1s, std::nullopt));
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, a_clock_before_the_build_proves_nothing) {
    for (int n = 0; n < 600; ++n) EXPECT_FALSE(see(++frames_, built - 1s));
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST_F(Confirming, another_number_of_outlets_begins_again) {
    for (int n = 0; n < 60; ++n) EXPECT_FALSE(see(++frames_));
    EXPECT_FALSE(watch_.observe(now_ + 1s, StatusSeen{built + 1h, {{1, false}, {1, false}}}));
    EXPECT_FALSE(watch_.observe(now_ + 2s, StatusSeen{built + 1h, {}}));
    EXPECT_EQ(time_until_sure(), 182s);
}

TEST(ParseStatus, reads_the_clock_and_the_frames_of_each_outlet) {
    const auto seen =
        parse_status(R"({"at": "2023-11-14T22:13:20.000000Z", "outlets": [{"frames": 7}, {"frames": 8}]})");
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->at, built);
    EXPECT_EQ(seen->outlets, (std::vector<OutletProgress>{{7, false}, {8, false}}));
}

TEST(ParseStatus, refuses_what_is_no_answer) {
    for (const auto* text :
         {"", "null", "{}", "[]", R"({"at": "?", "outlets": []})", R"({"at": 7, "outlets": []})",
          R"({"at": "2023-11-14T22:13:20Z", "outlets": [{"frames": "7"}]})",
          R"({"at": "2023-11-14T22:13:20Z", "outlets": [7]})"})
        EXPECT_FALSE(parse_status(text)) << text;
}

}  // namespace
}  // namespace riverlight::firmware
