#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "player/av/clock_jumps.hpp"
#include "player/av/handles.hpp"
#include "player/av/stream_choice.hpp"

namespace riverlight::player::av {

using Packets = std::vector<Handle<AVPacket>>;

/// Finds the stream in which a file's picture, or its sound, goes on. A stream follows another if it begins
/// when that one has stopped, and lasts. Streams that run beside each other are different programmes or
/// languages. One thread.
class Succession {
  public:
    /// `stream`: the index of the one to follow; −1: none.
    explicit Succession(int stream) : current_(stream) {}
    /// The next packet of the file's pictures, or of its sounds, with its decoding time in ticks of 90 kHz.
    /// Returns what of them is to be decoded, in order. Keeps back up to half a second of another stream.
    [[nodiscard]] Packets take(Handle<AVPacket> packet, std::int64_t time);
    /// The stream that is followed.
    [[nodiscard]] int current() const { return current_; }

  private:
    [[nodiscard]] bool is_late(int stream, std::int64_t time) const;

    int current_;
    bool began_ = false;                ///< current_ has had a packet
    std::set<int> beside_;              ///< streams that run at the same time
    Packets kept_;                      ///< of a stream that may follow
    std::int64_t since_ = 0;            ///< ticks: the time of the first of them
    std::int64_t last_ = 0;             ///< ticks: the time of the last packet of current_
    std::map<int, std::int64_t> left_;  ///< the last times of streams that were followed before
    int late_ = 0;                      ///< packets of current_ since then
};

/// Follows the picture and the sound of a file where its clock is set in between (ClockJumps), or where its
/// programme goes on in other streams: in MPEG transport streams, a station that gives them other PIDs by a
/// new programme map (ISO/IEC 13818-1, 2.4.4.8), or a receiver that was tuned to another station. One thread.
/// Only player/av includes this.
class ProgrammeFollower {
  public:
    /// `format` outlives this object.
    ProgrammeFollower(const AVFormatContext& format, const StreamChoice& streams);
    /// What follows is read as a file of its own, which begins where the one before it ended. `format`
    /// outlives this object.
    void enter_part(const AVFormatContext& format, const StreamChoice& streams);
    /// The next packet, in the file's order. Returns the packets of its picture and sound that are to be
    /// decoded now, with the timestamps of where they belong.
    [[nodiscard]] Packets follow(Handle<AVPacket> packet);
    /// Whether the clock has jumped so far.
    [[nodiscard]] bool clock_jumped() const { return jumps_.count() > 0; }

  private:
    const AVFormatContext* format_;
    bool jumps_occur_;  ///< in this container
    Succession pictures_, sounds_;
    ClockJumps jumps_;
};

}  // namespace riverlight::player::av
