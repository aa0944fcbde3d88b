// Silence, clipping and loudness, each at its limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tools/quality/sound_watch.hpp"

namespace riverlight::quality {
namespace {

using namespace std::chrono_literals;
using player::Samples;

/// A tone of 997 Hz at this peak, both channels, appended.
void tone(Samples& into, double seconds, double peak) {
    const auto frames = static_cast<std::int64_t>(seconds * 48'000);
    for (std::int64_t i = 0; i < frames; ++i) {
        const auto value =
            static_cast<float>(peak * std::sin(static_cast<double>(i) * 2 * 3.14159265358979 * 997 / 48'000));
        into.insert(into.end(), {value, value});
    }
}

SoundWatch heard(const Samples& samples) {
    SoundWatch watch;
    for (std::size_t at = 0; at < samples.size(); at += 2046) {  // as a decoder delivers it: in uneven parts
        const Samples some(
            samples.begin() + static_cast<std::ptrdiff_t>(at),
            samples.begin() + static_cast<std::ptrdiff_t>(std::min(samples.size(), at + 2046)));
        watch.add(some);
        const std::chrono::microseconds time{static_cast<std::int64_t>(at) / 2 * 1'000'000 / 48'000};
        watch.add_source({time, 48'000, 2, some});
    }
    return watch;
}

std::vector<SegmentFinding> found(const Samples& samples) {
    return heard(samples).findings();
}

TEST(Silence, InsideIsNotedFromTwoSecondsOn) {
    const auto with = [](double silence, double peak) {
        Samples all;
        tone(all, 3, 0.1);
        tone(all, silence, peak);
        tone(all, 3, 0.1);
        return found(all);
    };
    EXPECT_THAT(with(1.97, 0), testing::IsEmpty());
    const auto notes = with(2.0, 0);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].what, "is silent");
    EXPECT_FALSE(notes[0].refused);
    EXPECT_EQ(notes[0].when, (Stretch{3000ms, 5000ms}));
    EXPECT_EQ(with(2.5, 0.0012).size(), 1U) << "below −60 dBFS";
    EXPECT_THAT(with(2.5, 0.0016), testing::IsEmpty()) << "above";
}

TEST(Silence, AtTheBeginningAndTheEndIsNotReported) {
    Samples all(48'000 * 2 * 4);
    tone(all, 3, 0.1);
    all.resize(all.size() + 48'000 * 2 * 4);
    EXPECT_THAT(found(all), testing::IsEmpty());
}

TEST(Clipping, IsARunOfThreeSamplesAtFullScale) {
    const auto with = [](std::size_t run, float value) {
        Samples all;
        tone(all, 4, 0.1);
        for (std::size_t i = 0; i < run; ++i) all[96'000 * 2 + i * 2] = i % 2 ? value : -value;
        return found(all);
    };
    EXPECT_THAT(with(2, 1), testing::IsEmpty());
    const auto notes = with(3, 1);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].defect, Defect::clipping);
    EXPECT_EQ(notes[0].when->from, 2000ms);
    EXPECT_THAT(with(30, 0.999F), testing::IsEmpty());
    EXPECT_EQ(with(4, 32'767 / 32'768.0F).size(), 1U) << "the largest of 16 bits";
}

TEST(Clipping, IsOfTheSourceInItsOwnChannelsAndRate) {
    const auto in = [](int rate, int channels, std::size_t channel) {
        SoundWatch watch;
        player::SourceSamples source{0ms, rate, channels, {}};
        const auto all = static_cast<std::size_t>(channels);
        source.interleaved.resize(static_cast<std::size_t>(rate) * all, 0.2F);
        for (std::size_t i = 0; i < 3; ++i)
            source.interleaved[(static_cast<std::size_t>(rate) / 2 + i) * all + channel] = -1;
        watch.add_source(source);
        return watch.findings();
    };
    for (const auto rate : {8'000, 44'100, 96'000})
        for (const auto channels : {1, 2, 6}) {
            const auto notes = in(rate, channels, static_cast<std::size_t>(channels) - 1);
            ASSERT_EQ(notes.size(), 1U) << rate << ' ' << channels;
            EXPECT_EQ(notes[0].when->from, 500ms);
        }
    SoundWatch watch;
    player::Samples mixed(48'000 * 2, 1.2F);  // what a downmix of loud channels may reach
    watch.add(mixed);
    EXPECT_THAT(watch.findings(), testing::IsEmpty());
}

TEST(Clipping, ManyPlacesAreSummarised) {
    Samples all;
    tone(all, 30, 0.1);
    for (std::size_t place = 0; place < 25; ++place)
        for (std::size_t i = 0; i < 4; ++i) all[(place * 48'000 + 100 + i) * 2 + 1] = 1;
    const auto notes = found(all);
    ASSERT_EQ(notes.size(), 11U);
    EXPECT_EQ(notes.back().defect, Defect::more_clipping);
    EXPECT_EQ(notes.back().what, "is clipped in 15 more places");
}

TEST(Loudness, MeasuresAsTheStandardSpecifies) {
    Samples all;
    tone(all, 20, std::pow(10, -23.0 / 20));  // EBU Tech 3341, case 1: −23 LUFS
    const auto facts = heard(all).facts();
    EXPECT_NEAR(facts.integrated_lufs, -23, 0.1);
    EXPECT_NEAR(facts.most_momentary_lufs, -23, 0.1);
    EXPECT_NEAR(facts.most_short_term_lufs, -23, 0.1);
    EXPECT_NEAR(facts.range_lu, 0, 0.1);
    EXPECT_NEAR(facts.peak_dbtp, -23, 0.2);
    EXPECT_EQ(facts.length, 20s);
    ASSERT_EQ(facts.short_term_lufs.size(), 18U) << "from the third second on";
    EXPECT_NEAR(facts.short_term_lufs.front(), -23, 0.1);
    EXPECT_TRUE(heard(Samples(48'000 * 2 * 5)).facts().silent());
    EXPECT_THAT(found(Samples(48'000 * 2 * 5)), testing::IsEmpty());
    EXPECT_TRUE(heard({}).facts().silent());
}

TEST(Loudness, AShoutAmongWhispersIsNoted) {
    const auto with = [](double shout) {
        Samples all;
        tone(all, 12, 0.05);
        tone(all, 4, shout);
        tone(all, 12, 0.05);
        return found(all);
    };
    EXPECT_THAT(with(0.10), testing::IsEmpty());
    const auto notes = with(0.14);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].defect, Defect::loud_part);
}

}  // namespace
}  // namespace riverlight::quality
