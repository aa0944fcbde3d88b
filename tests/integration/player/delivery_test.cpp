// A feed's outputs with real sockets and files: receivers get a clean stream, and a receiver that is absent,
// slow or wrong does not disturb the others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "content/base/files.hpp"
#include "player/av/coded_file.hpp"
#include "player/feed/feed.hpp"
#include "player/feed/random_access.hpp"
#include "player/feed/rendition_encoder.hpp"
#include "player/feed/udp_output.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/numbered.hpp"
#include "tests/support/receivers.hpp"
#include "tests/support/ts_check.hpp"

namespace riverlight::player {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// ffmpeg's warnings about a stream, which it decodes; empty: none.
std::string ffmpeg_warnings(const std::string& path, const std::string& how = "") {
    const auto command = "ffmpeg -nostdin -v warning " + how + " -i '" + path + "' -f null - 2>&1";
    std::string said;
    std::array<char, 512> line{};
    auto* out = ::popen(command.c_str(), "r");
    while (out && std::fgets(line.data(), line.size(), out)) said += line.data();
    const int status = out ? ::pclose(out) : -1;
    // Without a splice_info_section that stream has no time stamp, which ffmpeg reports.
    static const std::regex note("[^\n]*start time for stream 2 is not set[^\n]*\n");
    said = std::regex_replace(said, note, "");
    return status == 0 ? said : said + "(status " + std::to_string(status) + ')';
}

/// The complete groups of pictures of a capture that begins and ends in the middle of one.
std::string whole_groups(const std::string& stream) {
    RandomAccessFinder finder;
    std::size_t pat = 0, first = stream.size(), last = stream.size();
    for (std::size_t at = 0; at + packet_size <= stream.size(); at += packet_size) {
        const auto* p = reinterpret_cast<const std::uint8_t*>(stream.data() + at);
        if ((p[1] & 0x1f) == 0 && p[2] == 0) pat = at;
        if (finder.inspect(p) != PacketRole::access_point) continue;
        first = std::min(first, pat);
        last = pat;
    }
    return stream.substr(first, last - first);
}

/// A feed that repeats one rendition in real time.
class Looping {
  public:
    Looping(const std::vector<CodedFrame>& frames, const std::vector<std::string>& outputs,
            const std::string& state = "", Pacer::Mode pace = Pacer::Mode::live)
        : frames_(frames),
          live_(pace == Pacer::Mode::live),
          pacer_(made(outputs), pace),
          feed_({profile(), {}, state, noon}, pacer_) {}

    static Profile profile() { return profile_named("720p25"); }
    /// Plays until `enough` returns true, at most `most` seconds.
    void play(
        double most, const std::function<bool()>& enough = [] { return false; }) {
        const auto until = frame_ + static_cast<std::int64_t>(most * 25);
        for (; frame_ < until && !enough(); ++frame_) {
            feed_.splice(frames_[static_cast<std::size_t>(frame_) % frames_.size()]);
            const auto ahead = frame_ - feed_.frames_ahead();
            if (ahead == 0) begun_ = steady_clock::now();
            if (live_ && ahead > 0) std::this_thread::sleep_until(begun_ + ahead * 40ms);
        }
    }
    void finish() { feed_.finish(); }
    [[nodiscard]] OutputState output(std::size_t i) const { return pacer_.states().at(i); }
    Feed& feed() { return feed_; }

