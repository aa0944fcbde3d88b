#pragma once
#include <array>
#include <deque>
#include <functional>
#include <span>

#include "player/feed/feed_state.hpp"
#include "player/feed/tables.hpp"
#include "player/feed/ticks.hpp"

namespace riverlight::player {

/// Repeats a feed's tables in time and hands out their sections as packet payloads. PAT and PMT go before
/// what waits, EIT after it, since monitors count the intervals of the former in milliseconds. One thread.
class TableCarousel {
  public:
    /// Takes the versions of its tables from `state`, which outlives this object.
    TableCarousel(const Service& service, const Profile& profile, FeedState& state, StreamTime start);

    /// The language of the sound from now on: where it changes, PAT and PMT leave at once, the PMT with its
    /// next version.
    void set_language(LanguageCode language, StreamTime now);

    /// Replaces both guide tables; present/following leaves at once.
    void set_guide(Sections present_following, Sections schedule, StreamTime now);
    /// By the wall clock, for TDT and TOT. They are not sent until this is set.
    void set_wall_clock(std::function<Instant(StreamTime)> utc) { utc_ = std::move(utc); }
    /// A section to be sent once, as soon as possible.
    void queue_section(unsigned pid, const Bytes& section);
    /// Queues the tables whose repetition is due.
    void queue_due(StreamTime now);
    /// Queues PAT and PMT before all else: a key picture follows, where the stream may be cut or joined.
    void queue_program_tables(StreamTime now);
    /// True while PAT or PMT wait to be sent.
    [[nodiscard]] bool has_program_tables() const;

    [[nodiscard]] bool empty() const { return queue_.empty(); }
    // Of the section at the front; not empty().
    [[nodiscard]] unsigned pid() const { return queue_.front().pid; }
    [[nodiscard]] bool at_section_start() const { return sent_ == 0; }
    /// What is left of it, with its pointer_field and stuffing.
    [[nodiscard]] std::span<const std::uint8_t> payload() const;
    /// Gives up stuffing so that an adaptation field of two bytes fits into the packet.
    void make_room_for_flags();
    void consume(std::size_t bytes);

  private:
    enum Kind : std::size_t { pat, pmt, sdt, nit, eit_present, eit_later, time, splice_null, kinds };
    struct Table {
        unsigned pid;
        ClockTicks every;
        Sections sections;
        StreamTime next{};
    };
    struct Queued {
        unsigned pid;
        Bytes payload;
    };
    static bool is_program_table(const Queued& queued);
    /// Where the section begins that has not been begun.
    [[nodiscard]] std::ptrdiff_t first_unbegun() const { return queue_.empty() || sent_ == 0 ? 0 : 1; }

    Service service_;
    Profile profile_;
    FeedState& state_;
    std::function<Instant(StreamTime)> utc_;
    std::array<Table, kinds> tables_;
    std::deque<Queued> queue_;
    std::size_t sent_ = 0;  ///< bytes of the payload at the front
};

}  // namespace riverlight::player
