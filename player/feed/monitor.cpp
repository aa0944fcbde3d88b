#include "player/feed/monitor.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

using std::chrono::duration;
using Milliseconds = duration<double, std::milli>;
using Nanoseconds = duration<double, std::nano>;

/// TR 101 290, 5.2: PCR repetition (2.3), PAT and PMT (1.3, 1.5), PCR accuracy (2.4).
constexpr Milliseconds max_pcr_interval{40}, max_table_interval{100};
constexpr Nanoseconds max_jitter{500};

std::string fixed(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string in_ms(duration<double> time) {
    return fixed(time.count() * 1000, 1);
}

}  // namespace

Monitor::Monitor(std::int64_t mux_rate) : mux_rate_(mux_rate) {
    assert(mux_rate > 0);
    counters_.fill(not_seen);
}

void Monitor::Interval::record(Seconds at) {
    if (last) longest = std::max(longest, at - *last);
    last = at;
}

void Monitor::inspect(std::span<const std::uint8_t> packets) {
    assert(packets.size() % packet_size == 0);
    for (std::size_t at = 0; at < packets.size(); at += packet_size, ++packets_)
        inspect_packet(packets.data() + at);
}

void Monitor::record_pcr(ClockTicks pcr) {
    pcr_interval_.record(now());
    if (!pcr_) pcr_ = LastPcr{now(), now(), ClockTicks{0}, pcr};
    pcr_->since_first += (pcr - pcr_->value + pcr_period) % pcr_period;
    pcr_->value = pcr;
    pcr_->at = now();
    jitter_ = std::max(jitter_, std::chrono::abs(Seconds{pcr_->since_first} - (now() - pcr_->first_at)));
}

void Monitor::record_margin(StampTicks pts) {
    if (!pcr_) return;
    auto ahead = pts - std::chrono::duration_cast<StampTicks>(pcr_->value);
    if (ahead < -stamp_period / 2) ahead += stamp_period;
    const auto margin = Seconds{ahead} - (now() - pcr_->at);
    margin_ = margin_ ? std::min(*margin_, margin) : margin;
}

void Monitor::count_continuity(const std::uint8_t* packet, unsigned pid) {
    auto& counter = counters_[pid];
    const auto received = static_cast<std::int8_t>(packet[3] & 15);
    if (counter != not_seen && received != ((counter + 1) & 15)) ++errors_;
    counter = received;
}

void Monitor::inspect_packet(const std::uint8_t* packet) {
    if (packet[0] != sync_byte) {
        ++errors_;
        return;
    }
    const auto pid = pid_of(packet);
    if (pid == null_pid) return;
    if (has_payload(packet)) count_continuity(packet, pid);
    if (const auto pcr = pcr_of(packet)) record_pcr(*pcr);
    if (pid == pid::pat) pat_interval_.record(now());
    if (pid == pid::pmt) pmt_interval_.record(now());
    if (pid != pid::video && pid != pid::sound) return;
    if (const auto pts = pts_of(packet)) record_margin(*pts);
}

Evidence Monitor::evidence() const {
    return {{"ts_continuity_errors", errors_},
            {"ts_pcr_interval_ms", in_ms(pcr_interval_.longest)},
            {"ts_pcr_jitter_ns", fixed(jitter_.count() * 1e9, 0)},
            {"ts_pat_interval_ms", in_ms(pat_interval_.longest)},
            {"ts_pmt_interval_ms", in_ms(pmt_interval_.longest)},
            {"ts_pts_margin_ms", in_ms(margin_.value_or(Seconds{0}))}};
}

std::string Monitor::alarm() const {
    if (errors_ > 0) return "the feed's packets are out of order (TR 101 290, 1.1 and 1.4)";
    if (pat_interval_.longest > max_table_interval || pmt_interval_.longest > max_table_interval)
        return "the feed's PAT or PMT came more than 100 ms apart (TR 101 290, 1.3 and 1.5)";
    if (pcr_interval_.longest > max_pcr_interval)
        return "the feed's PCRs came more than 40 ms apart (TR 101 290, 2.3)";
    if (jitter_ > max_jitter) return "the feed's PCR is off by more than 500 ns (TR 101 290, 2.4)";
    if (margin_ && *margin_ < Seconds{0})
        return "a picture or sound frame left after its PTS (TR 101 290, 2.5)";
    return {};
}

}  // namespace riverlight::player
