// Sound that changes inside a file: channels, rate, sample format. Each part is heard at its pitch, for its
// length, in its place. FFmpeg's command line writes the parts; they are joined byte by byte, as a broadcast
// recording is.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "content/base/files.hpp"
#include "player/av/reader.hpp"
#include "player/av/scan.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

constexpr int seconds = 2;  ///< of each part

/// One part of a recording.
struct Part {
    int hertz;             ///< of its tone
    std::string channels;  ///< as FFmpeg names them
    int rate;
};

struct Recording {
    std::string name, file, options;  ///< file: its ending selects the container
    std::vector<Part> parts;
    std::string muxing = " -muxdelay 0 -muxpreload 0 ";  ///< of a transport stream: a packet for each frame
};

void PrintTo(const Recording& recording, std::ostream* out) {
    *out << recording.name;
}

class SoundChanges : public testing::TestWithParam<Recording> {
  protected:
    static void run(const std::string& words) {
        const auto line = "ffmpeg -v error -nostdin -y " + words;
        ASSERT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
    }

    /// The parts one behind the other, each beginning where the one before it ends.
    std::string record(const Recording& recording) {
        std::string bytes;
        for (std::size_t i = 0; i < recording.parts.size(); ++i) {
            const auto& part = recording.parts[i];
            const auto path = folder_ / ("part-" + std::to_string(i) + recording.file);
            run("-f lavfi -i sine=frequency=" + std::to_string(part.hertz) +
                ":sample_rate=" + std::to_string(part.rate) + ":duration=" + std::to_string(seconds) +
                " -af aformat=channel_layouts=" + part.channels + " " + recording.options +
                " -output_ts_offset " + std::to_string(seconds * static_cast<int>(i)) + recording.muxing +
                path);
            bytes += read_file(path, 64U << 20);
        }
        return folder_.write("recording" + recording.file, bytes);
    }

    static Samples left_of(const Samples& stereo) {
        Samples left;
        for (std::size_t i = 0; i < stereo.size(); i += 2) left.push_back(stereo[i]);
        return left;
    }

    template <class File>
    static Samples all_samples(File& file) {
        Samples all;
        for (auto some = file.next_samples(); !some.empty(); some = file.next_samples())
            all.insert(all.end(), some.begin(), some.end());
        return left_of(all);
    }

    /// The tone between two times, by its rising zero crossings.
    static double hertz(const Samples& samples, double from, double until) {
        int crossings = 0;
        const auto at = [](double time) { return static_cast<std::size_t>(time * sample_rate); };
        for (auto i = at(from); i < at(until) && i + 1 < samples.size(); ++i)
            crossings += samples[i] < 0 && samples[i + 1] >= 0;
        return crossings / (until - from);
    }

    test::Folder folder_;
};

TEST_P(SoundChanges, EachPartIsHeardAtItsPitchForItsLength) {
    const auto& parts = GetParam().parts;
    const auto path = record(GetParam());
    Reader reader(path, Reader::Want::sound, 0, 0);
    const auto samples = all_samples(reader);
    // What has no header that says so begins and ends with its encoder's padding.
    const bool padded = GetParam().file == ".mp3" || GetParam().file == ".aac";
    const double padding = padded ? 0.07 * static_cast<double>(parts.size()) : 0.1;
    EXPECT_NEAR(static_cast<double>(samples.size()) / sample_rate,
                static_cast<double>(seconds * parts.size()), padding);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const double begin = static_cast<double>(i) * seconds;
        EXPECT_NEAR(hertz(samples, begin + 0.2, begin + 1.8), parts[i].hertz, 3) << "part " << i;
    }
    EXPECT_EQ(reader.corrupt(), 0);
}

TEST_P(SoundChanges, TheScanOfAnAuthorsCheckHearsTheSame) {
    const auto path = record(GetParam());
    Reader reader(path, Reader::Want::sound, 0, 0);
    Scan scan(path);
    EXPECT_EQ(all_samples(scan), all_samples(reader));
}

/// A PES packet holds several frames, of which only the first has a timestamp.
constexpr auto long_packets = " -muxdelay 0.7 -muxpreload 0.5 ";

const std::vector<Part> surround_then_stereo{{1000, "5.1", 48'000}, {600, "stereo", 48'000}},
    stereo_then_surround{{1000, "stereo", 48'000}, {600, "5.1", 48'000}},
    mono_then_stereo{{1000, "mono", 48'000}, {600, "stereo", 48'000}, {800, "mono", 48'000}},
    slower{{1000, "stereo", 48'000}, {600, "stereo", 44'100}, {800, "stereo", 32'000}},
    faster{{1000, "mono", 32'000}, {600, "stereo", 48'000}, {800, "stereo", 44'100}};

INSTANTIATE_TEST_SUITE_P(
    Recordings, SoundChanges,
    testing::Values(Recording{"SurroundThenStereoAac", ".ts", "-c:a aac", surround_then_stereo},
                    Recording{"StereoThenSurroundAac", ".ts", "-c:a aac", stereo_then_surround},
                    Recording{"SurroundThenStereoAc3", ".ts", "-c:a ac3", surround_then_stereo},
                    Recording{"StereoThenSurroundAc3", ".ts", "-c:a ac3", stereo_then_surround},
                    Recording{"MonoThenStereoAac", ".ts", "-c:a aac", mono_then_stereo},
                    Recording{"MonoThenStereoMp2", ".ts", "-c:a mp2", mono_then_stereo},
                    Recording{"SlowerAac", ".ts", "-c:a aac", slower},
                    Recording{"FasterAac", ".ts", "-c:a aac", faster},
                    Recording{"SlowerMp2", ".ts", "-c:a mp2", slower},
                    Recording{"FasterAc3", ".ts", "-c:a ac3", faster},
                    Recording{"SlowerAacLongPackets", ".ts", "-c:a aac -b:a 48k", slower, long_packets},
                    Recording{"FasterAacLongPackets", ".ts", "-c:a aac -b:a 48k", faster, long_packets},
                    Recording{"SlowerMp2LongPackets", ".ts", "-c:a mp2 -b:a 64k", slower, long_packets},
                    Recording{"FasterAc3LongPackets", ".ts", "-c:a ac3 -b:a 64k", faster, long_packets},
                    Recording{"SlowerAdts", ".aac", "-c:a aac", slower},
                    Recording{"FasterAdts", ".aac", "-c:a aac", faster},
                    Recording{"MonoThenStereoAdts", ".aac", "-c:a aac", mono_then_stereo},
                    Recording{"SlowerFlac", ".flac", "-c:a flac", slower},
                    Recording{"MonoThenStereoFlac", ".flac", "-c:a flac", mono_then_stereo},
                    Recording{"SlowerVorbis", ".ogg", "-c:a libvorbis", slower},
                    Recording{"FasterVorbis", ".ogg", "-c:a libvorbis", faster},
                    Recording{"MonoThenStereoOpus", ".opus", "-c:a libopus", mono_then_stereo},
                    Recording{"SlowerMp3", ".mp3", "-c:a libmp3lame -write_xing 0 -id3v2_version 0", slower},
                    Recording{"FasterMp3", ".mp3", "-c:a libmp3lame -write_xing 0 -id3v2_version 0", faster}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace riverlight::player