  private:
    static std::vector<std::unique_ptr<Output>> made(const std::vector<std::string>& specs) {
        std::vector<std::unique_ptr<Output>> outputs;
        for (const auto& spec : specs)
            outputs.push_back(make_live_output(parse_output(spec), {profile().mux_rate, 960ms}));
        return outputs;
    }
    const std::vector<CodedFrame>& frames_;
    bool live_;
    Pacer pacer_;
    Feed feed_;
    std::int64_t frame_ = 0;
    steady_clock::time_point begun_;
};

class DeliveryTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        const test::Folder folder;
        const auto profile = Looping::profile();
        static_cast<void>(make_rendition(folder / "spot", profile, [&]() -> NextFrame {
            return [&, n = 0, sound = test::clicks(48)](Picture& picture, Samples& samples) mutable {
                if (n == 48) return false;
                picture = test::numbered(1280, 720, static_cast<unsigned>(n));
                samples.assign(sound.begin() + n * 3840, sound.begin() + (n + 1) * 3840);
                ++n;
                return true;
            };
        }));
        CodedReader reader(folder / "spot", profile.coding);
        while (auto frame = reader.next()) frames_.push_back(std::move(*frame));
    }
    static void TearDownTestSuite() { frames_.clear(); }

    /// The project's own checker and ffmpeg accept the stream.
    void expect_clean(const std::string& stream, const std::string& what) {
        ASSERT_GT(stream.size(), 500'000U) << what;
        EXPECT_EQ(stream.size() % packet_size, 0U) << what;
        EXPECT_THAT(test::TsChecker(stream).report().fails(), IsEmpty()) << what;
        EXPECT_EQ(ffmpeg_warnings(folder_.write("capture.ts", stream)), "") << what;
    }
    static void expect_tables_first(const std::string& segment) {
        const auto* p = reinterpret_cast<const std::uint8_t*>(segment.data());
        ASSERT_GT(segment.size(), 3 * packet_size);
        EXPECT_EQ((p[1] & 0x1fU) << 8 | p[2], 0x0000U) << "PAT first";
        EXPECT_EQ((p[189] & 0x1fU) << 8 | p[190], 0x0100U) << "then PMT (RFC 8216, 3.2)";
    }
    /// The first picture is a key picture, with PAT and PMT before it.
    static void expect_begins_with_group(const std::string& stream) {
        std::set<unsigned> before;
        for (std::size_t at = 0; at + packet_size <= std::min<std::size_t>(stream.size(), 20 * packet_size);
             at += packet_size) {
            const auto* p = reinterpret_cast<const std::uint8_t*>(stream.data() + at);
            const auto pid = pid_of(p);
            if (pid != pid::video || !(p[1] & 0x40)) {
                before.insert(pid);
                continue;
            }
            EXPECT_TRUE((p[3] & 0x20) && p[4] > 0 && (p[5] & 0x40)) << "random access";
            EXPECT_THAT(before, AllOf(Contains(pid::pat), Contains(pid::pmt)));
            return;
        }
        FAIL() << "no picture begins in the first twenty packets";
    }
    static std::string udp(std::uint16_t port) { return "udp://127.0.0.1:" + std::to_string(port); }
    static std::string srt(std::uint16_t port, const std::string& more) {
        return "srt://127.0.0.1:" + std::to_string(port) + "?latency=200" + more;
    }

    static inline std::vector<CodedFrame> frames_;
    test::Folder folder_;
};

TEST_F(DeliveryTest, TheFirstDatagramLeavesIfNoNameHasToBeResolved) {
    for (int i = 0; i < 50; ++i) {
        test::UdpReceiver receiver;
        UdpOutput output(parse_output(udp(receiver.port())));
        output.send({});
        const auto state = output.state();
        ASSERT_EQ(state.figures.at("datagrams_refused"), 0);
        EXPECT_EQ(state.words, "");
        EXPECT_TRUE(state.sending);
        EXPECT_TRUE(test::comes([&] { return receiver.count() == 1; }));
    }
}

TEST_F(DeliveryTest, EveryOutputCarriesTheSameStream) {
    test::UdpReceiver plain, rtp, group("239.255.77.1");
    const auto hours = folder_ / "hours";
    Looping feed(frames_, {udp(plain.port()), "rtp://127.0.0.1:" + std::to_string(rtp.port()),
                           "udp://239.255.77.1:" + std::to_string(group.port()) + "?ttl=1&interface=lo",
                           "file:" + hours + "/"});
    feed.play(5);
    feed.finish();
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(feed.output(i).words, "") << feed.output(i).name;
        EXPECT_FALSE(feed.output(i).trouble);
    }
    EXPECT_GT(feed.output(0).figures.at("datagrams_sent"), 1000);
    const auto sent = static_cast<std::size_t>(feed.output(0).figures.at("datagrams_sent"));
    ASSERT_TRUE(
        test::comes([&] { return plain.count() >= sent && rtp.count() >= sent && group.count() >= sent; }));
    const auto stream = plain.stream();
    expect_clean(stream, "udp");
    EXPECT_EQ(rtp.stream(12), stream);
    EXPECT_EQ(group.stream(), stream);
    EXPECT_EQ(read_file(hours + "/2026-11-24T05Z.ts", 64U << 20), stream);
    for (const auto& d : plain.came()) ASSERT_EQ(d.bytes.size(), datagram_size);
    // RTP sequence numbers and time stamps as received.
    const auto heads = rtp.came();
    const auto byte = [&](std::size_t i, std::size_t at) {
        return std::uint32_t{static_cast<std::uint8_t>(heads[i].bytes[at])};
    };
    for (std::size_t i = 1; i < heads.size(); ++i) {
        ASSERT_EQ(static_cast<std::uint16_t>((byte(i, 2) << 8 | byte(i, 3)) -
                                             (byte(i - 1, 2) << 8 | byte(i - 1, 3))),
                  1);
        const auto stamp = [&](std::size_t n) {
            return byte(n, 4) << 24 | byte(n, 5) << 16 | byte(n, 6) << 8 | byte(n, 7);
        };
        ASSERT_NEAR(stamp(i) - stamp(i - 1), 1316.0 * 8 * 90'000 / 5'000'000, 1.0);
    }
}

