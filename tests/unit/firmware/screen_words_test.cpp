// What a screen says of a stick, and when.
#include "firmware/stick/screen_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using State = StickNote::State;
using testing::EndsWith;
using testing::HasSubstr;

const Instant noon = *from_rfc3339("2026-11-25T05:00:00Z");
constexpr std::int64_t second = 1'000'000;

StickNote note(State state, Instant at = noon, std::optional<int> percent = {}) {
    return {state, "words", at, percent};
}

TEST(ScreenWords, AreInTheFirstLanguageOfThePlaceThatThereAreWordsIn) {
    const auto reading = note(State::reading, noon, 40);
    EXPECT_THAT(screen_words(reading, {"km"}).text, EndsWith(" 40 %"));
    EXPECT_EQ(screen_words(reading, {"km"}).locale, "km");
    EXPECT_EQ(screen_words(reading, {"shn", "my", "en"}).locale, "my");
    EXPECT_EQ(screen_words(reading, {"zh-Hans"}).locale, "zh-Hans");
    EXPECT_EQ(screen_words(reading, {"shn"}).locale, "en");
    EXPECT_THAT(screen_words(note(State::reading), {}).text, HasSubstr("leave it in"));
    for (const auto* language : {"en", "km", "lo", "my", "th", "vi", "zh-Hans"}) {
        const auto done = screen_words(note(State::done), {language}),
                   failed = screen_words(note(State::failed), {language});
        EXPECT_FALSE(done.text.empty());
        EXPECT_NE(done.text, failed.text);
        EXPECT_EQ(done.locale, language);
        EXPECT_LT(failed.text.size(), 500U) << "a player takes no more";
    }
}

TEST(StickOnScreen, SpeaksWhileItIsReadAndForHalfAMinuteAfter) {
    StickOnScreen screen;
    EXPECT_FALSE(screen.seen({}, 0));
    EXPECT_TRUE(screen.seen(note(State::reading), 5 * second));
    EXPECT_TRUE(screen.seen(note(State::reading), 600 * second));
    EXPECT_EQ(screen.seen(note(State::done), 605 * second)->state, State::done) << "the same stick";
    EXPECT_TRUE(screen.seen(note(State::done), 634 * second));
    EXPECT_FALSE(screen.seen(note(State::done), 635 * second));
    EXPECT_FALSE(screen.seen(note(State::done), 900 * second));
    const auto next = noon + std::chrono::minutes(20);
    EXPECT_EQ(screen.seen(note(State::failed, next), 1000 * second)->state, State::failed)
        << "read between two looks";
    EXPECT_FALSE(screen.seen(note(State::failed, next), 1031 * second));
}

TEST(StickOnScreen, SaysNothingOfAStickFromBefore) {
    StickOnScreen screen;
    EXPECT_FALSE(screen.seen(note(State::done), 1 * second));
    EXPECT_FALSE(screen.seen(note(State::done), 6 * second));
    EXPECT_TRUE(screen.seen(note(State::reading, noon + std::chrono::hours(1)), 11 * second));
}

}  // namespace
}  // namespace riverlight::firmware
