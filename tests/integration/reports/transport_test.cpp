// MPEG transport streams as receivers and recorders leave them: clocks that wrap or jump, a beginning in the
// middle of a packet or of a group of pictures, several programmes, and streams that nobody sent.
#include "tests/integration/reports/recording.hpp"
#include "tests/support/refusal.hpp"

namespace riverlight::reports {
namespace {

constexpr std::size_t packet = 188;
constexpr std::int64_t joint = 24;  ///< ms: a frame of MPEG sound

class Transport : public Recording {
  protected:
    /// The bytes of a recording whose timestamps begin at `begin` seconds.
    [[nodiscard]] std::string stream(const std::string& begin,
                                     const std::string& options = "-c:v libx264 -bf 2 -g 12 -c:a mp2") const {
        return bytes_of(
            make("part.ts", "%v %a " + options + " -muxdelay 0 -muxpreload 0 -output_ts_offset " + begin));
    }
    /// Lights and tones at `marks`, each tone with its light. `slack`: where parts are joined, by as much as
    /// one of the two lasts longer.
    void expect(const std::string& bytes, std::int64_t length, const Times& marks,
                std::int64_t slack = 20) const {
        const auto path = folder_.write("a.ts", bytes);
        const auto watched = author::watch_video(path);
        EXPECT_LE(std::abs(watched.duration.count() - length), 40 + slack);
        EXPECT_THAT(torn(watched.picture_findings), testing::IsEmpty());
        const auto light = lights(path);
        expect_times(light, marks, slack, "light");
        expect_times(tones(author::decode_sound(path)), light, 10, "tone");
    }
    static std::uint16_t pid_of(const std::string& bytes, std::size_t at) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
        return static_cast<std::uint16_t>((byte(1) << 8 | byte(2)) & 0x1fff);
    }
};

// 2^33 ticks of 90 kHz are 95,443.718 s.
TEST_F(Transport, hls_js_483_TheClockWrapsInside) {
    expect(stream("95442.7"), 2000, {400, 1600});
}

TEST_F(Transport, shaka_packager_1049_OnlyThePtsOfAPictureHasWrapped) {
    expect(stream("95443.64"), 2000, {400, 1600});
}

TEST_F(Transport, tsMuxer_663_TheClockJumpsBack) {
    expect(stream("100") + stream("3"), 4000, {400, 1600, 2400, 3600}, joint);
}

TEST_F(Transport, mux_js_104_TheClockBeginsAgainTwice) {
    expect(stream("0") + stream("0") + stream("0"), 6000, {400, 1600, 2400, 3600, 4400, 5600}, 2 * joint);
}

TEST_F(Transport, openatv_3750_TheClockJumpsAheadByAMinute) {
    expect(stream("3") + stream("65"), 4000, {400, 1600, 2400, 3600}, joint);
}

TEST_F(Transport, MythTV_548_TheClockJumpsAheadByHours) {
    expect(stream("3") + stream("20000"), 4000, {400, 1600, 2400, 3600}, joint);
}

// A new programme map: the station's own, another map's PID, another service's, and another codec.
TEST_F(Transport, OtherPidsInside) {
    const std::string mpeg2 = "-c:v mpeg2video -bf 2 -g 12 -c:a ac3",
                      h264 = "-c:v libx264 -bf 2 -g 12 -c:a mp2", pids = " -mpegts_start_pid 0x200";
    const auto first = stream("3");
    for (const auto& options :
         {h264 + pids + " -tables_version 1", h264 + pids,
          h264 + pids + " -tables_version 1 -mpegts_pmt_start_pid 0x1100",
          h264 + pids + " -tables_version 1 -mpegts_service_id 7", mpeg2 + pids + " -tables_version 1"}) {
        SCOPED_TRACE(options);
        expect(first + stream("5", options), 4000, {400, 1600, 2400, 3600}, joint + 40);
        // Parts are joined by decoding times, which are earlier by what each codec puts out of order.
        const std::int64_t order = options.starts_with(mpeg2) ? 80 : 0;
        expect(first + stream("1000", options), 4000, {400, 1600, 2400, 3600}, joint + 40 + order);
    }
    expect(first + stream("5", h264 + pids) + stream("7"), 6000, {400, 1600, 2400, 3600, 4400, 5600},
           2 * joint + 40);
}

// A new programme map for the same PIDs: each part is read by its own codec, in step, and no picture is lost.
TEST_F(Transport, OtherCodecsOnTheSamePids) {
    const auto first = stream("3"), last = stream("7");
    for (const auto* options : {"-c:v libx265 -x265-params log-level=none -g 12 -c:a aac",
                                "-c:v mpeg2video -bf 2 -g 12 -c:a ac3"}) {
        SCOPED_TRACE(options);
        expect(first + stream("5", options) + last, 6000, {400, 1600, 2400, 3600, 4400, 5600},
               2 * joint + 40);
        expect(first + stream("1000", options), 4000, {400, 1600, 2400, 3600}, joint + 80);
    }
    // Only the sound's.
    expect(first + stream("5", "-c:v libx264 -bf 2 -g 12 -c:a aac -mpegts_flags latm"), 4000,
           {400, 1600, 2400, 3600}, joint + 40);
}

// The recorder stopped just after the next programme had begun.
TEST_F(Transport, OnlyTheTablesOfOtherCodecs) {
    const auto other = stream("5", "-c:v mpeg2video -g 12 -c:a ac3");
    for (const std::size_t packets : {3U, 5U}) {
        const auto path = folder_.write("a.ts", stream("3") + other.substr(0, packets * packet));
        EXPECT_LE(std::abs(author::watch_video(path).duration.count() - 2000), 40) << packets;
        expect_times(lights(path), {400, 1600}, 20, "light");
        expect_times(tones(author::decode_sound(path)), {400, 1600}, 10, "tone");
    }
}

TEST_F(Transport, OtherCodecsInPacketsOf192Bytes) {
    const std::string m2ts = " -mpegts_m2ts_mode 1";
    expect(stream("3", "-c:v libx264 -bf 2 -g 12 -c:a ac3" + m2ts) +
               stream("5", "-c:v mpeg2video -bf 2 -g 12 -c:a mp2" + m2ts),
           4000, {400, 1600, 2400, 3600}, joint + 40);
}

// Several frames of sound in a packet, of which only the first has a time, at other rates from somewhere on.
TEST_F(Transport, TheSamplingRateChangesInside) {
    const auto part = [&](int rate, const char* begin, const char* options = "") {
        return bytes_of(make("part.ts", "%v %a -c:v libx264 -bf 2 -g 12 -c:a aac -b:a 48k -ar " +
                                            std::to_string(rate) + " -output_ts_offset " + begin + ' ' +
                                            options));
    };
    const Times marks{400, 1600, 2400, 3600, 4400, 5600};
    expect(part(48'000, "3") + part(32'000, "5") + part(44'100, "7"), 6000, marks, joint);
    expect(part(22'050, "3") + part(48'000, "5") + part(24'000, "7"), 6000, marks, joint);
    const auto* latm = "-mpegts_flags latm";
    expect(part(48'000, "3", latm) + part(22'050, "5", latm) + part(44'100, "7", latm), 6000, marks, joint);
}

TEST_F(Transport, tsduck_607_BeginsInsideAPacket) {
    expect(std::string(77, '\x5a') + stream("3"), 2000, {400, 1600});
    expect(stream("3").substr(101), 2000, {400, 1600});
}

TEST_F(Transport, tsduck_1553_BeginsInsideAGroupOfPictures) {
    for (const auto* options :
         {"-c:v libx264 -bf 2 -g 12 -c:a mp2", "-c:v mpeg2video -bf 2 -g 12 -c:a ac3"}) {
        const auto whole = stream("3", options);
        const auto path = folder_.write("a.ts", whole.substr(whole.size() / packet * 4 / 10 * packet));
        const auto watched = author::watch_video(path);
        const auto light = lights(path), tone = tones(author::decode_sound(path));
        ASSERT_EQ(light.size(), 1U) << options;
        ASSERT_EQ(tone.size(), 1U) << options;
        EXPECT_LE(std::abs(light[0] - tone[0]), 20) << options;
    }
}

TEST_F(Transport, xbmc_15696_AProgrammeWithoutPackets) {
    const auto path = make("two.ts",
                           "%v %b %v %a -map 0:v -map 1:a -map 2:v -map 3:a -c:v libx264 -c:a mp2 "
                           "-program title=a:st=0:st=1 -program title=b:st=2:st=3 -muxdelay 0 -f mpegts");
    const auto all = bytes_of(path);
    std::string kept;
    for (std::size_t at = 0; at + packet <= all.size(); at += packet)
        if (const auto pid = pid_of(all, at); pid != 0x100 && pid != 0x101) kept += all.substr(at, packet);
    ASSERT_LT(kept.size(), all.size());
    expect(kept, 2000, {400, 1600});
}

TEST_F(Transport, LAVFilters_36_TheSoundOfTheOtherProgramme) {
    const auto path =
        make("a.ts",
             "%v %a %v %b -map 0:v -map 1:a -map 2:v -map 3:a -c:v libx264 -c:a mp2 -ac:a:0 1 -b:a:0 64k "
             "-b:a:1 384k -program title=a:st=0:st=1 -program title=b:st=2:st=3 -muxdelay 0 -f mpegts");
    const auto watched = author::watch_video(path);
    EXPECT_LE(std::abs(watched.duration.count() - 2000), 40);
    expect_times(lights(path), {400, 1600}, 20, "light");
    expect_times(tones(author::decode_sound(path)), {400, 1600}, 10, "tone");
}

TEST_F(Transport, ExoPlayer_2995_TheLargerPictureHasItsOwnSound) {
    const auto path = make(
        "a.ts",
        "%v %b %v %a -map 0:v -map 1:a -map 2:v -map 3:a -c:v libx264 -c:a mp2 -s:v:1 640x360 -b:a:0 384k "
        "-b:a:1 128k -program title=a:st=0:st=1 -program title=b:st=2:st=3 -muxdelay 0 -f mpegts");
    // Whichever programme is taken, its own sound is heard.
    player::Reader reader(path, player::Reader::Want::both, 320, 180);
    const bool second = reader.facts().width == 640;
    expect_times(tones(author::decode_sound(path)), second ? Times{400, 1600} : Times{1000}, 10, "tone");
}

TEST_F(Transport, DataBesideTheSound) {
    folder_.write("data.bin", std::string(4000, '\x11'));
    const auto path =
        make("a.ts",
             "%v %a -f data -i " + (folder_ / "data.bin") +
                 " -map 0:v -map 1:a -map 2:d -c:v libx264 -bf 2 -c:a mp2 -c:d copy -muxdelay 0 -f mpegts");
    expect(bytes_of(path), 2000, {400, 1600});
}

// A DVD recorder's file, whose last pictures have no timestamps.
TEST_F(Transport, ProgrammeStream) {
    for (const auto* options : {"-c:v mpeg2video -c:a mp2", "-c:v mpeg2video -bf 2 -g 12 -c:a ac3 -f vob",
                                "-c:v mpeg1video -c:a mp2 -f mpeg"}) {
        SCOPED_TRACE(options);
        expect(bytes_of(make("b.mpg", std::string("%v %a ") + options)), 2000, {400, 1600});
    }
}

// The last piece of sound is there in part: it is left out, and a note says so.
TEST_F(Transport, EndsWithinAFrameOfSound) {
    const auto whole = stream("3", "-c:v libx264 -bf 2 -g 12 -c:a aac");
    for (const std::size_t share : {90U, 93U, 95U, 97U, 99U}) {
        const auto path = folder_.write("a.ts", whole.substr(0, whole.size() * share / 100));
        author::Watched watched;
        EXPECT_EQ(test::error_of([&] { watched = author::watch_video(path); }), "") << share;
        EXPECT_THAT(torn(watched.picture_findings), testing::Not(testing::IsEmpty())) << share;
        EXPECT_EQ(test::error_of([&] { static_cast<void>(author::decode_sound(path)); }), "") << share;
    }
}

TEST_F(Transport, SoundOfTelevision) {
    for (const auto* options : {"-c:v mpeg2video -bf 2 -c:a ac3", "-c:v libx264 -c:a aac -mpegts_flags latm",
                                "-c:v libx265 -x265-params log-level=none -c:a eac3",
                                "-c:v mpeg2video -ac 2 -c:a s302m -strict -2"}) {
        SCOPED_TRACE(options);
        expect(stream("3", options), 2000, {400, 1600});
    }
}

}  // namespace
}  // namespace riverlight::reports
