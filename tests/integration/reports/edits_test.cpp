// Recordings that were cut without encoding them again, and edit lists as editors write them: what is shown
// begins within a group of pictures or within a picture, or has several pieces. In step from beginning to
// end.
#include "tests/integration/reports/recording.hpp"

namespace riverlight::reports {
namespace {

/// What is shown of a track: from `media` on, both in ms; nothing where `media` is negative.
struct Piece {
    std::int64_t length, media;
};

struct Cut {
    std::string name;    ///< project and number of the report, and what is odd
    std::string file;    ///< of the whole and, after "cut-", of the cut recording
    std::string coding;  ///< of the whole recording
    std::string words;   ///< FFmpeg's, that cut it, with %s for the whole one
    std::int64_t length = 2000;
    Times lights{400, 1600}, tones{400, 1600};
    std::function<void(std::string&)> change = nullptr;  ///< of the whole file's bytes, in place of `words`
};
void PrintTo(const Cut& cut, std::ostream* out) {
    *out << cut.name;
}

class Cuts : public Recording, public testing::WithParamInterface<Cut> {
  protected:
    [[nodiscard]] std::string cut_file(const Cut& cut) const {
        const auto whole = make(cut.file, "%v %a " + cut.coding);
        if (!cut.change) {
            auto words = cut.words;
            return make("cut-" + cut.file, words.replace(words.find("%s"), 2, whole));
        }
        auto bytes = bytes_of(whole);
        cut.change(bytes);
        return folder_.write("cut-" + cut.file, bytes);
    }
};

TEST_P(Cuts, AreInStep) {
    const auto& cut = GetParam();
    const auto path = cut_file(cut);
    const auto watched = author::watch_video(path);
    EXPECT_EQ(watched.duration.count(), cut.length);
    // A light begins with a picture: its time is exact.
    expect_times(lights(path), cut.lights, 1, "light");
    expect_times(tones(author::decode_sound(path)), cut.tones, 10, "tone");
}

std::uint32_t number(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}
std::string big_endian(std::int64_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

/// Replaces the edits of each track. The index stands behind the media, so that no offset changes.
void set_pieces(std::string& bytes, const std::vector<Piece>& pieces) {
    ASSERT_LT(bytes.find("mdat"), bytes.find("moov"));
    for (auto list = bytes.find("elst"); list != std::string::npos; list = bytes.find("elst", list + 4)) {
        const auto size = number(bytes, list - 4), count = number(bytes, list + 8);
        const std::int64_t first = number(bytes, list + 12 + (count - 1) * 12 + 4);  // behind the priming
        const std::int64_t rate = number(bytes, bytes.find("mdhd", list) + 16);
        auto table =
            std::string("elst") + big_endian(0) + big_endian(static_cast<std::int64_t>(pieces.size()));
        for (const auto& piece : pieces)
            table += big_endian(piece.length) +
                     big_endian(piece.media < 0 ? -1 : first + piece.media * rate / 1000) +
                     big_endian(0x10000);
        bytes.replace(list, size - 4, table);
        const auto more = static_cast<std::int64_t>(table.size()) - (size - 4);
        for (const auto* box : {"elst", "edts", "trak", "moov"}) {
            const auto at = bytes.rfind(box, list) - 4;
            bytes.replace(at, 4, big_endian(number(bytes, at) + more));
        }
    }
}
std::function<void(std::string&)> pieces(std::vector<Piece> list) {
    return [list = std::move(list)](std::string& bytes) { set_pieces(bytes, list); };
}

// 0.5 s is the middle of a picture: the first one that is shown whole comes 20 ms later.
const std::string at_half = "-ss 0.5 -i %s -map 0:v -map 0:a -c copy";
const std::vector<Cut> cut_within_a_picture{
    {"CutWithinAPicture", "a.mp4", "-c:v libx264 -bf 2 -c:a aac", at_half, 1480, {1080}, {1080}},
    {"CutWithinAPictureOfHevc",
     "a.mp4",
     "-c:v libx265 -x265-params log-level=none:bframes=3 -tag:v hvc1 -c:a aac",
     at_half,
     1480,
     {1080},
     {1080}},
    {"CutWithNegativeTimes",
     "a.mp4",
     "-c:v libx264 -bf 2 -c:a aac",
     at_half + " -avoid_negative_ts disabled",
     1480,
     {1080},
     {1080}},
    {"CutOfACameraWithTimecode",
     "a.mov",
     "-c:v libx264 -bf 2 -c:a pcm_s16le -timecode 10:00:00:00",
     at_half,
     1480,
     {1080},
     {1080}},
    {"CutWhereSoundStartsLate",
     "a.mp4",
     "-c:v libx264 -bf 2 -af adelay=300:all=1 -c:a aac",
     at_half,
     1480,
     {1080},
     {180, 1380}},
    // libav returns the pictures before the cut.
    {"CutOfAv1", "a.mp4", "-c:v libaom-av1 -cpu-used 8 -c:a aac", at_half, 1480, {1080}, {1080}},
    {"CutOfMotionJpeg", "a.mov", "-c:v mjpeg -c:a pcm_s16le", at_half, 1480, {1080}, {1080}},
};
INSTANTIATE_TEST_SUITE_P(WithinAPicture, Cuts, testing::ValuesIn(cut_within_a_picture),
                         [](const auto& test) { return test.param.name; });

const std::vector<Cut> cut_to_other_containers{
    {"CutTransportStream",
     "a.ts",
     "-c:v libx264 -bf 2 -g 10 -c:a aac",
     "-i %s -ss 0.5 -c copy",
     1520,
     {1109},
     {1109}},
    {"CutMatroska", "a.mkv", "-c:v libx264 -bf 2 -g 10 -c:a aac", at_half, 2000, {400, 1600}, {400, 1600}},
};
INSTANTIATE_TEST_SUITE_P(OtherContainers, Cuts, testing::ValuesIn(cut_to_other_containers),
                         [](const auto& test) { return test.param.name; });

const std::string with_b_pictures = "-c:v libx264 -bf 2 -c:a aac";
const std::vector<Cut> several_pieces{
    {"TwoPieces",
     "a.mp4",
     with_b_pictures,
     "",
     1200,
     {400, 800},
     {400, 800},
     pieces({{500, 0}, {700, 1300}})},
    {"APieceTwice",
     "a.mp4",
     with_b_pictures,
     "",
     1400,
     {280, 980},
     {280, 980},
     pieces({{700, 100}, {700, 100}})},
    {"PiecesInAnotherOrder",
     "a.mp4",
     with_b_pictures,
     "",
     1280,
     {280, 880},
     {280, 880},
     pieces({{600, 1300}, {700, 100}})},
    {"NothingBetweenTwoPieces",
     "a.mp4",
     with_b_pictures,
     "",
     1800,
     {400, 1400},
     {400, 1400},
     pieces({{500, 0}, {600, -1}, {700, 1300}})},
};
INSTANTIATE_TEST_SUITE_P(SeveralPieces, Cuts, testing::ValuesIn(several_pieces),
                         [](const auto& test) { return test.param.name; });

struct Material {
    std::string name, coding;
};
void PrintTo(const Material& material, std::ostream* out) {
    *out << material.name;
}

/// The index of an MXF file stands at its end; libavformat's own says nothing of the order of H.264.
class MaterialExchange : public Recording, public testing::WithParamInterface<Material> {};

TEST_P(MaterialExchange, IsInStepWithAndWithoutItsIndex) {
    const auto whole = make("a.mxf", "%v %a " + GetParam().coding + " -c:a pcm_s16le");
    const auto bytes = bytes_of(whole);
    const auto torn_off = folder_.write("b.mxf", bytes.substr(0, bytes.size() * 97 / 100));
    for (const auto& path : {whole, torn_off}) {
        expect_times(lights(path), {400, 1600}, 1, "light");
        expect_times(tones(author::decode_sound(path)), {400, 1600}, 10, "tone");
    }
}
const std::vector<Material> materials{
    {"MxfOfMpeg2", "-c:v mpeg2video -q:v 4 -bf 0"},
    {"MxfOfMpeg2WithBPictures", "-c:v mpeg2video -q:v 4 -bf 2"},
    {"MxfOfH264", "-c:v libx264 -bf 0"},
    {"MxfOfH264WithBPictures", "-c:v libx264 -bf 2"},
};
INSTANTIATE_TEST_SUITE_P(All, MaterialExchange, testing::ValuesIn(materials),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace riverlight::reports
