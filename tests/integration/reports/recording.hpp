#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "content/base/files.hpp"
#include "player/av/reader.hpp"
#include "tests/support/folder.hpp"
#include "tools/author/author_limits.hpp"
#include "tools/author/film.hpp"
#include "tools/author/sound.hpp"
#include "tools/author/watch.hpp"

/// Inputs after public bug reports, made by FFmpeg's command line and by bytes that a test changes, and what
/// Riverlight makes of them. tests/data/README.md says which report each one stands for.
namespace riverlight::reports {

/// Two seconds: a red, a green, a blue and a grey quarter. At 0.4 s and at 1.6 s a light stands in the middle
/// for 0.08 s, and a tone of 1 kHz sounds.
inline constexpr auto picture_input =
    "-f lavfi -i \"color=0x404040:s=320x180:r=25:d=2,"
    "drawbox=x=0:y=0:w=160:h=90:color=0xc02020:t=fill,drawbox=x=160:y=0:w=160:h=90:color=0x20a020:t=fill,"
    "drawbox=x=0:y=90:w=160:h=90:color=0x2020c0:t=fill,drawbox=x=120:y=60:w=80:h=60:color=white:t=fill:"
    "enable='between(t,0.39,0.47)+between(t,1.59,1.67)'\" ";
inline constexpr auto sound_input =
    "-f lavfi -i \"aevalsrc='0.5*sin(2*PI*1000*t)*(gte(t,0.4)*lt(t,0.48)+gte(t,1.6)*lt(t,1.68))':"
    "s=48000:d=2,aformat=channel_layouts=stereo\" ";
/// As sound_input, with one tone at 1 s.
inline constexpr auto other_sound_input =
    "-f lavfi -i \"aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,1)*lt(t,1.08)':s=48000:d=2\" ";

using Times = std::vector<std::int64_t>;  ///< in ms

/// `words` with %v, %a and %b for the inputs picture_input, sound_input and other_sound_input.
inline std::string with_inputs(std::string words) {
    for (const auto& [mark, input] :
         {std::pair{"%v", picture_input}, std::pair{"%a", sound_input}, std::pair{"%b", other_sound_input}})
        for (auto at = words.find(mark); at != std::string::npos; at = words.find(mark))
            words.replace(at, 2, input);
    return words;
}

/// When lights and tones begin, with ±20 ms for a light (half a picture) and ±10 ms for a tone.
inline void expect_times(const Times& found, const Times& wanted, std::int64_t tolerance, const char* what) {
    ASSERT_EQ(found.size(), wanted.size()) << what << ": " << testing::PrintToString(found);
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_LE(std::abs(found[i] - wanted[i]), tolerance) << what << ": " << testing::PrintToString(found);
}

class Recording : public testing::Test {
  protected:
    /// Makes `name` in the test's folder; `words` as for with_inputs().
    std::string make(const std::string& name, const std::string& words) const {
        const auto path = folder_ / name;
        const auto line = "ffmpeg -v error -nostdin -y " + with_inputs(words) + ' ' + path;
        EXPECT_EQ(std::system(line.c_str()), 0) << line;  // NOLINT(cert-env33-c): fixed words
        return path;
    }
    /// Makes the file of a report: what FFmpeg writes, and what the report changes of its bytes.
    template <class Report>
    std::string make(const Report& report) const {
        const auto path = make(report.file, report.words);
        if (!report.change) return path;
        auto bytes = bytes_of(path);
        report.change(bytes);
        folder_.write(report.file, bytes);
        return path;
    }
    [[nodiscard]] static std::string bytes_of(const std::string& path) { return read_file(path, 64U << 20); }

    static Times lights(const std::string& path) {
        player::Reader reader(path, player::Reader::Want::picture, 320, 180, {}, author::author_limits());
        Times found;
        bool on = false;
        while (const auto frame = reader.next_picture()) {
            const bool light = frame->picture.y[std::size_t{90} * 320 + 160] > 150;
            if (light && !on) found.push_back(frame->pts.num * 1000 / frame->pts.den);
            on = light;
        }
        return found;
    }
    /// A tone begins where samples are loud after 0.1 s without such.
    static Times tones(const player::Samples& samples) {
        Times found;
        std::int64_t quiet = player::sample_rate;
        for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
            const bool loud = std::max(std::abs(samples[i]), std::abs(samples[i + 1])) > 0.12F;
            if (loud && quiet > player::sample_rate / 10)
                found.push_back(static_cast<std::int64_t>(i) / 2 * 1000 / player::sample_rate);
            quiet = loud ? 0 : quiet + 1;
        }
        return found;
    }
    static std::int64_t length_of(const player::Samples& samples) {
        return static_cast<std::int64_t>(samples.size()) / 2 * 1000 / player::sample_rate;
    }
    /// What is found of a file's end, apart from remarks on what it shows.
    static std::vector<quality::Defect> torn(const std::vector<quality::SegmentFinding>& findings) {
        std::vector<quality::Defect> found;
        for (const auto& finding : findings)
            if (finding.defect == quality::Defect::torn) found.push_back(finding.defect);
        return found;
    }
    test::Folder folder_;
};

}  // namespace riverlight::reports
