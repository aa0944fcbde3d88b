#pragma once
#include <cstdint>
#include <optional>

#include "player/av/display_times.hpp"
#include "player/av/handles.hpp"
#include "player/av/ratio.hpp"

namespace riverlight::player::av {

/// When each picture of a file is shown: as its file says, by the order of display where the file has only
/// that of decoding (AVI, and MXF without an index of it), by its number since the last one with a time where
/// it has neither. Times count in the stream's time base. One thread. Only player/av includes this.
class PictureTimes {
  public:
    /// `rate`: pictures a second; 0: unknown.
    PictureTimes(const AVFormatContext& format, const AVStream& stream, Ratio rate);

    /// A packet goes to the decoder.
    void add_packet(const AVPacket& packet);
    /// The time of the next picture that the decoder returned.
    [[nodiscard]] std::int64_t take(const AVFrame& frame);
    /// How many were taken, and the time of the last one.
    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] std::optional<std::int64_t> last() const { return last_; }
    /// How long the last picture lasts.
    [[nodiscard]] std::int64_t last_duration() const;

  private:
    /// Of so many pictures at the file's rate.
    [[nodiscard]] std::int64_t usual(std::int64_t pictures) const;

    AVRational time_base_, picture_time_;        ///< the second: 0/1 where the rate is unknown
    int delay_;                                  ///< of decoding, in pictures
    bool may_lack_order_ = false;                ///< its first packet says whether an MXF file has it
    std::optional<DisplayTimes> display_times_;  ///< of pictures whose packets have no PTS
    std::int64_t count_ = 0;
    std::int64_t timed_ = 0, time_ = 0;  ///< number and time of the last picture that had one
    std::optional<std::int64_t> last_;
    std::int64_t last_duration_ = 0;  ///< 0: the file does not say it
};

}  // namespace riverlight::player::av
