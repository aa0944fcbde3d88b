#pragma once
#include <cstdint>
#include <map>
#include <optional>

#include "player/av/avi_layout.hpp"
#include "player/av/handles.hpp"
#include "player/av/ratio.hpp"
#include "player/av/stream_choice.hpp"

namespace riverlight::player::av {

/// What an AVI file says of time and libav's demuxer leaves out. An AVI file has no times: each chunk follows
/// the one before, and a chunk of no bytes stands where nothing comes. libavformat's muxer puts the first
/// chunk of a stream at the beginning, however late it is. What is missing follows it as chunks of no bytes,
/// or stands nowhere; but all chunks lie in the order of their decoding times, and this order says how far
/// pictures and sound are apart. One thread.
class AviTimes {
  public:
    /// Nothing for other containers, and for files of a store.
    [[nodiscard]] static std::optional<AviTimes> of(VerifiedFile& file, const AVFormatContext& format,
                                                    const StreamChoice& streams);

    /// Adds the units before the packet that libav does not count.
    void move(AVPacket& packet) const;
    /// When the stream's first picture is decoded, or its first sound is heard behind
    /// its encoder's priming, in seconds.
    [[nodiscard]] Ratio begin_of(const AVStream& stream) const;
    /// When a packet of the stream with this timestamp is due, in seconds: exact for pictures.
    [[nodiscard]] Ratio time_of(std::int64_t timestamp, const AVStream& stream) const;
    /// Where the stream's header lets it begin, in units of its time base.
    [[nodiscard]] std::int64_t start_of(const AVStream& stream) const;

  private:
    struct Stream {
        std::int64_t start = 0, first = 0;            ///< units: as its header says; of its first chunk
        std::map<std::int64_t, std::int64_t> missed;  ///< units that libav does not count, from a byte on
    };
    AviTimes() = default;

    std::map<int, Stream> streams_;  ///< by index
    int sound_ = -1;                 ///< index
    double sound_shift_ = 0;         ///< seconds
    double priming_ = 0;             ///< seconds of the sound that nobody is meant to hear
};

}  // namespace riverlight::player::av
