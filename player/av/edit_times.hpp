#pragma once
#include <cstdint>
#include <map>
#include <optional>

#include "player/av/edit_lists.hpp"
#include "player/av/handles.hpp"
#include "player/av/stream_choice.hpp"

namespace riverlight::player::av {

/// When the pictures and sounds of an MP4 or QuickTime file with edit lists are due. libav's demuxer returns
/// the packets that the edits show, but lets each edit begin with the first of them that is shown whole:
/// where an edit begins within a picture or a group of pictures, its pictures come early. It also plays the
/// beginning of the media in place of a later edit that shows nothing. One thread.
class EditTimes {
  public:
    /// Nothing for other containers, for files without edit lists or in fragments, whose times libav keeps,
    /// and for files of a store.
    [[nodiscard]] static std::optional<EditTimes> of(VerifiedFile& file, const AVFormatContext& format,
                                                     const StreamChoice& streams);

    /// Sets a packet's times right, or marks it as one that is not shown.
    void move(AVPacket& packet) const;
    /// How much later than libav says the stream's first picture or sound is due, in units of its time base.
    [[nodiscard]] std::int64_t late(const AVStream& stream) const;

  private:
    struct Track {
        EditList edits;
        AVRational time_base{1, 1};
        std::map<std::int64_t, std::int64_t> media;  ///< decoding time of what lies at a byte of the file
        std::int64_t late = 0;                       ///< of the first that is shown
    };
    EditTimes() = default;
    [[nodiscard]] static std::int64_t late_of_first(const Track& track, AVStream& stream);

    std::map<int, Track> tracks_;  ///< by the stream's index
};

}  // namespace riverlight::player::av
