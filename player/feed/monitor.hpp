#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "player/feed/packet.hpp"

namespace riverlight::player {

/// Looks at what leaves, as a partner's monitor would (ETSI TR 101 290, first and second priority, what a
/// stream shows of itself). Knows nothing of the mux; costs a few instructions a packet.
class Monitor {
  public:
    explicit Monitor(std::int64_t mux_rate) : mux_rate_(mux_rate) {}
    void look(std::span<const std::uint8_t> packets);
    /// Figures of the stream so far: `ts_continuity_errors`, `ts_pcr_interval_ms`, `ts_pat_interval_ms`,
    /// `ts_pmt_interval_ms` (the largest), `ts_pcr_jitter_ns` (largest, against the byte clock),
    /// `ts_pts_margin_ms` (the smallest between a picture's or sound's first packet and its time).
    [[nodiscard]] std::map<std::string, std::string> evidence() const;
    /// What a monitor would alarm about, in words; empty: nothing.
    [[nodiscard]] std::string alarm() const;

  private:
    struct Interval {
        double last = -1, longest = 0;
        void seen(double at);
    };
    void look_at(const std::uint8_t* packet);
    void look_at_clock(std::int64_t ticks);
    [[nodiscard]] double seconds() const {
        return static_cast<double>(packets_) * 1504.0 / static_cast<double>(mux_rate_);
    }

    std::int64_t mux_rate_, packets_ = 0, faults_ = 0;
    std::array<std::int8_t, 8192> counters_ = [] {
        std::array<std::int8_t, 8192> none{};
        none.fill(-1);
        return none;
    }();
    Interval pcr_, pat_, pmt_;
    double first_pcr_at_ = -1, jitter_ = 0, margin_ = 1e9;
    std::int64_t since_first_pcr_ = 0, last_pcr_ = 0;
};

}  // namespace riverlight::player
