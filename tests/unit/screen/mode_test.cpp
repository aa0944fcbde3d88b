// The choice of connector and mode from the lists of real displays.
#include "player/screen/mode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "content/base/error.hpp"
#include "player/screen/edid.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::player {
namespace {

Mode mode(int width, int height, Ratio refresh, bool preferred = false, bool interlaced = false) {
    return {width, height, refresh, interlaced, preferred, 0};
}
const Ratio ntsc{60000, 1001};
constexpr Ratio beat{25, 1};

std::string chosen(const std::vector<Mode>& modes, const std::optional<ModeRequest>& wanted = {}) {
    return to_text(choose_mode(modes, wanted, beat));
}

TEST(ModeTest, ATelevisionThatPrefers60RunsAt50WhereEachFrameLastsTwoBlanks) {
    EXPECT_EQ(chosen({mode(1920, 1080, {60, 1}, true), mode(1920, 1080, ntsc), mode(1920, 1080, {50, 1}),
                      mode(1920, 1080, {24, 1}), mode(1920, 1080, {25, 1}), mode(1280, 720, {50, 1})}),
              "1920x1080@50");
}

TEST(ModeTest, AMonitorWithout50KeepsItsOwnMode) {
    EXPECT_EQ(
        chosen({mode(1920, 1200, {59885, 1000}, true), mode(1920, 1080, {60, 1}), mode(1280, 1024, {75, 1})}),
        "1920x1200@59.885");
}

TEST(ModeTest, InterlacedIsTheLastResort) {
    EXPECT_EQ(chosen({mode(1920, 1080, {50, 1}, false, true), mode(1920, 1080, {60, 1}, true)}),
              "1920x1080@60");
    EXPECT_EQ(chosen({mode(720, 576, {50, 1}, true, true)}), "720x576i@50");
}

TEST(ModeTest, AModeTooLargeToComposeIsReplacedByTheLargestOfItsAspect) {
    EXPECT_EQ(chosen({mode(3840, 2160, {60, 1}, true), mode(1920, 1200, {60, 1}), mode(1920, 1080, {60, 1}),
                      mode(1280, 720, {60, 1})}),
              "1920x1080@60");
    EXPECT_EQ(chosen({mode(3840, 2160, {60, 1}, true)}), "3840x2160@60") << "where there is nothing else";
}

TEST(ModeTest, ARequestedModeIsUsedOrRefusedWithTheList) {
    const std::vector modes{mode(1920, 1080, {60, 1}, true), mode(1920, 1080, {50, 1}),
                            mode(1280, 720, ntsc)};
    EXPECT_EQ(chosen(modes, ModeRequest{1920, 1080, 60.0}), "1920x1080@60");
    EXPECT_EQ(chosen(modes, ModeRequest{1280, 720, 60.0}), "1280x720@59.94") << "60 is what people call it";
    EXPECT_EQ(chosen(modes, ModeRequest{1920, 1080, {}}), "1920x1080@50");
    const auto refusal = test::unread([&] { chosen(modes, ModeRequest{1280, 720, 50.0}); });
    ASSERT_THAT(refusal, test::Refuses(ReadFault::unresolved, "mode"));
    EXPECT_STREQ(refusal->what(),
                 "the display has no mode 1280x720 at the refresh rate asked for; it has 1920x1080@60, "
                 "1920x1080@50, 1280x720@59.94");
}

TEST(ModeTest, ChoosesTheNamedConnectorOrTheFirstWithADisplay) {
    const std::vector<Mode> some{mode(1280, 720, {60, 1})};
    const std::array<Connector, 3> all{Connector{1, "HDMI-A-1", false, "", {}},
                                       {2, "HDMI-A-2", true, "TV", some},
                                       {3, "DP-1", true, "", {}}};
    EXPECT_EQ(choose_connector(all, "")->name, "HDMI-A-2");
    EXPECT_EQ(choose_connector(all, "HDMI-A-1"), nullptr) << "no display yet";
    EXPECT_EQ(choose_connector(all, "DP-1"), nullptr) << "a display without modes";
    EXPECT_EQ(choose_connector({all.data(), 1}, ""), nullptr);
    EXPECT_THAT(test::unread([&] { static_cast<void>(choose_connector(all, "VGA-1")); }),
                test::Refuses(ReadFault::unresolved, "connector.VGA-1"));
}

TEST(ModeTest, ParsesTheSpecAndNamesMistakes) {
    EXPECT_EQ(parse_screen_spec("drm").connector, "");
    const auto s = parse_screen_spec(
        "drm:HDMI-A-1/mode=1920x1080@59.94/rotate=270/sound=plughw:0,3/"
        "sound-delay=-40/card=card1/cec=cec1");
    EXPECT_EQ(s.connector, "HDMI-A-1");
    EXPECT_EQ(s.mode->height, 1080);
    EXPECT_DOUBLE_EQ(*s.mode->refresh, 59.94);
    EXPECT_EQ(s.rotate, 270);
    EXPECT_EQ(s.sound, "plughw:0,3");
    EXPECT_EQ(s.sound_delay, std::chrono::milliseconds{-40});
    EXPECT_EQ(s.card, "card1");
    EXPECT_EQ(s.frame_rate.num, 25);
    EXPECT_EQ(parse_screen_spec("drm:X/rate=50").frame_rate.num, 50);
    EXPECT_EQ(parse_screen_spec("drm:rotate=90").rotate, 90) << "the connector may be left out";
    for (const auto* wrong : {"drm:X/rotate=45", "drm:X/mode=1920", "drm:X/mode=0x0", "drm:X/mode=19x10@",
                              "drm:X/card=../../sda", "drm:X/sound=", "drm:X/sound-delay=900", "drm:X/cec=1",
                              "drm:X/rate=30", "drm:X/rate=", "drm:X/cec=../cec0", "drmx"})
        EXPECT_THROW(static_cast<void>(parse_screen_spec(wrong)), Error) << wrong;
    EXPECT_THAT(test::unread([] { static_cast<void>(parse_screen_spec("drm:X/rotat=90")); }),
                testing::AllOf(test::Refuses(ReadFault::unknown, "rotat"), test::Means("rotate")));
}

std::vector<std::uint8_t> edid_named(const std::string& name) {
    std::vector<std::uint8_t> e(128, 0);
    std::fill(e.begin() + 1, e.begin() + 7, std::uint8_t{0xff});
    e[8] = 0x10;  // DEL
    e[9] = 0xac;
    e[10] = 0xa1;
    e[11] = 0x40;
    if (!name.empty()) {
        e[72 + 3] = 0xfc;
        std::copy(name.begin(), name.end(), e.begin() + 77);
    }
    return e;
}

TEST(EdidTest, ReadsTheDisplaysNameOrItsManufacturer) {
    EXPECT_EQ(display_name(edid_named("DELL U2412M\n")), "DELL U2412M");
    EXPECT_EQ(display_name(edid_named("SAMSUNG\n    ")), "SAMSUNG");
    EXPECT_EQ(display_name(edid_named("")), "DEL-40a1");
}

TEST(EdidTest, SurvivesMalformedBlocks) {
    EXPECT_EQ(display_name({}), "");
    auto bytes = edid_named("A\x1b[2J\xff\n");
    EXPECT_EQ(display_name(bytes), "A?[2J?");
    EXPECT_EQ(display_name(std::span(bytes).first(127)), "");
    bytes[0] = 1;
    EXPECT_EQ(display_name(bytes), "");
}

}  // namespace
}  // namespace riverlight::player
