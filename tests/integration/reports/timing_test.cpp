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

/// AVI: the sound's header lets it begin after 28,800 samples, which libavformat's muxer never writes.
void delay_avi_sound(std::string& bytes) {
    const auto header = bytes.find("auds");
    ASSERT_NE(header, std::string::npos);
    bytes.replace(header + 28, 4, std::string("\x80\x70\0\0", 4));
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

// Each stream of a WMV has the length of the whole file.
const std::vector<Timed> windows_media{
    {"WindowsMediaWhoseSoundStartsLate",
     "a.wmv",
     "%v -itsoffset 1.2 %a -c:v wmv2 -c:a wmav2",
     {400, 1600},
     {1600, 2800}},
};
INSTANTIATE_TEST_SUITE_P(WindowsMedia, Timing, testing::ValuesIn(windows_media),
                         [](const auto& test) { return test.param.name; });

// AVI has no times: what is late stands behind its first chunk, or only in the order of the chunks.
const std::vector<Timed> avi{
    {"AviWithMp3", "a.avi", "%v %a -c:v mpeg4 -c:a mp3"},
    {"AviWithMp3AndBPictures", "a.avi", "%v %a -c:v libx264 -bf 2 -c:a mp3 -ar 44100"},
    {"AviWithAc3", "a.avi", "%v %a -c:v mjpeg -c:a ac3"},
    {"AviWithAac", "a.avi", "%v %a -c:v mpeg4 -bf 2 -c:a aac"},
    {"AviWhoseSoundStartsLate",
     "a.avi",
     "%v -itsoffset 1.7 %a -c:v mpeg4 -c:a mp3",
     {400, 1600},
     {2100, 3300}},
    {"AviWhoseSoundStartsLateAndBPictures",
     "a.avi",
     "%v -itsoffset 0.5 %a -c:v libx264 -bf 2 -c:a mp3 -ar 44100",
     {400, 1600},
     {900, 2100}},
    {"AviWhoseUncompressedSoundStartsLate",
     "a.avi",
     "%v -itsoffset 0.6 %a -c:v libx264 -bf 2 -c:a pcm_s16le",
     {400, 1600},
     {1000, 2200}},
    {"AviWhosePicturesStartLate",
     "a.avi",
     "-itsoffset 0.6 %v %a -c:v mpeg4 -c:a mp3",
     {1000, 2200},
     {400, 1600},
     2600},
    {"AviWithAHoleInItsSound", "a.avi",
     "%v %a -c:v mpeg4 -af \"aselect='not(between(t,0.6,1.4))'\" -c:a mp3"},
    {"AviWhoseHeaderDelaysTheSound",
     "a.avi",
     "%v %a -c:v mjpeg -c:a pcm_s16le",
     {400, 1600},
     {1000, 2200},
     2000,
     delay_avi_sound},
};
INSTANTIATE_TEST_SUITE_P(Avi, Timing, testing::ValuesIn(avi),
                         [](const auto& test) { return test.param.name; });
INSTANTIATE_TEST_SUITE_P(Containers, Timing, testing::ValuesIn(containers),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace riverlight::reports
