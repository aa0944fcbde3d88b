#include "player/av/edit_times.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "player/av/file_input.hpp"

namespace riverlight::player::av {
namespace {

/// The file as if it had no edit lists: its index has the times of the media. Null where it does not open.
Handle<AVFormatContext> open_without_edits(FileInput& input, unsigned streams) {
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2", 0);
    av_dict_set_int(&options, "max_streams", streams, 0);
    av_dict_set_int(&options, "ignore_editlist", 1, 0);
    auto* raw = input.new_format();
    const int code = avformat_open_input(&raw, ("file:" + input.file().path()).c_str(), nullptr, &options);
    av_dict_free(&options);
    input.check();
    return Handle<AVFormatContext>(code < 0 ? nullptr : raw);
}

/// Whether sums of a time with others fit: hostile files name any.
bool is_small(std::int64_t time, AVRational time_base) {
    constexpr std::int64_t longest = 1'000'000;  // seconds
    return time != AV_NOPTS_VALUE && std::abs(time) / time_base.den < longest;
}

/// When something of the media is due, if an edit shows it.
std::int64_t due(const Edit& edit, std::int64_t media) {
    return edit.begin + media - edit.media;
}

/// The edit that a packet belongs to: of those that show it, the one whose time is nearest to libav's; null:
/// none shows it. `reordering`: how much later than it is decoded it is shown.
const Edit* edit_of(const EditList& edits, std::int64_t media, std::int64_t reordering, std::int64_t time) {
    const Edit* nearest = nullptr;
    for (const auto& edit : edits) {
        const auto shown = media + reordering;
        if (shown < edit.media || shown >= edit.media + edit.length) continue;
        const auto distance = std::abs(due(edit, media) - time);
        if (!nearest || distance < std::abs(due(*nearest, media) - time)) nearest = &edit;
    }
    return nearest;
}

}  // namespace

std::optional<EditTimes> EditTimes::of(VerifiedFile& file, const AVFormatContext& format,
                                       const StreamChoice& streams) {
    if (!std::string_view(format.iformat->name).starts_with("mov,") || file.is_named()) return {};
    auto lists = read_edit_lists(file);
    if (lists.empty()) return {};
    FileInput input(file.path());
    const auto plain = open_without_edits(input, format.nb_streams);
    if (!plain || plain->nb_streams != format.nb_streams) return {};
    EditTimes times;
    for (auto* stream : {streams.picture, streams.sound}) {
        if (!stream) continue;
        const auto list = lists.find(static_cast<std::uint32_t>(stream->id));
        auto* media = plain->streams[stream->index];
        if (list == lists.end() || media->id != stream->id) continue;
        auto& track = times.tracks_[stream->index];
        track.edits = std::move(list->second);
        track.time_base = stream->time_base;
        for (int i = 0; i < avformat_index_get_entries_count(media); ++i) {
            const auto* entry = avformat_index_get_entry(media, i);
            if (is_small(entry->timestamp, media->time_base))
                track.media.emplace(entry->pos, entry->timestamp);
        }
        track.late = late_of_first(track, *stream);
    }
    return times;
}

/// By libav's index. All that an edit shows is late by the same time.
std::int64_t EditTimes::late_of_first(const Track& track, AVStream& stream) {
    const auto first =
        std::find_if(track.edits.begin(), track.edits.end(), [](const Edit& edit) { return !edit.empty; });
    for (int i = 0; i < avformat_index_get_entries_count(&stream); ++i) {
        const auto* entry = avformat_index_get_entry(&stream, i);
        if (entry->flags & AVINDEX_DISCARD_FRAME || !is_small(entry->timestamp, stream.time_base)) continue;
        const auto media = track.media.find(entry->pos);
        if (media == track.media.end() || first == track.edits.end()) break;
        return due(*first, media->second) - entry->timestamp;
    }
    return 0;
}

void EditTimes::move(AVPacket& packet) const {
    const auto track = tracks_.find(packet.stream_index);
    if (track == tracks_.end() || !is_small(packet.dts, track->second.time_base) ||
        !is_small(packet.pts, track->second.time_base))
        return;
    const auto media = track->second.media.find(packet.pos);
    if (media == track->second.media.end()) return;
    const auto* edit = edit_of(track->second.edits, media->second, packet.pts - packet.dts, packet.dts);
    if (!edit) return;
    if (edit->empty) packet.flags |= AV_PKT_FLAG_DISCARD;
    const auto late = due(*edit, media->second) - packet.dts;
    packet.pts += late;
    packet.dts += late;
    // libav lets the last one last until the end that it counts.
    packet.duration = std::min(packet.duration, edit->begin + edit->length - packet.pts);
}

std::int64_t EditTimes::late(const AVStream& stream) const {
    const auto track = tracks_.find(stream.index);
    return track != tracks_.end() ? track->second.late : 0;
}

}  // namespace riverlight::player::av
