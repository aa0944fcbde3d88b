#include "player/feed/profile.hpp"

#include <array>
#include <cassert>
#include <numeric>

#include "content/base/error.hpp"
#include "content/base/suggest.hpp"

namespace riverlight::player {
namespace {

/// A format, with the rates of each video codec.
struct Row {
    std::string_view format;
    int width, height, coded_width, rate;
    bool interlaced;
    const char* level;
    struct Rates {
        std::int64_t video, buffer, reserve, mux;  // bit/s, bits, bits, bit/s
    } h264, mpeg2;
};

// Buffer and reserve together stay within what the codec's level gives a decoder: 17.5 Mb and more for these
// levels of H.264 (ISO/IEC 14496-10, Table A-1, High), 1,835,008 bits for MPEG-2 at Main Level and 9,781,248
// at High Level (13818-2, Table 8-14).
constexpr std::array<Row, 4> rows{{
    {"720p25",
     1280,
     720,
     1280,
     25,
     false,
     "3.1",
     {4'000'000, 2'000'000, 1'400'000, 5'000'000},
     {8'000'000, 3'200'000, 2'000'000, 9'500'000}},
    {"720p50",
     1280,
     720,
     1280,
     50,
     false,
     "3.2",
     {6'000'000, 3'000'000, 2'100'000, 7'200'000},
     {12'000'000, 4'800'000, 3'000'000, 13'800'000}},
    {"1080i25",
     1920,
     1080,
     1920,
     25,
     true,
     "4.0",
     {8'000'000, 4'000'000, 2'800'000, 9'500'000},
     {15'000'000, 6'000'000, 3'700'000, 17'000'000}},
    {"576i25",
     1024,
     576,
     720,
     25,
     true,
     "3.0",
     {3'000'000, 1'500'000, 1'000'000, 3'900'000},
     {5'000'000, 1'100'000, 700'000, 6'200'000}},
}};

template <class Codec>
struct Name {
    std::string_view name;
    Codec codec;
    std::int64_t rate = 0;
};
constexpr std::array<Name<VideoCodec>, 2> videos{{{"h264", VideoCodec::h264}, {"mpeg2", VideoCodec::mpeg2}}};
constexpr std::array<Name<SoundCodec>, 3> sounds{{{"mp2", SoundCodec::mp2, 192'000},
                                                  {"aac", SoundCodec::aac, 160'000},
                                                  {"ac3", SoundCodec::ac3, 192'000}}};

Profile make(const Row& row, const Name<VideoCodec>& video, const Name<SoundCodec>& sound) {
    const auto& rates = video.codec == VideoCodec::h264 ? row.h264 : row.mpeg2;
    Profile p;
    p.name = std::string(row.format) +
             (video.codec == VideoCodec::h264 ? "" : "-" + std::string(video.name)) +
             (sound.codec == SoundCodec::mp2 ? "" : "-" + std::string(sound.name));
    auto& c = p.coding;
    c.width = row.width;
    c.height = row.height;
    c.coded_width = row.coded_width;
    c.rate = {row.rate, 1};
    c.interlaced = row.interlaced;
    c.video = video.codec;
    c.sound = sound.codec;
    c.video_rate = rates.video;
    c.buffer_bits = rates.buffer;
    c.sound_rate = sound.rate;
    c.gop = row.rate * 24 / 25;  // a multiple of every grid below
    c.level = row.level;
    p.format = {row.width, row.height, c.rate, 1, row.interlaced};
    const std::int64_t frame = p.format.samples_a_frame();
    p.format.grid = static_cast<int>(std::lcm(frame, std::int64_t{sound_frame_samples(sound.codec)}) / frame);
    p.mux_rate = rates.mux;
    p.splice_fullness = rates.buffer * 3 / 4;
    p.reserve_bits = rates.reserve;
    assert(c.gop % p.format.grid == 0 && p.splice_fullness < c.buffer_bits);
    return p;
}

std::string known() {
    std::string list;
    for (const auto& row : rows) list += (list.empty() ? "" : ", ") + std::string(row.format);
    return list + "; each may go on with -mpeg2 and with -aac or -ac3";
}

}  // namespace

Profile profile_named(std::string_view name) {
    // The name is the format and then codecs, each after a hyphen.
    const auto end = name.find('-');
    const Row* row = nullptr;
    for (const auto& r : rows)
        if (r.format == name.substr(0, end)) row = &r;
    const auto* video = &videos[0];
    const auto* sound = &sounds[0];
    bool understood = row != nullptr;
    for (auto rest = end == name.npos ? std::string_view{} : name.substr(end + 1);
         understood && !rest.empty();) {
        const auto cut = rest.find('-');
        const auto word = rest.substr(0, cut);
        rest = cut == rest.npos ? std::string_view{} : rest.substr(cut + 1);
        understood = false;
        for (const auto& v : videos)
            if (v.name == word) video = &v, understood = true;
        for (const auto& s : sounds)
            if (s.name == word) sound = &s, understood = true;
    }
    if (understood) return make(*row, *video, *sound);
    std::vector<std::string> names = profile_names();
    const std::vector<std::string_view> views(names.begin(), names.end());
    throw ReadError(ReadFault::unknown, Where(std::string(name), "profile '" + std::string(name) + '\''),
                    "is unknown; known: " + known(), nearest_name(name, views));
}

std::vector<std::string> profile_names() {
    std::vector<std::string> out;
    for (const auto& row : rows)
        for (const auto& video : videos)
            for (const auto& sound : sounds) out.push_back(make(row, video, sound).name);
    return out;
}

}  // namespace riverlight::player
