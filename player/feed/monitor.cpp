#include "player/feed/monitor.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

constexpr std::int64_t wrap_90 = std::int64_t{1} << 33;
constexpr double longest_pcr = 0.040, longest_table = 0.100,
                 most_jitter = 500e-9;  // TR 101 290 and the partners' aim

std::int64_t pcr_of(const std::uint8_t* p) {
    const auto base = std::int64_t{p[0]} << 25 | p[1] << 17 | p[2] << 9 | p[3] << 1 | p[4] >> 7;
    return base * 300 + ((p[4] & 1) << 8 | p[5]);
}

std::int64_t stamp_of(const std::uint8_t* p) {
    return std::int64_t{p[0] >> 1 & 7} << 30 | p[1] << 22 | (p[2] >> 1) << 15 | p[3] << 7 | p[4] >> 1;
}

std::string fixed(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

}  // namespace

void Monitor::Interval::seen(double at) {
    if (last >= 0) longest = std::max(longest, at - last);
    last = at;
}

void Monitor::look(std::span<const std::uint8_t> packets) {
    for (std::size_t at = 0; at + packet_size <= packets.size(); at += packet_size, ++packets_)
        look_at(packets.data() + at);
}

void Monitor::look_at_clock(std::int64_t ticks) {
    pcr_.seen(seconds());
    if (first_pcr_at_ < 0) {
        first_pcr_at_ = seconds();
    } else {
        const auto step = ticks - last_pcr_;
        since_first_pcr_ += step < 0 ? step + wrap_90 * 300 : step;  // it wraps every 26.5 hours
    }
    const auto error = std::abs(static_cast<double>(since_first_pcr_) / 27e6 - (seconds() - first_pcr_at_));
    jitter_ = std::max(jitter_, error);
    last_pcr_ = ticks;
}

void Monitor::look_at(const std::uint8_t* p) {
    if (p[0] != 0x47) {
        ++faults_;
        return;
    }
    const unsigned pid = (p[1] & 0x1fU) << 8 | p[2];
    if (pid == null_pid) return;
    if (p[3] & 0x10) {
        auto& counter = counters_[pid];
        const auto now = static_cast<std::int8_t>(p[3] & 15);
        if (counter >= 0 && now != ((counter + 1) & 15)) ++faults_;
        counter = now;
    }
    const bool adaptation = p[3] & 0x20;
    if (adaptation && p[4] >= 7 && (p[5] & 0x10)) look_at_clock(pcr_of(p + 6));
    if (pid == pid::pat) pat_.seen(seconds());
    if (pid == pid::pmt) pmt_.seen(seconds());
    const std::size_t head = adaptation ? 5U + p[4] : 4U;
    const bool pes = (p[1] & 0x40) && (p[3] & 0x10) && (pid == pid::video || pid == pid::sound) &&
                     head + 14 <= packet_size;
    if (!pes || first_pcr_at_ < 0) return;
    auto margin = stamp_of(p + head + 9) - last_pcr_ / 300;
    if (margin < -wrap_90 / 2) margin += wrap_90;
    margin_ = std::min(margin_, static_cast<double>(margin) / 90'000 - (seconds() - pcr_.last));
}

std::map<std::string, std::string> Monitor::evidence() const {
    return {{"ts_continuity_errors", std::to_string(faults_)},
            {"ts_pcr_interval_ms", fixed(pcr_.longest * 1000, 1)},
            {"ts_pcr_jitter_ns", fixed(jitter_ * 1e9, 0)},
            {"ts_pat_interval_ms", fixed(pat_.longest * 1000, 1)},
            {"ts_pmt_interval_ms", fixed(pmt_.longest * 1000, 1)},
            {"ts_pts_margin_ms", fixed(margin_ < 1e8 ? margin_ * 1000 : 0, 1)}};
}

std::string Monitor::alarm() const {
    if (faults_ > 0) return "the feed's packets are not in order (TR 101 290, 1.1 and 1.4)";
    if (pat_.longest > longest_table || pmt_.longest > longest_table)
        return "the feed's PAT or PMT came more than 100 ms apart (TR 101 290, 1.3 and 1.5)";
    if (pcr_.longest > longest_pcr) return "the feed's clock came more than 40 ms apart (TR 101 290, 2.3)";
    if (jitter_ > most_jitter) return "the feed's clock is off by more than 500 ns (TR 101 290, 2.4)";
    if (margin_ < 0) return "the feed sent a picture or sound after its time (TR 101 290, 2.5)";
    return {};
}

}  // namespace riverlight::player
