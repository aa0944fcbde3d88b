// Recordings whose containers say odd things about time: as long as they are, and sound in step with the
// pictures from beginning to end.
#include "tests/integration/reports/recording.hpp"

namespace riverlight::reports {
namespace {

struct Timed {
    std::string name;  ///< project and number of the report, and what is odd
    std::string file;
    std::string words;
    Times lights{400, 1600}, tones{400, 1600};
    std::int64_t length = 2000;                          ///< of the segment, in ms
    std::function<void(std::string&)> change = nullptr;  ///< of the file's bytes
};
void PrintTo(const Timed& timed, std::ostream* out) {
    *out << timed.name;
}

class Timing : public Recording, public testing::WithParamInterface<Timed> {};

TEST_P(Timing, IsAsLongAsItIsAndInStep) {
    const auto& report = GetParam();
    const auto path = make(report);
    const auto watched = author::watch_video(path);
    EXPECT_EQ(watched.duration.count(), report.length);
    EXPECT_THAT(torn(watched.picture_findings), testing::IsEmpty());
    expect_times(lights(path), report.lights, 20, "light");
    expect_times(tones(author::decode_sound(path)), report.tones, 10, "tone");
}

/// Replaces each `from` by `to`, of the same length, and says how many there were.
int replace_all(std::string& bytes, const std::string& from, const std::string& to) {
    int count = 0;
    for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1), ++count)
        bytes.replace(at, from.size(), to);
    return count;
}

/// Matroska's DefaultDuration says 80 ms a picture, which is twice what it is.
void double_default_duration(std::string& bytes) {
    // Element 0x23E383 with four bytes: 40,000,000 ns, then 80,000,000 ns.
    EXPECT_EQ(replace_all(bytes, std::string("\x23\xe3\x83\x84\x02\x62\x5a\x00", 8),
                          std::string("\x23\xe3\x83\x84\x04\xc4\xb4\x00", 8)),
              1);
}

const std::vector<Timed> containers{
    {"HandBrake_465_SoundDelayedInMatroska",
     "a.mkv",
     "%v -itsoffset 0.6 %a -c:v libx264 -bf 0 -c:a flac",
     {400, 1600},
     {1000, 2200}},
    {"gpac_569_EmptyEditBeforeBFrames",
     "a.mp4",
     "-itsoffset 0.5 %v %a -c:v libx264 -bf 2 -c:a aac",
     {900, 2100},
     {400, 1600},
     2520},
    {"gpac_1405_EmptyEditsOnBothTracks", "a.mp4",
     "%v %a -c:v libx264 -bf 2 -c:a aac -output_ts_offset 2.021"},
    {"smelter_1897_EmptyEditOfTheSound",
     "a.mp4",
     "%v -itsoffset 0.6 %a -c:v libx264 -c:a aac",
     {400, 1600},
     {1000, 2200}},
    {"mkvtoolnix_1889_NoEditList", "a.mp4", "%v %a -c:v libx264 -bf 2 -c:a aac -use_editlist 0"},
    {"web_audio_api_1091_AacPriming", "a.mov", "%v %a -c:v mjpeg -c:a aac"},
    {"HandBrake_1120_RateOf23976",
     "a.mp4",
     "%v %a -r 24000/1001 -c:v libx264 -c:a aac",
     {417, 1668},
     {400, 1600},
     2080},
    {"RecordRTC_147_NoDurationNoCues", "a.webm", "%v %a -c:v libvpx -b:v 400k -c:a libopus -f webm -live 1"},
    {"ladybird_6685_OpusDelayInWebm", "a.webm", "%v %a -c:v libvpx-vp9 -b:v 400k -c:a libopus"},
    {"AetherEngine_7_OpusDelayInMatroska", "a.mkv", "%v %a -c:v libx264 -c:a libopus"},
    {"SRS_1292_FragmentedMp4", "a.mp4",
     "%v %a -c:v libx264 -g 10 -c:a aac -movflags frag_keyframe+empty_moov"},
    {"FragmentsThatStartLate", "a.mp4",
     "%v %a -c:v libx264 -g 10 -c:a aac -movflags frag_keyframe+empty_moov+default_base_moof "
     "-output_ts_offset 3600"},
    {"MythTV_548_DefaultDurationIsTwiceAsLong",
     "a.mkv",
     "%v %a -c:v libx264 -bf 0 -c:a aac",
     {400, 1600},
     {400, 1600},
     2040,
     double_default_duration},
    {"kickflip_9_VariableRateOfAPhone", "a.mp4",
     "%v %a -vf \"select='lt(n,12)+eq(n,15)+eq(n,16)+eq(n,40)+eq(n,41)+eq(n,43)+eq(n,49)'\" -fps_mode vfr "
     "-c:v libx264 -bf 0 -c:a aac"},
    {"Telegram_1964_RateThatRises", "a.mp4",
     "%v %a -vf \"select='not(mod(n,5))+gt(n,25)'\" -fps_mode vfr -c:v libx264 -c:a aac"},
    {"SideQuest_133_ScreenRecorderOf1000Fps", "a.webm",
     "%v %a -vf \"settb=1/1000,setpts='floor(N*40+gt(N,0)*3*sin(N))',select='gt(n,9)+not(mod(n,3))'\" "
     "-fps_mode passthrough -enc_time_base 1/1000 -c:v libvpx -b:v 400k -c:a libopus"},
    {"motioncam_119_RateThatDropsAtTheEnd", "a.mkv",
     "%v %a -vf \"select='lt(n,42)+eq(n,49)'\" -fps_mode vfr -c:v libx264 -c:a aac"},
};
INSTANTIATE_TEST_SUITE_P(Containers, Timing, testing::ValuesIn(containers),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace riverlight::reports
