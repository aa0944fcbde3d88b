// What a screen shows about a stick, and when.
#include "firmware/stick/screen_notice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using State = StickNote::State;
using testing::EndsWith;
using testing::HasSubstr;

const Instant noon = *from_rfc3339("2026-11-25T05:00:00Z");
using namespace std::chrono_literals;

StickNote note(State state, Instant at = noon, std::optional<int> percent = {}) {
    return {state, "a message", at, percent};
}

TEST(ScreenNotice, is_in_the_first_language_of_the_place_that_has_a_translation) {
    const auto reading = note(State::reading, noon, 40);
    EXPECT_THAT(screen_notice_for(reading, {"km"}).text, EndsWith(" 40 %"));
    EXPECT_EQ(screen_notice_for(reading, {"km"}).locale, "km");
    EXPECT_EQ(screen_notice_for(reading, {"shn", "my", "en"}).locale, "my");
    EXPECT_EQ(screen_notice_for(reading, {"zh-Hans"}).locale, "zh-Hans");
    EXPECT_EQ(screen_notice_for(reading, {"shn"}).locale, "en");
    EXPECT_THAT(screen_notice_for(note(State::reading), {}).text, HasSubstr("leave it in"));
    for (const auto* language : {"en", "km", "lo", "my", "th", "vi", "zh-Hans"}) {
        const auto done = screen_notice_for(note(State::done), {language}),
                   failed = screen_notice_for(note(State::failed), {language});
        EXPECT_FALSE(done.text.empty());
        EXPECT_NE(done.text, failed.text);
        EXPECT_EQ(done.locale, language);
        EXPECT_LT(failed.text.size(), 500U) << "a player accepts no more";
    }
}

TEST(ScreenNotice, a_places_languages_come_with_their_fallbacks) {
    content::Place place;
    place.languages = {{"shn", 60}, {"en", 40}};
    place.languages[0].fallback = {"my", "th"};
    EXPECT_EQ(languages_of(place), (std::vector<std::string>{"shn", "my", "th", "en"}));
}

TEST(ScreenNoticeTimer, shows_while_a_stick_is_read_and_for_half_a_minute_after) {
    ScreenNoticeTimer timer;
    EXPECT_FALSE(timer.update({}, MonotonicTime{}));
    EXPECT_TRUE(timer.update(note(State::reading), MonotonicTime(5s)));
    EXPECT_TRUE(timer.update(note(State::reading), MonotonicTime(600s)));
    EXPECT_EQ(timer.update(note(State::done), MonotonicTime(605s))->state, State::done) << "the same stick";
    EXPECT_TRUE(timer.update(note(State::done), MonotonicTime(634s)));
    EXPECT_FALSE(timer.update(note(State::done), MonotonicTime(635s)));
    EXPECT_FALSE(timer.update(note(State::done), MonotonicTime(900s)));
    const auto next = noon + std::chrono::minutes(20);
    EXPECT_EQ(timer.update(note(State::failed, next), MonotonicTime(1000s))->state, State::failed)
        << "read between two polls";
    EXPECT_FALSE(timer.update(note(State::failed, next), MonotonicTime(1031s)));
}

TEST(ScreenNoticeTimer, shows_nothing_about_a_stick_from_before_the_start) {
    ScreenNoticeTimer timer;
    EXPECT_FALSE(timer.update(note(State::done), MonotonicTime(1s)));
    EXPECT_FALSE(timer.update(note(State::done), MonotonicTime(6s)));
    EXPECT_TRUE(timer.update(note(State::reading, noon + std::chrono::hours(1)), MonotonicTime(11s)));
}

}  // namespace
}  // namespace riverlight::firmware
