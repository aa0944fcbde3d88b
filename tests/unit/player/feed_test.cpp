#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "player/feed/feed_state.hpp"
#include "player/feed/mux.hpp"
#include "player/feed/rendition_validator.hpp"
#include "player/feed/splice_info.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

TEST(FeedState, ContinuesWhereAnUninterruptedFeedWouldBe) {
    const test::Folder folder;
    std::int64_t first = 0;
    {
        FeedState state(folder / "feed");
        EXPECT_FALSE(state.is_resumed());
        first = state.frame_at(noon, 25);
        state.set_last_frame(first + 100);
        state.continuity_counter(256) = 9;
        EXPECT_EQ(state.next_version(pid::pmt), 0);
        EXPECT_EQ(state.next_version(pid::pmt), 1);
    }
    FeedState again(folder / "feed");
    EXPECT_EQ(again.next_version(pid::pmt), 2) << "no receiver takes a new table for the one before";
    EXPECT_EQ(again.next_version(pid::eit), 0);
    for (int i = 3; i < 40; ++i) EXPECT_EQ(again.next_version(pid::pmt), i % 32);
    EXPECT_TRUE(again.is_resumed());
    EXPECT_EQ(again.continuity_counter(256), 9);
    EXPECT_EQ(again.frame_at(noon + 10s, 25), first + 250);
}

TEST(FeedState, TheTimeLineNeverGoesBackWhenTheClockIsSetBack) {
    const test::Folder folder;
    std::int64_t last = 0;
    {
        FeedState state(folder / "feed");
        last = state.frame_at(noon, 25) + 1000;
        state.set_last_frame(last);
    }
    FeedState again(folder / "feed");
    const auto next = again.frame_at(noon - 24h, 25);
    EXPECT_GT(next, last);
    EXPECT_LE(next, last + 25);
}

TEST(FeedState, ATornOrForeignFileIsStartedOver) {
    const test::Folder folder;
    for (const auto& bytes : {std::string("torn"), std::string(9000, 'x'), std::string()}) {
        const FeedState state(folder.write("feed", bytes));
        EXPECT_FALSE(state.is_resumed());
    }
    EXPECT_THROW(FeedState("/nowhere/at/all"), Error);
}

TEST(Packet, CarriesAPcrAndStuffing) {
    Packet packet;
    std::uint8_t counter = 15;
    PacketHead head;
    head.pid = 0x101;
    head.begins = head.random_access = true;
    head.pcr = StreamTime{pcr_period + ClockTicks{27'000'123}};  // the base wraps at 33 bits
    const Bytes payload(100, 0xab);
    EXPECT_EQ(write_packet(packet, head, counter, payload), 100U);
    EXPECT_EQ(counter, 0);
    EXPECT_EQ(packet[1] << 8 | packet[2], 0x4101);
    EXPECT_EQ(packet[3], 0x30);
    EXPECT_EQ(packet[4], 83);
    EXPECT_EQ(packet[5], 0x50);
    const auto base =
        std::int64_t{packet[6]} << 25 | packet[7] << 17 | packet[8] << 9 | packet[9] << 1 | packet[10] >> 7;
    EXPECT_EQ(base * 300 + ((packet[10] & 1) << 8 | packet[11]), 27'000'123);
    EXPECT_EQ(pcr_of(packet.data()), ClockTicks{27'000'123});
    EXPECT_EQ(packet[88], 0xab);
    // Whole: no adaptation field. One byte short: an adaptation field of its length alone.
    head = {0x101, false, false, false, {}};
    EXPECT_EQ(write_packet(packet, head, counter, Bytes(300, 1)), 184U);
    EXPECT_EQ(packet[3], 0x11);
    EXPECT_EQ(write_packet(packet, head, counter, Bytes(183, 1)), 183U);
    EXPECT_EQ(packet[4], 0);
    EXPECT_EQ(packet[5], 1);
    EXPECT_EQ(write_packet(packet, head, counter, {}), 0U);
    EXPECT_EQ(counter, 2) << "a packet without payload does not advance it (2.4.3.3)";
}

TEST(Packet, APesPacketHasAPtsOf33Bits) {
    const auto pes = pes_packet(0xe0, stamp_period + StampTicks{0x123456789}, Bytes{1, 2, 3});
    ASSERT_EQ(pes.size(), 17U);
    const auto stamp = std::int64_t{pes[9] >> 1 & 7} << 30 | pes[10] << 22 | (pes[11] >> 1) << 15 |
                       pes[12] << 7 | pes[13] >> 1;
    EXPECT_EQ(stamp, 0x123456789);
    EXPECT_EQ(pes[9] & 0xf1, 0x21);
    EXPECT_EQ(pes_packet(0xc0, StampTicks{0}, Bytes(100))[5], 108) << "a sound packet has its length";
}

