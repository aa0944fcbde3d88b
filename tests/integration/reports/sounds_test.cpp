// Sound files of a language (sound.wav and its kin) with odd headers, codings and layouts: each is heard from
// its beginning to its end.
#include "tests/integration/reports/recording.hpp"

namespace riverlight::reports {
namespace {

struct Sound {
    std::string name, file, words;
    std::int64_t length = 2000, slack = 1;  ///< in ms
    Times tones{400, 1600};
    std::function<void(std::string&)> change = nullptr;  ///< of the file's bytes
};
void PrintTo(const Sound& sound, std::ostream* out) {
    *out << sound.name;
}

class Sounds : public Recording, public testing::WithParamInterface<Sound> {};

TEST_P(Sounds, AreHeardWhole) {
    const auto& report = GetParam();
    const auto path = make(report);
    const auto watched = author::watch_sound(path);
    EXPECT_THAT(torn(watched.sound_findings), testing::IsEmpty());
    const auto samples = author::decode_sound(path);
    EXPECT_LE(std::abs(length_of(samples) - report.length), report.slack);
    expect_times(tones(samples), report.tones, 5, "tone");
}

void put(std::string& bytes, std::size_t at, std::uint32_t value) {
    ASSERT_LE(at + 4, bytes.size());
    for (int i = 0; i < 4; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> 8 * i);
}
/// Where the size of the chunk `name` stands.
std::size_t size_at(const std::string& bytes, const std::string& name) {
    const auto at = bytes.find(name);
    EXPECT_NE(at, std::string::npos) << name;
    return at + 4;
}
/// Writes the size that a program which never came back to its header leaves there.
std::function<void(std::string&)> sizes(std::uint32_t riff, std::uint32_t data) {
    return [=](std::string& bytes) {
        put(bytes, 4, riff);
        put(bytes, size_at(bytes, "data"), data);
    };
}

constexpr auto wav = "%a -c:a pcm_s16le";

const std::vector<Sound> waves{
    {"music_metadata_707_SizesOfAPipe", "a.wav", wav, 2000, 1, {400, 1600}, sizes(0xffffffff, 0xffffffff)},
    {"NAudio_688_SizesOfZero", "a.wav", wav, 2000, 1, {400, 1600}, sizes(0, 0)},
    {"RS_39_RiffSizeWithoutDataSize", "a.wav", wav, 2000, 1, {400, 1600}, sizes(0x7ffff024, 0x7ffff000)},
    {"oboe_2108_LargestSignedSizes", "a.wav", wav, 2000, 1, {400, 1600}, sizes(0x7fffffff, 0x7fffffff)},
    {"NAudio_688_OnlyTheDataSizeIsWrong",
     "a.wav",
     wav,
     2000,
     1,
     {400, 1600},
     [](std::string& bytes) { put(bytes, size_at(bytes, "data"), 0xffffffff); }},
    {"go_audio_riff_1_ListsAroundTheData", "a.wav",
     "%a -c:a pcm_s16le -metadata title=t -metadata artist=abc -write_bext 1"},
    {"yellowShoes_13_MaskOverwritten",
     "a.wav",
     "%a -c:a pcm_s24le",
     2000,
     1,
     {400, 1600},
     [](std::string& bytes) { put(bytes, size_at(bytes, "fmt ") + 4 + 20, 0xffffffff); }},
    {"Chirpity_556_Rf64", "a.wav", "%a -c:a pcm_s16le -rf64 always"},
    {"WavOfFloat", "a.wav", "%a -c:a pcm_f32le"},
    {"WavOf32Bits", "a.wav", "%a -c:a pcm_s32le -ar 44100"},
    {"WavOf64BitFloat", "a.wav", "%a -c:a pcm_f64le -ar 96000"},
    {"WavOf8Bits", "a.wav", "%a -c:a pcm_u8 -ar 22050"},
    {"WavOfALaw", "a.wav", "%a -c:a pcm_alaw -ar 8000 -ac 1"},
    {"WavOfMuLaw", "a.wav", "%a -c:a pcm_mulaw -ar 8000 -ac 1"},
    {"WavOfAdpcm", "a.wav", "%a -c:a adpcm_ms -ar 44100", 2000, 30},
    {"WavOfImaAdpcm", "a.wav", "%a -c:a adpcm_ima_wav -ar 44100", 2000, 60},
    {"WavOfSurround", "a.wav", "%a -c:a pcm_s16le -ac 6"},
};
const std::vector<Sound> coded{
    {"web_audio_api_1091_AacPriming", "a.m4a", "%a -c:a aac", 2000, 25},
    {"Basis_959_AacOf44100", "a.m4a", "%a -c:a aac -ar 44100", 2000, 25},
    {"navidrome_2213_CoverInM4a", "a.m4a",
     "%a -f lavfi -i color=yellow:s=300x300:d=0.04 -map 0 -map 1 -c:a aac -c:v mjpeg -frames:v 1 "
     "-disposition:v "
     "attached_pic",
     2000, 25},
    {"Explo_219_CoverAsAPlainVideo", "a.m4a",
     "%a -f lavfi -i color=yellow:s=300x300:d=0.04 -map 0 -map 1 -c:a aac -c:v libx264 -frames:v 1 -f mp4",
     2000, 25},
    {"mpv_2823_OpusInOgg", "a.opus", "%a -c:a libopus"},
    {"symphonia_adapters_12_OpusOf8kHz", "a.opus", "%a -ar 8000 -ac 1 -c:a libopus"},
    {"VorbisInOgg", "a.ogg", "%a -c:a libvorbis", 2000, 5},
    {"MPC_BE_1241_TheoraCoverInOgg", "a.ogg",
     "%a -f lavfi -i color=yellow:s=320x320:d=0.04 -map 0 -map 1 -c:a libvorbis -c:v libtheora -frames:v 1",
     2000, 5},
    {"opencast_3694_CoverInMp3", "a.mp3",
     "%a -f lavfi -i color=yellow:s=300x300:d=0.04 -map 0 -map 1 -c:a libmp3lame -c:v mjpeg -frames:v 1 "
     "-id3v2_version 3",
     2000, 5},
    {"Mp3WithoutXingHeader",
     "a.mp3",
     "%a -c:a libmp3lame -write_xing 0 -id3v2_version 0",
     2050,
     60,
     {425, 1625}},
    {"FlacWithCover", "a.flac",
     "%a -f lavfi -i color=yellow:s=300x300:d=0.04 -map 0 -map 1 -c:a flac -c:v png -frames:v 1 "
     "-disposition:v "
     "attached_pic"},
    {"FlacOf24Bits96kHz", "a.flac", "%a -c:a flac -sample_fmt s32 -ar 96000"},
    {"AacOfAdts", "a.aac", "%a -c:a aac", 2040, 50, {421, 1621}},
    {"AlacInM4a", "a.m4a", "%a -c:a alac"},
    {"Cavern_6_Eac3InM4a", "a.m4a", "%a -c:a eac3 -f mp4", 2000, 40},
};
const auto name = [](const auto& test) { return test.param.name; };
INSTANTIATE_TEST_SUITE_P(Waves, Sounds, testing::ValuesIn(waves), name);
INSTANTIATE_TEST_SUITE_P(Coded, Sounds, testing::ValuesIn(coded), name);

// Another rate and other channels from the joint on, a tag there, and a length that libav can only guess.
TEST_F(Recording, TwoSoundFilesOneBehindTheOther) {
    for (const auto& [file, one, two] :
         {std::array{"a.mp3", "-ac 1 -ar 44100 -c:a libmp3lame", "-ac 2 -ar 48000 -c:a libmp3lame"},
          std::array{"a.aac", "-ac 1 -ar 48000 -c:a aac -b:a 32k", "-ac 2 -ar 48000 -c:a aac -b:a 192k"}}) {
        const auto first = bytes_of(make(std::string("one-") + file, std::string("%a ") + one));
        const auto path =
            folder_.write(file, first + bytes_of(make(std::string("two-") + file, std::string("%a ") + two)));
        const auto watched = author::watch_sound(path);
        EXPECT_THAT(torn(watched.sound_findings), testing::IsEmpty()) << file;
        EXPECT_NEAR(static_cast<double>(watched.sound.length.count()), 4000, 150) << file;
        expect_times(tones(author::decode_sound(path)), {400, 1600, 2400, 3600}, 120, file);
    }
}

/// One channel of two, and sound in the other only: as loud, and on its own side.
TEST_F(Recording, SoundInOneChannelStaysThere) {
    const auto path = make("a.wav", "%a -af pan=\"stereo|c0=0*c0|c1=c1\" -c:a pcm_s16le");
    const auto samples = author::decode_sound(path);
    float left = 0, right = 0;
    for (std::size_t i = 0; i < samples.size(); i += 2) {
        left = std::max(left, std::abs(samples[i]));
        right = std::max(right, std::abs(samples[i + 1]));
    }
    EXPECT_LT(left, 0.001F);
    EXPECT_NEAR(right, 0.354F, 0.01F);
}

}  // namespace
}  // namespace riverlight::reports
