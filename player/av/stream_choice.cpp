#include "player/av/stream_choice.hpp"

#include <algorithm>
#include <array>

#include "player/av/decoder.hpp"

namespace riverlight::player::av {
namespace {

/// What speaks for a stream, the most important first.
using Merits = std::array<bool, 5>;

bool is_decodable(const AVStream& stream, const MediaLimits& limits) {
    const auto* codec = avcodec_find_decoder(stream.codecpar->codec_id);
    return codec && is_allowed(*codec, limits);
}

bool is_in_programme_of(const AVFormatContext& format, const AVStream& stream, const AVStream* picture) {
    if (!picture || format.nb_programs == 0) return true;
    const auto holds = [](const AVProgram& programme, const AVStream& one) {
        const auto* const begin = programme.stream_index;
        const auto* const end = begin + programme.nb_stream_indexes;
        return std::find(begin, end, static_cast<unsigned>(one.index)) != end;
    };
    return std::any_of(
        format.programs, format.programs + format.nb_programs,
        [&](const AVProgram* programme) { return holds(*programme, *picture) && holds(*programme, stream); });
}

Merits merits_of_picture(const AVStream& stream, const MediaLimits& limits) {
    constexpr int stills = AV_DISPOSITION_STILL_IMAGE | AV_DISPOSITION_TIMED_THUMBNAILS;
    return {stream.codecpar->width > 0, is_decodable(stream, limits),
            stream.nb_frames != 1 && !(stream.disposition & stills),
            (stream.disposition & AV_DISPOSITION_DEFAULT) != 0, true};
}

Merits merits_of_sound(const AVFormatContext& format, const AVStream& stream, const AVStream* picture,
                       const MediaLimits& limits) {
    constexpr int for_some = AV_DISPOSITION_COMMENT | AV_DISPOSITION_HEARING_IMPAIRED |
                             AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS |
                             AV_DISPOSITION_CLEAN_EFFECTS | AV_DISPOSITION_KARAOKE;
    const auto& p = *stream.codecpar;
    return {p.sample_rate > 0 && p.ch_layout.nb_channels > 0, is_decodable(stream, limits),
            is_in_programme_of(format, stream, picture), !(stream.disposition & for_some),
            (stream.disposition & AV_DISPOSITION_DEFAULT) != 0};
}

/// The first of the streams with the best merits; null where `type` has none.
template <class MeritsOf>
AVStream* best(const AVFormatContext& format, AVMediaType type, const MeritsOf& merits_of) {
    AVStream* best = nullptr;
    for (auto* const* it = format.streams; it != format.streams + format.nb_streams; ++it) {
        const bool cover = (*it)->disposition & AV_DISPOSITION_ATTACHED_PIC;
        if ((*it)->codecpar->codec_type != type || cover) continue;
        if (!best || merits_of(**it) > merits_of(*best)) best = *it;
    }
    return best;
}

}  // namespace

StreamChoice choose_streams(AVFormatContext& format, const MediaLimits& limits) {
    StreamChoice choice;
    choice.picture = best(format, AVMEDIA_TYPE_VIDEO,
                          [&](const AVStream& stream) { return merits_of_picture(stream, limits); });
    choice.sound = best(format, AVMEDIA_TYPE_AUDIO, [&](const AVStream& stream) {
        return merits_of_sound(format, stream, choice.picture, limits);
    });
    return choice;
}

}  // namespace riverlight::player::av
