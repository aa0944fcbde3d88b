// Recordings that were cut off: a note says when the last picture and the last sound end, and of how much.
#include <regex>

#include "tests/integration/reports/recording.hpp"

namespace riverlight::reports {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Pictures of which each takes much the same room, and sound throughout.
constexpr auto noisy_input =
    "-f lavfi -i \"color=0x404040:s=320x180:r=25:d=2,noise=alls=20:allf=t\" "
    "-f lavfi -i \"anoisesrc=a=0.1:d=2:r=48000,aformat=channel_layouts=stereo\" ";

class Ends : public Recording {
  protected:
    [[nodiscard]] std::string noisy(const std::string& name, const std::string& options) const {
        return bytes_of(make(name, std::string(noisy_input) + options));
    }
    /// All that is said of the end of a file that is taken.
    [[nodiscard]] std::vector<std::string> said(const std::string& name, const std::string& bytes) const {
        const auto path = folder_.write(name, bytes);
        std::vector<std::string> words;
        const auto watched = author::watch_video(path);
        for (const auto* findings : {&watched.picture_findings, &watched.sound_findings})
            for (const auto& finding : *findings)
                if (is_of_the_end(finding.defect)) words.push_back(finding.what);
        return words;
    }
    static bool is_of_the_end(quality::Defect defect) {
        return defect == quality::Defect::torn || defect == quality::Defect::ends_early ||
               defect == quality::Defect::ends_late;
    }
    /// Seconds behind the words.
    static double seconds_after(const std::string& text, const std::string& words) {
        std::smatch found;
        return std::regex_search(text, found, std::regex(words + " ([0-9.]+) s")) ? std::stod(found[1]) : -1;
    }
};

struct Cut {
    std::string name, file, options;
    bool says_its_length;
};
void PrintTo(const Cut& cut, std::ostream* out) {
    *out << cut.name;
}

class EndsOf : public Ends, public testing::WithParamInterface<Cut> {};

TEST_P(EndsOf, SayWhatIsMissing) {
    const auto& kind = GetParam();
    const auto whole = noisy(kind.file, kind.options);
    EXPECT_THAT(said(kind.file, whole), IsEmpty());
    for (const std::size_t percent : {75U, 88U, 97U}) {
        SCOPED_TRACE(percent);
        const auto words = said(kind.file, whole.substr(0, whole.size() * percent / 100));
        ASSERT_THAT(words, Not(IsEmpty()));
        EXPECT_THAT(words, Each(HasSubstr(kind.says_its_length ? " of 2." : "does not say")));
        const auto light = author::watch_video(folder_ / kind.file).duration.count();
        const auto end = std::max(seconds_after(words[0], "last picture ends at"),
                                  seconds_after(words[0], "its picture are missing: it ends at"));
        if (words[0].find("picture") != std::string::npos) {
            EXPECT_LE(std::abs(end * 1000 - static_cast<double>(light)), 45) << words[0];
        }
    }
}

const std::vector<Cut> kinds{
    {"MxfOfAnEditor", "a.mxf", "-c:v mpeg2video -q:v 4 -c:a pcm_s16le", true},
    {"OggWithTheora", "a.ogv", "-c:v libtheora -q:v 7 -c:a libvorbis", false},
    {"WindowsMedia", "a.wmv", "-c:v wmv2 -q:v 4 -c:a wmav2", true},
    {"FlashVideoCutOff", "a.flv", "-c:v flv -q:v 4 -c:a mp3 -ar 44100", true},
    {"ProgrammeStreamCutOff", "a.mpg", "-c:v mpeg2video -q:v 4 -c:a mp2 -f mpeg", false},
    {"TransportStreamCutOff", "a.ts", "-c:v libx264 -bf 2 -g 12 -qp 24 -c:a mp2", false},
};
INSTANTIATE_TEST_SUITE_P(Kinds, EndsOf, testing::ValuesIn(kinds),
                         [](const auto& test) { return test.param.name; });

// Nothing but the ends of its streams shows that a transport stream was cut off between two of its packets.
TEST_F(Ends, OfTransportPackets) {
    constexpr std::size_t packet = 188;
    for (const auto* options : {"-c:v libx264 -bf 2 -g 12 -b:v 1M -c:a aac -b:a 96k",
                                "-c:v mpeg2video -bf 2 -g 12 -b:v 1M -c:a mp2"}) {
        const auto whole = noisy("a.ts", options);
        const auto packets = whole.size() / packet;
        for (const std::size_t less : {40U, 41U, 55U, 72U, 90U, 121U, 150U, 211U}) {
            SCOPED_TRACE(std::string(options) + ", " + std::to_string(less) + " packets less");
            EXPECT_THAT(said("a.ts", whole.substr(0, (packets - less) * packet)), Not(IsEmpty()));
        }
    }
}

// A recorder in which the power failed: the file's last bytes are there, and hold half a picture.
TEST_F(Ends, WithinAPictureThatIsLeftOut) {
    const auto whole = noisy("a.mkv", "-c:v libx264 -bf 2 -g 12 -b:v 1M -c:a mp2 -f matroska -live 1");
    const auto words = said("a.mkv", whole.substr(0, whole.size() * 9 / 10));
    EXPECT_THAT(words, Not(IsEmpty()));
}

TEST_F(Ends, OfSoundFilesWithoutALength) {
    for (const auto* name : {"a.opus", "b.ogg"}) {
        const auto whole = bytes_of(make(name, std::string("-f lavfi -i anoisesrc=a=0.1:d=2:r=48000 -c:a ") +
                                                   (name[0] == 'a' ? "libopus" : "libvorbis")));
        EXPECT_THAT(torn(author::watch_sound(folder_ / name).sound_findings), IsEmpty()) << name;
        const auto path = folder_.write(name, whole.substr(0, whole.size() * 3 / 4));
        const auto findings = author::watch_sound(path).sound_findings;
        ASSERT_THAT(torn(findings), Not(IsEmpty())) << name;
        EXPECT_THAT(findings[0].what, AllOf(HasSubstr("last sound ends at"), HasSubstr("does not say")))
            << name;
    }
}

}  // namespace
}  // namespace riverlight::reports
