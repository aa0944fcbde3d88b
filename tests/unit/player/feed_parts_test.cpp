// The parts of a feed one by one: ticks, the decoder's buffer, tables in turn, the guide, the HLS playlist.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "player/feed/decoder_buffer.hpp"
#include "player/feed/guide.hpp"
#include "player/feed/hls_playlist.hpp"
#include "player/feed/random_access.hpp"
#include "player/feed/splice_info.hpp"
#include "player/feed/table_carousel.hpp"

namespace riverlight::player {
namespace {

using testing::Not;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
const StreamTime start{10s};
const auto eng = LanguageCode::of_tag("en");

TEST(Ticks, ClocksConvertExactlyAndStampsWrap) {
    EXPECT_EQ(ClockTicks{StampTicks{1}}, ClockTicks{300});
    EXPECT_EQ(stamp_of(StreamTime{1s}), StampTicks{90'000});
    EXPECT_EQ(stamp_of(StreamTime{ClockTicks{299}}), StampTicks{0}) << "cut to whole ticks";
    EXPECT_EQ(duration_of(25, {25, 1}), ClockTicks{1s});
    EXPECT_EQ(stamp_distance(stamp_period - StampTicks{10}, StampTicks{5}), StampTicks{15});
    EXPECT_EQ(stamp_distance(StampTicks{5}, StampTicks{5}), StampTicks{0});
    EXPECT_NEAR(std::chrono::duration<double>(pcr_period).count() / 3600, 26.5, 0.02);
}

TEST(DecoderBuffer, HoldsPicturesUntilTheyAreDecoded) {
    DecoderBuffer buffer(1000);
    buffer.begin_picture(start + 40ms);
    buffer.add(600);
    buffer.begin_picture(start + 80ms);
    buffer.add(300);
    EXPECT_TRUE(buffer.has_room(100, start));
    EXPECT_FALSE(buffer.has_room(101, start));
    EXPECT_TRUE(buffer.has_room(700, start + 40ms)) << "the first is decoded at its DTS";
    EXPECT_EQ(buffer.bytes(), 300U);
    EXPECT_TRUE(buffer.has_room(1000, start + 80ms));
    buffer.add(188);  // of a picture whose DTS has passed
    EXPECT_EQ(buffer.bytes(), 0U);
}

/// Takes the section at the front; its PID.
unsigned send_section(TableCarousel& tables) {
    const auto pid = tables.pid();
    tables.consume(tables.payload().size());
    return pid;
}
std::vector<unsigned> send_all(TableCarousel& tables) {
    std::vector<unsigned> pids;
    while (!tables.empty()) pids.push_back(send_section(tables));
    return pids;
}

class TableCarouselTest : public testing::Test {
  protected:
    FeedState state_{""};
    TableCarousel tables_{Service{}, profile_named("720p25"), state_, start};
};

TEST_F(TableCarouselTest, RepeatsEachTableInItsTime) {
    tables_.queue_due(start);
    EXPECT_THAT(send_all(tables_),
                testing::UnorderedElementsAre(pid::pat, pid::pmt, pid::sdt, pid::nit, pid::splice));
    tables_.queue_due(start + 89ms);
    EXPECT_TRUE(tables_.empty());
    tables_.queue_due(start + 90ms);
    EXPECT_THAT(send_all(tables_), testing::UnorderedElementsAre(pid::pat, pid::pmt));
}

TEST_F(TableCarouselTest, SendsThePatAndThenThePmtBeforeAKeyPicture) {
    tables_.queue_due(start);
    tables_.queue_program_tables(start + 1ms);
    EXPECT_TRUE(tables_.has_program_tables());
    const auto sent = send_all(tables_);
    ASSERT_EQ(sent.size(), 5U) << "each once";
    EXPECT_EQ(sent[0], pid::pat);
    EXPECT_EQ(sent[1], pid::pmt);
    tables_.queue_due(start + 90ms);
    EXPECT_TRUE(tables_.empty()) << "their repetition counts from there";
}

TEST_F(TableCarouselTest, ASectionThatHasBegunIsCompletedFirst) {
    const auto pf = eit_present_following(
        {}, GuideEvent{1, noon, 30min, eng, std::string(120, 'x'), std::string(120, 'y')}, std::nullopt, 0);
    tables_.set_guide(pf, {}, start);
    tables_.queue_due(start);
    while (tables_.pid() != pid::eit) send_section(tables_);
    ASSERT_TRUE(tables_.at_section_start());
    tables_.consume(184);
    ASSERT_FALSE(tables_.at_section_start());
    tables_.queue_program_tables(start);
    EXPECT_EQ(send_section(tables_), pid::eit);
    EXPECT_EQ(send_section(tables_), pid::pat);
}

TEST_F(TableCarouselTest, ThePmtIsSentAtOnceWithItsNextVersionWhereTheLanguageChanges) {
    const auto pmt = [&] {
        std::pair<std::string, int> said;
        for (; !tables_.empty(); send_section(tables_)) {
            if (tables_.pid() != pid::pmt) continue;
            const auto bytes = tables_.payload();
            const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            const auto at = text.find("\x0a\x04");  // ISO_639_language_descriptor (13818-1, 2.6.18)
            said = {std::string(text.substr(at + 2, 3)), bytes[6] >> 1 & 31};
        }
        return said;
    };
    tables_.queue_due(start);
    EXPECT_EQ(pmt(), std::pair(std::string("und"), 0));
    tables_.set_language(LanguageCode{}, start + 1ms);
    EXPECT_TRUE(tables_.empty());
    tables_.queue_due(start + 90ms);  // the repetition that waits is of the old language
    tables_.set_language(eng, start + 91ms);
    EXPECT_EQ(tables_.pid(), pid::pat);
    EXPECT_EQ(pmt(), std::pair(std::string("eng"), 1));
    tables_.queue_due(start + 190ms);
    EXPECT_EQ(pmt(), std::pair(std::string("eng"), 1));
}

TEST_F(TableCarouselTest, TimeTablesNeedAWallClock) {
    tables_.queue_due(start);
    EXPECT_THAT(send_all(tables_), Not(testing::Contains(pid::tdt)));
    tables_.set_wall_clock([](StreamTime time) {
        return noon + std::chrono::duration_cast<std::chrono::microseconds>(time - start);
    });
    tables_.queue_due(start + 10s);
    std::vector<std::uint8_t> tdt;
    for (; !tables_.empty(); send_section(tables_))
        if (tables_.pid() == pid::tdt) tdt.assign(tables_.payload().begin(), tables_.payload().end());
    ASSERT_EQ(tdt.size(), 184U);
    EXPECT_EQ(tdt[1], 0x70) << "after the pointer_field";
    EXPECT_EQ(tdt[8], 0x10) << "ten seconds past, in BCD";
}

TEST(ProgrammeGuide, MakesTheEitWhenItChanges) {
    FeedState state("");
    ProgrammeGuide guide(state);
    EXPECT_FALSE(guide.update({}, noon)) << "nothing to say";
    guide.set({{{noon, 5min, eng, "One", ""}, {noon + 5min, 5min, eng, "Two", ""}}});
    const auto before = guide.update({}, noon - 1s);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->present_following.size(), 2U);
    EXPECT_FALSE(guide.update({}, noon - 1s)) << "no change";
    const auto first = guide.update({}, noon);
    ASSERT_TRUE(first) << "the present event changed";
    const auto version = [](const ProgrammeGuide::Eit& eit) {
        return eit.present_following.at(0).at(5) >> 1 & 31;
    };
    EXPECT_EQ(version(*first), version(*before) + 1);
    EXPECT_FALSE(guide.update({}, noon + 4min));
    EXPECT_TRUE(guide.update({}, noon + 5min));
}

HlsPlaylist::Segment segment(int number) {
    return {"live-" + std::to_string(number) + ".ts", 6s, noon + number * 6s, false};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
}

TEST(HlsPlaylist, IsASlidingWindow) {
    HlsPlaylist list(3, 7s);
    list.begin_at(100);
    for (int i = 100; i < 105; ++i) list.add(segment(i));
    EXPECT_EQ(list.next_number(), 105);
    EXPECT_EQ(list.text(),
              "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:7\n#EXT-X-MEDIA-SEQUENCE:102\n"
              "#EXT-X-DISCONTINUITY-SEQUENCE:0\n#EXT-X-INDEPENDENT-SEGMENTS\n"
              "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T05:10:12.000Z\n#EXTINF:6.00000,\nlive-102.ts\n"
              "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T05:10:18.000Z\n#EXTINF:6.00000,\nlive-103.ts\n"
              "#EXT-X-PROGRAM-DATE-TIME:2026-11-24T05:10:24.000Z\n#EXTINF:6.00000,\nlive-104.ts\n");
}

TEST(HlsPlaylist, ResumesItsOwnTextAndNoOther) {
    HlsPlaylist list(3, 7s);
    list.begin_at(100);
    for (int i = 100; i < 104; ++i) list.add(segment(i));
    HlsPlaylist resumed(3, 7s);
    resumed.resume(list.text());
    EXPECT_EQ(resumed.text(), list.text());
    for (const auto& foreign :
         {std::string("#EXTM3U\n#EXTINF:6,\n../etc/passwd\n"), std::string("#EXTM3U\n#EXTINF:-1,\na.ts\n"),
          std::string("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:-5\n"), std::string("text"),
          std::string(70'000, 'x')}) {
        HlsPlaylist fresh(3, 7s);
        fresh.resume(foreign);
        EXPECT_TRUE(fresh.segments().empty()) << foreign.substr(0, 40);
        EXPECT_EQ(fresh.next_number(), 0);
    }
}

TEST(HlsPlaylist, CountsDiscontinuitiesThatLeaveTheList) {
    HlsPlaylist list(1, 7s);
    auto cut = segment(0);
    cut.discontinuity = true;
    list.add(cut);
    EXPECT_THAT(lines_of(list.text()), testing::Contains("#EXT-X-DISCONTINUITY"));
    list.add(segment(1));
    EXPECT_THAT(lines_of(list.text()), testing::Contains("#EXT-X-DISCONTINUITY-SEQUENCE:1"));
    EXPECT_THAT(lines_of(list.text()), testing::Not(testing::Contains("#EXT-X-DISCONTINUITY")));
}

Packet packet(unsigned pid, bool begins, bool key = false, StampTicks pts = {}) {
    Packet p{};
    PacketHead head;
    head.pid = pid;
    head.begins = begins;
    head.random_access = key;
    std::uint8_t counter = 0;
    static_cast<void>(write_packet(p, head, counter, pes_packet(0xe0, pts, Bytes(300))));
    return p;
}

TEST(RandomAccessFinder, FindsAKeyPictureAndThePatBeforeIt) {
    RandomAccessFinder finder;
    const auto inspect = [&](const Packet& p) { return finder.inspect(p.data()); };
    EXPECT_EQ(inspect(packet(pid::sound, true)), PacketRole::ordinary);
    EXPECT_EQ(inspect(packet(pid::pat, true)), PacketRole::tentative);
    EXPECT_EQ(inspect(packet(pid::pmt, true)), PacketRole::tentative);
    EXPECT_EQ(inspect(packet(pid::video, true, true, StampTicks{3600})), PacketRole::access_point);
    EXPECT_EQ(finder.pts(), StampTicks{3600});
    EXPECT_EQ(inspect(packet(pid::video, false)), PacketRole::ordinary);
    EXPECT_EQ(inspect(packet(pid::pat, true)), PacketRole::tentative) << "a repetition";
    EXPECT_EQ(inspect(packet(pid::video, true, false, StampTicks{7200})), PacketRole::not_access_point);
    EXPECT_EQ(finder.next_pts(), StampTicks{10'800});
}

TEST(JoinBuffer, KeepsTheDatagramsFromThePatOn) {
    const auto datagram = [](unsigned last_pid, bool key) {
        Datagram d;
        for (std::size_t i = 0; i < datagram_packets; ++i) {
            const auto p = i + 1 < datagram_packets ? null_packet() : packet(last_pid, true, key);
            std::copy(p.begin(), p.end(), d.bytes.begin() + static_cast<std::ptrdiff_t>(i * packet_size));
        }
        return d;
    };
    JoinBuffer buffer;
    EXPECT_FALSE(buffer.inspect(datagram(pid::sound, false)));
    EXPECT_FALSE(buffer.inspect(datagram(pid::pat, false)));
    EXPECT_FALSE(buffer.inspect(datagram(pid::pmt, false)));
    EXPECT_TRUE(buffer.inspect(datagram(pid::video, true)));
    ASSERT_EQ(buffer.preceding().size(), 2U);
    const auto last_pid = [](const Datagram& d) { return pid_of(d.bytes.data() + 6 * packet_size); };
    EXPECT_EQ(last_pid(buffer.preceding()[0]), pid::pat);
    EXPECT_EQ(last_pid(buffer.preceding()[1]), pid::pmt);
    EXPECT_FALSE(buffer.inspect(datagram(pid::video, false)));
}

}  // namespace
}  // namespace riverlight::player