Bytes from_hex(std::string_view hex) {
    Bytes out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

TEST(Tables, SpliceInsertEqualsTheStandardsExample) {
    // SCTE 35 2019a, 14.2: "splice_insert() with out of network", its descriptor apart.
    const auto example = from_hex(
        "fc302f000000000000fffff014054800008f7feffe7369c02efe0052ccf500000000000a0008435545490000013562dba30"
        "a");
    EXPECT_EQ(section_crc(example), 0U);
    SpliceInsert splice;
    splice.event = 0x4800008f;
    splice.pts = StampTicks{0x07369c02e};
    splice.duration = StampTicks{0x00052ccf5};
    splice.program = 0;
    const auto ours = splice_insert_section(splice);
    EXPECT_EQ(section_crc(ours), 0U);
    EXPECT_EQ(ours.size(), example.size() - 10) << "without its avail descriptor";
    EXPECT_EQ(Bytes(ours.begin() + 3, ours.end() - 6), Bytes(example.begin() + 3, example.end() - 16));
    EXPECT_EQ(section_crc(splice_null_section()), 0U);
    splice.out_of_network = false;
    splice.duration.reset();
    EXPECT_EQ(splice_insert_section(splice).size(), ours.size() - 5);
}

TEST(Tables, TextIsMarkedUtf8AndCutBetweenCharacters) {
    EXPECT_EQ(dvb_text("ab", 10), (Bytes{0x15, 'a', 'b'}));
    EXPECT_TRUE(dvb_text("", 10).empty());
    const std::string khmer = "កម្ពុជា";
    for (std::size_t most = 1; most <= khmer.size() + 1; ++most) {
        const auto text = dvb_text(khmer, most);
        EXPECT_LE(text.size(), most);
        EXPECT_EQ((text.size() - 1) % 3, 0U);
    }
}

TEST(Tables, EitSectionsAreCompleteAndNumbered) {
    const Service service;
    const auto event = [](std::uint16_t id, Instant at) {
        return GuideEvent{id, at, 30min, LanguageCode::of_tag("km"), "ការងារសមរម្យ", "Fair work"};
    };
    const auto pf = eit_present_following(service, event(1, noon), std::nullopt, 3);
    ASSERT_EQ(pf.size(), 2U);
    EXPECT_EQ(pf[0][6], 0);
    EXPECT_EQ(pf[1][6], 1);
    EXPECT_EQ(pf[0][7], 1);
    EXPECT_EQ((pf[0][5] >> 1) & 31, 3);
    // MJD of 2026-11-24 is 61368; 05:00:00 and 00:30:00 in BCD (EN 300 468, Annex C).
    const Bytes time(pf[0].begin() + 16, pf[0].begin() + 24);
    EXPECT_EQ(time, (Bytes{61368 >> 8, 61368 & 0xff, 0x05, 0, 0, 0, 0x30, 0}));
    std::vector<GuideEvent> many;
    for (int i = 0; i < 40; ++i) many.push_back(event(static_cast<std::uint16_t>(i), noon + i * 30min));
    const auto schedule = eit_schedule(service, many, noon, 0);
    for (const auto& sections :
         {pf, schedule, pat_sections(service, 0), pmt_sections(service, profile_named("720p25-ac3"), 31),
          sdt_sections(service, 0), nit_sections(service, 0)})
        for (const auto& s : sections) {
            EXPECT_EQ(section_crc(s), 0U);
            EXPECT_EQ(s.size(), 3U + ((s[1] & 15U) << 8 | s[2]));
            EXPECT_LE(s.size(), 4096U);
        }
    EXPECT_EQ(schedule.size(), 32U) << "eight segments of three hours, four days";
    EXPECT_EQ(schedule.back()[6], 31 * 8);
    EXPECT_EQ(time_sections(service, noon), (Sections{{0x70, 0x70, 5, 61368 >> 8, 61368 & 0xff, 5, 0, 0}}));
}

TEST(Tables, AnEventSaysFromWhichAgeOnItIsMeant) {
    GuideEvent event{1, noon, 30min, LanguageCode::of_tag("th"), "t", ""};
    const auto descriptors = [&] {
        const auto section = eit_present_following({}, event, std::nullopt, 0).at(0);
        return Bytes(section.begin() + 26, section.end() - 4);
    };
    const auto title = descriptors();
    EXPECT_EQ(title, (Bytes{0x4d, 7, 't', 'h', 'a', 2, 0x15, 't', 0}));
    event.rating = GuideRating{*CountryCode::from_text("THA"), 13};
    auto rated = title;
    rated.insert(rated.end(), {0x55, 4, 'T', 'H', 'A', 10});  // EN 300 468, 6.2.28: the age less three
    EXPECT_EQ(descriptors(), rated);
}

TEST(Tables, TheTotHoldsTheCountrysOffset) {
    Service service;
    service.local_time = parse_local_time("THA+07:00");
    const auto tot = time_sections(service, noon).at(1);
    EXPECT_EQ(section_crc(tot), 0U);
    EXPECT_EQ(tot.size(), 3U + tot[2]);
    EXPECT_EQ(tot[0], 0x73);
    // local_time_offset_descriptor: country, region 0 and polarity, offset, the next change, offset then.
    EXPECT_EQ(Bytes(tot.begin() + 10, tot.begin() + 18), (Bytes{0x58, 13, 'T', 'H', 'A', 0x02, 0x07, 0x00}));
    EXPECT_EQ(Bytes(tot.begin() + 23, tot.begin() + 25), (Bytes{0x07, 0x00}));
    service.local_time = parse_local_time("NPL-05:45");
    EXPECT_EQ(time_sections(service, noon).at(1)[15], 0x03);
    EXPECT_EQ(time_sections(service, noon).at(1)[17], 0x45);
    for (const auto* wrong : {"", "TH+07:00", "tha+07:00", "THA 07:00", "THA+7:00", "THA+07:60", "THA+15:00"})
        EXPECT_THROW(static_cast<void>(parse_local_time(wrong)), Error) << wrong;
}

TEST(VbvBuffer, FillsAtItsRateAndReportsUnderflow) {
    VbvBuffer buffer(1'000, 2'000, {25, 1}, 500);
    EXPECT_TRUE(buffer.decode(500));
    EXPECT_EQ(buffer.fullness(), 40);
    EXPECT_FALSE(buffer.decode(41));
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(buffer.decode(0));
    EXPECT_EQ(buffer.fullness(), 2'000) << "never above its size";
}

CodedFrame coded(std::size_t bytes, bool key) {
    CodedFrame frame;
    // An SPS, a PPS and a slice.
    frame.video = key ? Bytes{0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65} : Bytes{0, 0, 1, 0x41};
    frame.video.resize(std::max(bytes, frame.video.size()), 0x55);
    frame.key = key;
    return frame;
}

std::optional<RenditionError> fault(const std::vector<std::pair<std::size_t, bool>>& frames) {
    return test::refused<RenditionFault>([&] {
        RenditionValidator check(profile_named("720p25"), "spot.mp4");
        for (const auto& [bytes, key] : frames) check.add(coded(bytes, key));
        check.finish();
    });
}

TEST(RenditionValidator, RefusesWhatCannotBeSpliced) {
    const std::vector<std::pair<std::size_t, bool>> good{{1000, true}, {1000, false}, {1000, false}};
    const auto breaks = [](RenditionFault rule) {
        return testing::AllOf(test::Refuses(rule, ""), test::Of("spot.mp4"));
    };
    EXPECT_FALSE(fault(good));
    EXPECT_THAT(fault({{1000, false}}), breaks(RenditionFault::key_missing));
    EXPECT_THAT(fault({{1000, true}, {1000, true}}), breaks(RenditionFault::key_off_grid));
    EXPECT_THAT(fault({{1000, true}, {1000, false}}), breaks(RenditionFault::length));
    EXPECT_THAT(fault({{190'000, true}, {1000, false}, {1000, false}}), breaks(RenditionFault::buffer));
    EXPECT_THAT(fault({{100'000, true}, {1000, false}, {1000, false}}),
                breaks(RenditionFault::buffer_at_end));
    EXPECT_THAT(fault({}), breaks(RenditionFault::empty));
}

TEST(Profile, IsFoundByNameAndAnErrorProposesTheNearest) {
    EXPECT_EQ(profile_named("720p25").format.height, 720);
    EXPECT_EQ(profile_named("576i25-mpeg2-ac3").name, "576i25-mpeg2-ac3");
    EXPECT_EQ(profile_named("720p25").format.grid, 3) << "120 ms";
    EXPECT_EQ(profile_named("720p25-aac").format.grid, 8) << "320 ms";
    EXPECT_EQ(profile_named("720p25-ac3").format.grid, 4) << "160 ms: an AC-3 frame lasts 32 ms";
    const auto unknown = test::unread([] { static_cast<void>(profile_named("720p26")); });
    EXPECT_THAT(unknown, testing::AllOf(test::Refuses(ReadFault::unknown, ""), test::Of("720p26"),
                                        test::Means("720p25")));
    for (const auto& name : profile_names()) {
        const auto p = profile_named(name);
        EXPECT_EQ(p.name, name);
        EXPECT_EQ(p.coding.gop % p.format.grid, 0) << "key pictures are on the grid";
        // Packet and PES heads, a packet's stuffing a picture and three a sound frame, tables.
        const auto sounds = 48'000.0 / sound_frame_samples(p.coding.sound);
        const auto need = static_cast<double>(p.coding.video_rate) * 188 / 184 +
                          static_cast<double>(p.coding.rate.num) * 1504 * 2 +
                          static_cast<double>(p.coding.sound_rate) * 1.1 + sounds * 1504 + 150'000;
        EXPECT_GT(static_cast<double>(p.mux_rate), need) << name;
    }
}

}  // namespace
}  // namespace riverlight::player