TEST_F(DeliveryTest, AnOutputThatFailsDoesNotDisturbTheOthers) {
    test::UdpReceiver good;
    const auto dead = test::free_port(), silent = test::free_port();
    const auto file = folder_.write("plain", "x");
    Looping feed(frames_, {udp(good.port()), udp(dead), srt(silent, ""), "file:" + file + "/no/",
                           "udp://239.255.77.2:5004?interface=nosuch0", "udp://no.such.host.invalid:5004"});
    feed.play(6);
    feed.play(20, [&] { return feed.output(2).trouble; });
    EXPECT_THAT(feed.output(1).words, HasSubstr("nobody listens there"));
    EXPECT_THAT(feed.output(3).words, AllOf(HasSubstr("folder"), HasSubstr(file)));
    EXPECT_THAT(feed.output(4).words, HasSubstr("no network interface 'nosuch0'"));
    EXPECT_THAT(feed.output(5).words, HasSubstr("no.such.host.invalid"));
    for (const std::size_t i : {1U, 2U, 3U, 4U, 5U}) EXPECT_TRUE(feed.output(i).trouble) << i;
    EXPECT_THAT(feed.output(2).words, HasSubstr("no SRT receiver answers"));
    EXPECT_THAT(feed.feed().alarm(), AllOf(HasSubstr("nosuch0"), HasSubstr("no SRT receiver")));
    feed.finish();
    EXPECT_EQ(feed.output(0).words, "");
    EXPECT_EQ(feed.output(0).figures.at("datagrams_refused"), 0);
    EXPECT_EQ(to_text(feed.feed().evidence().at("ran_dry")), "0");
    expect_clean(good.stream(), "the working output");
}

