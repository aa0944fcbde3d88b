#pragma once
#include <deque>
#include <functional>
#include <set>

#include "player/feed/memory.hpp"
#include "player/feed/packet.hpp"
#include "player/feed/tables.hpp"

namespace riverlight::player {

/// Multiplexes one service into a transport stream of constant rate, packet by packet on the byte clock: each
/// packet's time decides what it is. Access units come with their place on the feed's time line and leave
/// untouched. PAT and PMT stand before every key picture, so that a stream can be tuned to, or cut, there.
/// Pictures are sent as early as the decoder's buffer has room (the T-STD's, ISO/IEC
/// 13818-1, 2.4.2), so late only where they cannot but be; sound 90 ms before its time; what is left over is
/// tables and null packets. One thread.
class Mux {
  public:
    /// Seven packets in order and the time of the first; when that is by the wall clock is the taker's.
    using Sink = std::function<void(Datagram&)>;
    struct Start {
        std::int64_t clock_frame = 0;    ///< where the time line stands when the first packet leaves
        std::int64_t first_picture = 0;  ///< on the profile's grid, ≥ clock_frame
    };
    Mux(const Profile& profile, const Service& service, FeedMemory& memory, const Start& start, Sink sink);

    /// From a frame's time to when it is shown: what the decoder's buffer needs to fill before a join.
    [[nodiscard]] static Ticks delay(const Profile& profile);

    /// The next picture in order, without a hole.
    void add_video(std::span<const std::uint8_t> access_unit, bool key);
    /// The next sound frame in order.
    void add_sound(const Bytes& frame);
    /// Tables to repeat in place of those of before: Present and following, schedule.
    void set_guide(Sections present_following, Sections schedule);
    /// When a moment of the time line is, for the time tables.
    void set_clock(std::function<Instant(Ticks)> utc) { utc_ = std::move(utc); }
    /// Sent at once, once.
    void add_splice(const Bytes& section);

    /// Sends packets up to that time after the first.
    void run_until(Ticks since_start);
    /// Sends what waits, at its time.
    void drain();

    [[nodiscard]] std::int64_t pictures() const { return next_picture_; }  ///< number of the next to be added
    [[nodiscard]] std::int64_t late() const { return late_; }  ///< pictures not wholly sent at their time
    /// The PTS of a picture on the time line, 90 kHz.
    [[nodiscard]] std::int64_t stamp_of(std::int64_t picture) const;
    /// Samples by which the sound added reaches beyond the pictures added; 0 on the grid.
    [[nodiscard]] std::int64_t samples_ahead() const;
    /// Bits that can be in the decoder's buffer when the next picture to be added is taken from it.
    [[nodiscard]] std::int64_t lead_bits() const;

  private:
    struct Unit {
        Bytes pes;
        Ticks due = 0;  ///< DTS
        std::int64_t picture = 0;
        bool key = false;
        std::size_t sent = 0;
    };
    struct Table {
        unsigned pid;
        Ticks every;
        Sections sections;
        Ticks next = 0;
    };
    struct Taken {
        Ticks due;
        std::size_t bytes;
    };

    void step();
    [[nodiscard]] bool send_clock();
    [[nodiscard]] bool send_sound();
    [[nodiscard]] bool send_table();
    [[nodiscard]] bool send_video(bool with_clock);
    void queue_tables();
    [[nodiscard]] bool ready_for_key();
    [[nodiscard]] bool follows_nothing(unsigned pid);
    void queue_section(unsigned pid, const Bytes& section);
    /// Where the next packet goes; sent() when it is there.
    [[nodiscard]] std::span<std::uint8_t, packet_size> place();
    void sent();
    [[nodiscard]] bool room_for_video();
    [[nodiscard]] Ticks frame_time(std::int64_t frame) const;

    Profile profile_;
    Service service_;
    FeedMemory& memory_;
    Sink sink_;
    std::function<Instant(Ticks)> utc_;
    Ticks frame_ticks_, delay_, start_, now_, remainder_ = 0, last_pcr_;
    std::int64_t next_picture_, next_sound_;
    std::deque<Unit> video_, sound_;
    std::deque<std::pair<unsigned, Bytes>> sections_;  ///< waiting, with their pointer field
    std::size_t section_sent_ = 0;
    std::vector<Table> tables_;
    std::deque<Taken> buffered_;  ///< in the decoder's buffer, by picture
    std::size_t buffered_bytes_ = 0;
    bool resumed_, draining_ = false;
    std::set<unsigned> signalled_;  ///< PIDs whose discontinuity is told
    std::int64_t late_ = 0;
    Datagram out_;
    std::size_t filled_ = 0;        ///< packets in it
    std::int64_t tables_for_ = -1;  ///< key picture that PAT and PMT were queued for
};

}  // namespace riverlight::player
