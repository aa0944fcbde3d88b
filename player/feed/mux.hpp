#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <span>

#include "player/feed/decoder_buffer.hpp"
#include "player/feed/feed_state.hpp"
#include "player/feed/packet.hpp"
#include "player/feed/table_carousel.hpp"

namespace riverlight::player {

/// The byte clock: when each packet of a stream of constant rate is sent, without rounding errors that add
/// up.
class ByteClock {
  public:
    /// `mux_rate`: bit/s.
    ByteClock(StreamTime start, std::int64_t mux_rate) : now_(start), mux_rate_(mux_rate) {}
    [[nodiscard]] StreamTime now() const { return now_; }
    /// Moves on by one packet.
    void advance() {
        constexpr auto packet = std::int64_t{packet_size} * 8 * ClockTicks::period::den;
        const auto ticks = packet + remainder_;
        now_ += ClockTicks{ticks / mux_rate_};
        remainder_ = ticks % mux_rate_;
    }

  private:
    StreamTime now_;
    std::int64_t mux_rate_;
    std::int64_t remainder_ = 0;  ///< in ticks × mux_rate
};

/// Multiplexes one service into a transport stream of constant bit rate (ISO/IEC 13818-1). The time of each
/// packet decides what it carries, in this order: a PCR that is due, sound, tables, pictures, a null packet.
///
/// Access units are sent as they were added. Pictures leave as early as the decoder's buffer has room
/// (T-STD, 2.4.2), sound 90 ms before its PTS. PAT and PMT are sent directly before each key picture, so that
/// receivers can join there and recorders can cut there. One thread.
class Mux {
  public:
    /// Takes each datagram. Its `utc` is for the sink to set.
    using Sink = std::function<void(Datagram&)>;
    struct Start {
        std::int64_t clock_frame = 0;    ///< where the time line is when the first packet leaves
        std::int64_t first_picture = 0;  ///< on the profile's grid, ≥ clock_frame
    };
    Mux(const Profile& profile, const Service& service, FeedState& state, const Start& start, Sink sink);

    /// From a frame's time to its PTS: the decoder's buffer fills to splice_fullness meanwhile.
    [[nodiscard]] static ClockTicks delay(const Profile& profile);

    /// The next picture, in order and without a gap.
    void add_video(std::span<const std::uint8_t> access_unit, bool key);
    /// The next sound frame, in order and without a gap.
    void add_sound(const Bytes& frame);
    /// The language of the sound from a picture on, by its number on the time line. The PMT says it directly
    /// before the first sound that it is true for. Rising order; at most one for each picture.
    void set_language(std::int64_t picture, LanguageCode language);
    /// The EIT from now on.
    void set_guide(Sections present_following, Sections schedule);
    /// By the wall clock, for TDT and TOT.
    void set_wall_clock(std::function<Instant(StreamTime)> utc) { tables_.set_wall_clock(std::move(utc)); }
    /// A splice_info_section, sent once and as soon as possible.
    void add_splice(const Bytes& section) { tables_.queue_section(pid::splice, section); }

    /// Sends the packets up to `since_start` after the first one.
    void run_until(ClockTicks since_start);
    /// Sends all that was added, in time, and completes the last datagram.
    void drain();

    /// Pictures that were not complete at their DTS.
    [[nodiscard]] std::int64_t late_pictures() const { return late_pictures_; }
    /// The PTS of a picture by its number on the time line, not wrapped.
    [[nodiscard]] StampTicks pts_of_picture(std::int64_t picture) const;
    /// Samples by which the sound added reaches beyond the pictures added; 0 on the grid.
    [[nodiscard]] std::int64_t samples_ahead() const;
    /// Bits that the decoder's buffer can hold when the next picture to be added is decoded.
    [[nodiscard]] std::int64_t lead_bits() const;

  private:
    struct Unit {
        Bytes pes;
        StreamTime dts{};
        std::int64_t picture = 0;  ///< number on the time line; of sound: unused
        bool key = false;
        std::size_t sent = 0;
    };

    struct LanguageChange {
        StreamTime from;  ///< DTS of the first sound
        LanguageCode language;
    };

    void send_packet();
    [[nodiscard]] bool language_sent_before_sound();
    [[nodiscard]] bool send_pcr();
    [[nodiscard]] bool send_sound();
    [[nodiscard]] bool send_table();
    [[nodiscard]] bool send_video(bool with_pcr);
    /// Writes a packet with the PID's continuity counter and commits it to the datagram.
    std::size_t write(const PacketHead& head, std::span<const std::uint8_t> payload);
    void commit();
    [[nodiscard]] std::span<std::uint8_t, packet_size> next_slot();
    [[nodiscard]] bool may_send_picture();
    [[nodiscard]] bool tables_sent_before_key();
    [[nodiscard]] bool is_first_after_restart(unsigned pid);
    [[nodiscard]] StreamTime frame_time(std::int64_t frame) const;

    // More than 12 members: a multiplex is one state: its clock, its two elementary streams with their place
    // on the time line, its tables, the decoder it fills and the datagram it is filling.
    Profile profile_;
    FeedState& state_;
    Sink sink_;
    ClockTicks frame_ticks_, delay_;
    StreamTime start_, last_pcr_;
    ByteClock clock_;
    std::int64_t next_picture_, complete_pictures_;  ///< to be added; those before it were sent whole
    std::int64_t next_sound_;
    std::deque<Unit> video_, sound_;
    TableCarousel tables_;
    std::optional<std::int64_t> tables_queued_for_;  ///< key picture that PAT and PMT were queued for
    std::deque<LanguageChange> language_changes_;    ///< of sound that was not sent yet
    bool language_waits_ = false;                    ///< the PMT with the language of the next sound does
    DecoderBuffer decoder_;
    std::set<unsigned> resumed_pids_;  ///< whose discontinuity has been signalled
    bool draining_ = false;
    std::int64_t late_pictures_ = 0;
    Datagram datagram_;
    std::size_t filled_ = 0;  ///< packets in it
};

}  // namespace riverlight::player