TEST_F(DeliveryTest, SrtCallsAReceiverAndReconnects) {
    const auto port = test::free_port();
    Looping feed(frames_, {srt(port, "&passphrase=river-of-light&key=32")});
    {
        test::SrtReceiver receiver(test::SrtReceiver::Way::listens, port, "river-of-light");
        feed.play(30, [&] { return receiver.size() > 2'400'000; });
        expect_begins_with_group(receiver.stream());
        expect_clean(whole_groups(receiver.stream()), "encrypted SRT");
        EXPECT_TRUE(feed.output(0).sending);
        EXPECT_EQ(feed.output(0).words, "");
    }
    feed.play(30, [&] { return feed.output(0).trouble; });
    EXPECT_THAT(feed.output(0).words, AllOf(HasSubstr("127.0.0.1:"), Not(HasSubstr("river-of-light"))));
    test::SrtReceiver again(test::SrtReceiver::Way::listens, port, "river-of-light");
    feed.play(40, [&] { return again.size() > 600'000; });
    EXPECT_GT(again.size(), 600'000U);
    EXPECT_GE(feed.output(0).figures.at("opened"), 2);
    feed.finish();
}

TEST_F(DeliveryTest, SrtRetransmitsOnALineThatLosesOneDatagramInTwenty) {
    const auto port = test::free_port();
    test::SrtReceiver receiver(test::SrtReceiver::Way::listens, port);
    const test::LossyRelay line(port, 5);
    Looping feed(frames_, {"srt://127.0.0.1:" + std::to_string(line.port()) + "?latency=1000"});
    feed.play(30, [&] { return receiver.size() > 4'000'000; });
    expect_clean(whole_groups(receiver.stream()), "over a line with loss");
    EXPECT_GT(line.lost(), 50);
    EXPECT_GT(feed.output(0).figures.at("srt_repeated"), 50);
    EXPECT_EQ(feed.output(0).figures.at("datagrams_dropped"), 0);
    feed.finish();
}

TEST_F(DeliveryTest, SrtReportsAWrongPassphrase) {
    const auto port = test::free_port();
    const test::SrtReceiver receiver(test::SrtReceiver::Way::listens, port, "another-secret");
    Looping feed(frames_, {srt(port, "&passphrase=river-of-light")});
    feed.play(20, [&] { return feed.output(0).trouble; });
    EXPECT_THAT(feed.output(0).words, HasSubstr("refuses this outlet's passphrase"));
    EXPECT_FALSE(feed.output(0).sending);
    feed.finish();
}

TEST_F(DeliveryTest, SrtListensForReceiversAndRefusesTheWrongOnes) {
    const auto port = test::free_port();
    Looping feed(frames_, {srt(port, "&mode=listener&passphrase=river-of-light")});
    feed.play(20, [&] { return feed.output(0).words == "no receiver has come yet"; });
    EXPECT_FALSE(feed.output(0).trouble) << "without a receiver nothing is wrong";
    test::SrtReceiver one(test::SrtReceiver::Way::calls, port, "river-of-light"),
        two(test::SrtReceiver::Way::calls, port, "river-of-light");
    const test::SrtReceiver wrong(test::SrtReceiver::Way::calls, port, "another-secret");
    feed.play(40, [&] { return one.size() > 2'400'000 && two.size() > 2'400'000; });
    expect_begins_with_group(one.stream());
    expect_begins_with_group(two.stream());
    expect_clean(whole_groups(one.stream()), "the first");
    expect_clean(whole_groups(two.stream()), "the second");
    EXPECT_EQ(wrong.size(), 0U);
    EXPECT_EQ(feed.output(0).figures.at("receivers"), 2);
    EXPECT_EQ(feed.output(0).figures.at("receivers_refused"), 1);
    EXPECT_THAT(feed.output(0).words, HasSubstr("a receiver was refused"));
    two.stop();
    feed.play(20, [&] { return feed.output(0).figures.at("receivers") == 1; });
    EXPECT_EQ(feed.output(0).figures.at("receivers"), 1);
    feed.finish();
}

TEST_F(DeliveryTest, APortInUseIsReportedAndOpenedWhenItIsFree) {
    auto taken = std::make_unique<test::UdpReceiver>();
    const auto port = taken->port();
    Looping feed(frames_, {srt(port, "&mode=listener")});
    feed.play(20, [&] { return feed.output(0).trouble; });
    EXPECT_THAT(feed.output(0).words,
                AllOf(HasSubstr(std::to_string(port)), HasSubstr("something else uses it")));
    taken.reset();
    feed.play(30, [&] { return !feed.output(0).trouble; });
    EXPECT_EQ(feed.output(0).words, "no receiver has come yet");
    feed.finish();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) out.push_back(line);
    return out;
}

TEST_F(DeliveryTest, HlsIsAWindowOfSelfContainedSegments) {
    const auto hls = folder_ / "hls";
    {
        Looping feed(frames_, {"hls:" + hls + "/?seconds=1&window=3"}, folder_ / "state");
        feed.play(9);
        feed.finish();
        EXPECT_FALSE(feed.output(0).trouble) << feed.output(0).words;
    }
    const auto list = read_file(hls + "/live.m3u8", 1U << 16);
    const auto lines = lines_of(list);
    EXPECT_THAT(lines, AllOf(Contains("#EXT-X-TARGETDURATION:2"),
                             Contains(StartsWith("#EXT-X-PROGRAM-DATE-TIME:2026-11-24T05:00:")),
                             Not(Contains("#EXT-X-DISCONTINUITY")), Not(Contains("#EXT-X-ENDLIST"))));
    std::size_t listed = 0, there = 0;
    std::string joined;
    for (auto at = list.find("live-"); at != list.npos; at = list.find("live-", at + 1), ++listed) {
        const auto segment = hls + '/' + list.substr(at, list.find('\n', at) - at);
        const auto bytes = read_file(segment, 16U << 20);
        expect_tables_first(bytes);
        EXPECT_EQ(ffmpeg_warnings(segment), "") << segment;
        joined += bytes;
    }
    EXPECT_EQ(listed, 3U);
    EXPECT_THAT(test::TsChecker(joined).report().fails(), IsEmpty())
        << "segments follow each other without a gap";
    for (const auto& entry : std::filesystem::directory_iterator(hls)) {
        ++there;
        EXPECT_NE(entry.path().extension(), ".part");
    }
    EXPECT_LE(there, 1U + 3 + 4) << "the list, its window, and as many expired segments";
    // After a restart the list continues with a discontinuity.
    const auto number = [](const std::string& text) {
        return std::stoll(text.substr(text.find("MEDIA-SEQUENCE:") + 15));
    };
    {
        Looping feed(frames_, {"hls:" + hls + "/?seconds=1&window=3"}, folder_ / "state");
        feed.play(4.5);
        feed.finish();
    }
    const auto after = read_file(hls + "/live.m3u8", 1U << 16);
    EXPECT_GT(number(after), number(list));
    EXPECT_LE(number(after), number(list) + 5);
    EXPECT_THAT(lines_of(after), Contains("#EXT-X-DISCONTINUITY"));
}

// A player begins with the stream's very first segment while the list holds it.
TEST_F(DeliveryTest, TheFirstHlsSegmentIsSelfContained) {
    const auto hls = folder_ / "hls";
    Looping feed(frames_, {"hls:" + hls + "/?seconds=1&window=8"});
    feed.play(4);
    feed.finish();
    const auto list = read_file(hls + "/live.m3u8", 1U << 16);
    const auto at = list.find("live-");
    ASSERT_NE(at, list.npos) << list;
    expect_tables_first(read_file(hls + '/' + list.substr(at, list.find('\n', at) - at), 16U << 20));
}

}  // namespace
}  // namespace riverlight::player
