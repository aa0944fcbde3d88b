#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "player/evidence/evidence.hpp"
#include "player/feed/packet.hpp"

namespace riverlight::player {

/// Checks the packets that leave as a partner's monitor would (ETSI TR 101 290, first and second priority,
/// as far as the stream itself shows it). Independent of the mux. A few instructions a packet; one thread.
class Monitor {
  public:
    /// `mux_rate`: bit/s, > 0.
    explicit Monitor(std::int64_t mux_rate);
    /// Takes the next packets, whole ones.
    void inspect(std::span<const std::uint8_t> packets);
    /// Since the start: `ts_continuity_errors`; the largest `ts_pcr_interval_ms`, `ts_pat_interval_ms`,
    /// `ts_pmt_interval_ms` and `ts_pcr_jitter_ns` (against the byte clock); `ts_pts_margin_ms`, the shortest
    /// time from a picture's or sound frame's first packet to its PTS.
    [[nodiscard]] Evidence evidence() const;
    /// What a partner's monitor would alarm about; empty: nothing.
    [[nodiscard]] std::string alarm() const;

  private:
    /// By the byte clock: packets so far at the mux rate.
    using Seconds = std::chrono::duration<double>;
    struct Interval {
        std::optional<Seconds> last;
        Seconds longest{0};
        void record(Seconds at);
    };
    struct LastPcr {
        Seconds first_at, at;
        ClockTicks since_first, value;
    };
    void inspect_packet(const std::uint8_t* packet);
    void count_continuity(const std::uint8_t* packet, unsigned pid);
    void record_pcr(ClockTicks pcr);
    void record_margin(StampTicks pts);
    [[nodiscard]] Seconds now() const {
        return Seconds{static_cast<double>(packets_) * 1504.0 / static_cast<double>(mux_rate_)};
    }

    std::int64_t mux_rate_, packets_ = 0;
    std::int64_t errors_ = 0;  ///< sync bytes and continuity counters
    static constexpr std::int8_t not_seen = -1;
    std::array<std::int8_t, pid_count> counters_{};
    Interval pcr_interval_, pat_interval_, pmt_interval_;
    std::optional<LastPcr> pcr_;
    Seconds jitter_{0};
    std::optional<Seconds> margin_;
};

}  // namespace riverlight::player
