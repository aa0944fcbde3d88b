#include "firmware/update/wave_choice.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using content::SystemVersion;
using content::UpdateWait;
using content::Wave;
using content::Waves;

const std::string kind = "riverlight-amd64-uefi";
const Instant now = *from_rfc3339("2026-12-01T00:00:00Z");

SystemVersion version(const char* text) {
    return *SystemVersion::parse(text);
}
/// For every board.
Wave wave(const char* text, int share = 100) {
    Wave out{version(text), std::string(63, 'a') + text[2]};
    out.bytes = 1000;
    out.share = share;
    return out;
}
const WaveSubject subject{{kind, version("0.2.0")}, {"kh-1", {"pilot"}}, {}};

/// The version that may begin now; empty: none.
std::string chosen(const std::vector<Wave>& waves, const WaveSubject& of = subject) {
    const auto choice = choose_wave({kind, waves}, of, now);
    return choice.wave && choice.wait == UpdateWait::none ? choice.wave->version.text() : "";
}

TEST(WaveChoice, TheNewestVersionForTheBoardIsChosen) {
    EXPECT_EQ(chosen({}), "");
    EXPECT_EQ(chosen({wave("0.1.0"), wave("0.3.0"), wave("0.4.0")}), "0.4.0");
    EXPECT_EQ(chosen({wave("0.3.0"), wave("0.4.0", 0)}), "0.3.0") << "the newer one is not for this board";
    auto pilot = wave("0.4.0", 0);
    pilot.tags = {"pilot"};
    EXPECT_EQ(chosen({wave("0.3.0"), pilot}), "0.4.0");
}

TEST(WaveChoice, ABoardNeverGoesBack) {
    const auto choice = choose_wave({kind, {wave("0.0.9"), wave("0.1.0")}}, subject, now);
    EXPECT_FALSE(choice.wave);
    EXPECT_EQ(choice.wait, UpdateWait::not_newer);
    EXPECT_EQ(choice.older, version("0.1.0"));
    EXPECT_EQ(choose_wave({kind, {wave("0.1.0"), wave("0.2.0")}}, subject, now), WaveChoice{})
        << "it has the newest";
    EXPECT_EQ(choose_wave({kind, {wave("0.1.0", 0)}}, subject, now), WaveChoice{}) << "not for this board";
}

TEST(WaveChoice, AHeldWaveLeavesAnEarlierOneToGoOn) {
    auto held = wave("0.4.0");
    held.hold = "screens stay dark";
    EXPECT_EQ(chosen({wave("0.3.0"), held}), "0.3.0");
    const auto choice = choose_wave({kind, {held}}, subject, now);
    EXPECT_EQ(choice.wave, held);
    EXPECT_EQ(choice.wait, UpdateWait::hold);
}

TEST(WaveChoice, AWaveBeginsAtItsStart) {
    auto later = wave("0.4.0");
    later.start = now + std::chrono::microseconds(1);
    EXPECT_EQ(choose_wave({kind, {later}}, subject, now).wait, UpdateWait::start);
    later.start = now;
    EXPECT_EQ(chosen({later}), "0.4.0");
}

TEST(WaveChoice, ABarredBundleIsPassedOver) {
    auto barred = subject;
    barred.barred = {wave("0.4.0").sha256};
    EXPECT_EQ(chosen({wave("0.3.0"), wave("0.4.0")}, barred), "0.3.0");
    auto again = wave("0.4.0");
    again.sha256 = std::string(64, 'f');
    EXPECT_EQ(chosen({again}, barred), "0.4.0") << "another bundle";
}

TEST(WaveChoice, AVisitFetchesWhatMayBeginAndKeepsWhatWaits) {
    auto held = wave("0.4.0");
    held.hold = "wait";
    const auto request = make_image_request(subject, [] { return now; });
    EXPECT_EQ(request.compatible, kind);
    EXPECT_FALSE(request.choose({kind, {held}}));
    EXPECT_TRUE(request.keeps(held));
    EXPECT_FALSE(request.keeps(wave("0.1.0"))) << "it is never installed";
    ASSERT_TRUE(request.choose({kind, {wave("0.3.0"), held}}));
    EXPECT_EQ(request.choose({kind, {wave("0.3.0"), held}})->version, version("0.3.0"));
}

TEST(WaveChoice, ABundleStaysWhileNobodyKnowsTheTagsOfThePlace) {
    auto pilot = wave("0.4.0", 0);
    pilot.tags = {"pilot"};
    auto unknown = subject;
    unknown.board.tags = {};
    EXPECT_FALSE(make_image_request(unknown, [] { return now; }).keeps(pilot));
    unknown.tags_known = false;
    const auto request = make_image_request(unknown, [] { return now; });
    EXPECT_FALSE(request.choose({kind, {pilot}}));
    EXPECT_TRUE(request.keeps(pilot));
    EXPECT_FALSE(request.keeps(wave("0.1.0")));
}

}  // namespace
}  // namespace riverlight::firmware
