#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Checks a transport stream as a broadcaster's monitor does (ETSI TR 101 290, first and second priority, as
/// far as a file allows). Written from ISO/IEC 13818-1; shares no code with the feed's muxer.
namespace riverlight::test {

/// What was found. One member for each figure.
struct TsReport {
    std::int64_t packets = 0, sync_errors = 0, continuity_errors = 0, crc_errors = 0, scrambled = 0,
                 discontinuities = 0,
                 unclocked = 0;  ///< random access on the PCR's PID without a PCR (13818-1, 2.4.3.5)
    double seconds = 0, mux_rate = 0, pcr_interval_ms = 0, pcr_accuracy_ns = 0;
    std::map<unsigned, double> table_interval_ms;  ///< by PID; the largest
    std::map<unsigned, std::int64_t> sections;     ///< by PID
    struct Stream {
        std::int64_t units = 0, late = 0, backwards = 0;
        double gap_ms = 0, typical_gap_ms = 1e9,
               margin_ms = 1e9;  ///< largest and least PTS step; least time to its PTS
    };
    std::map<unsigned, Stream> streams;  ///< by PID, for PIDs that carry PES packets

    /// The conditions for which a monitor raises an alarm.
    [[nodiscard]] std::vector<std::string> fails() const {
        std::vector<std::string> out;
        const auto check = [&](bool fine, const std::string& what) {
            if (!fine) out.push_back(what);
        };
        const auto within = [&](unsigned pid, double most) {
            const auto found = table_interval_ms.find(pid);
            return found != table_interval_ms.end() && found->second <= most;
        };
        check(sync_errors == 0, "sync");
        check(continuity_errors == 0, "continuity");
        check(crc_errors == 0, "crc");
        check(scrambled == 0, "scrambled");
        check(unclocked == 0, "random access without a clock");
        check(within(0x0000, 100), "pat");
        check(within(0x0100, 100), "pmt");
        check(within(0x0011, 2000), "sdt");
        check(pcr_interval_ms <= 40, "pcr interval");
        check(pcr_accuracy_ns <= 500, "pcr accuracy");
        for (const auto& [pid, s] : streams)
            check(s.late == 0 && s.backwards == 0 && s.gap_ms <= 700, "stream " + std::to_string(pid));
        return out;
    }
};

class TsChecker {
  public:
    explicit TsChecker(std::string_view bytes) : bytes_(bytes) {
        for (std::size_t at = 0; at + 188 <= bytes.size(); at += 188)
            clocks(reinterpret_cast<const std::uint8_t*>(bytes.data() + at), at);
        measure_clock();
        for (std::size_t at = 0; at + 188 <= bytes.size(); at += 188)
            look(reinterpret_cast<const std::uint8_t*>(bytes.data() + at), at);
    }
    [[nodiscard]] const TsReport& report() const { return report_; }

  private:
    struct Clock {
        double at, seconds;
    };
    void clocks(const std::uint8_t* p, std::size_t at) {
        if (p[0] != 0x47 || !(p[3] & 0x20) || p[4] < 7 || !(p[5] & 0x10)) return;
        const auto base = std::int64_t{p[6]} << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7;
        const auto ticks = base * 300 + ((p[10] & 1) << 8 | p[11]);
        clock_pid_ = (p[1] & 0x1fU) << 8 | p[2];
        clocks_.push_back({static_cast<double>(at), static_cast<double>(ticks) / 27e6});
    }
    void measure_clock() {
        if (clocks_.size() < 2) return;
        const auto& a = clocks_.front();
        const auto& b = clocks_.back();
        report_.seconds = b.seconds - a.seconds;
        slope_ = (b.seconds - a.seconds) / (b.at - a.at);
        report_.mux_rate = 8 / slope_;
        for (std::size_t i = 0; i < clocks_.size(); ++i) {
            const auto error = clocks_[i].seconds - (a.seconds + (clocks_[i].at - a.at) * slope_);
            report_.pcr_accuracy_ns = std::max(report_.pcr_accuracy_ns, std::abs(error) * 1e9);
            if (i > 0)
                report_.pcr_interval_ms =
                    std::max(report_.pcr_interval_ms, (clocks_[i].seconds - clocks_[i - 1].seconds) * 1000);
        }
    }
    [[nodiscard]] double time_at(std::size_t at) const {
        return clocks_.empty()
                   ? 0
                   : clocks_.front().seconds + (static_cast<double>(at) - clocks_.front().at) * slope_;
    }
    void look(const std::uint8_t* p, std::size_t at) {
        ++report_.packets;
        if (p[0] != 0x47) {
            ++report_.sync_errors;
            return;
        }
        const unsigned pid = (p[1] & 0x1fU) << 8 | p[2];
        report_.scrambled += (p[3] & 0xc0) != 0;
        if (pid == 0x1fff) return;
        const bool adaptation = p[3] & 0x20, payload = p[3] & 0x10;
        const bool discontinuity = adaptation && p[4] > 0 && (p[5] & 0x80);
        report_.discontinuities += discontinuity;
        report_.unclocked += pid == clock_pid_ && adaptation && p[4] > 0 && (p[5] & 0x50) == 0x40;
        const auto counter = p[3] & 15;
        if (discontinuity && !payload) counters_[pid] = counter;
        if (payload) {
            const auto found = counters_.find(pid);
            report_.continuity_errors +=
                found != counters_.end() && !discontinuity && counter != ((found->second + 1) & 15);
            counters_[pid] = counter;
        }
        const std::size_t head = adaptation ? 5U + p[4] : 4U;
        if (!payload || head >= 188) return;
        const bool begins = p[1] & 0x40;
        if (begins && head + 3 <= 188 && p[head] == 0 && p[head + 1] == 0 && p[head + 2] == 1 && pid > 0x1f)
            unit(pid, p + head, at);
        else if (begins || sections_.contains(pid))
            section(pid, p + head, 188 - head, begins, at);
    }
    void unit(unsigned pid, const std::uint8_t* p, std::size_t at) {
        auto& s = report_.streams[pid];
        ++s.units;
        if (!(p[7] & 0x80)) return;
        const auto pts = static_cast<double>(std::int64_t{p[9] >> 1 & 7} << 30 | p[10] << 22 |
                                             (p[11] >> 1) << 15 | p[12] << 7 | p[13] >> 1) /
                         90'000;
        const auto margin = (pts - time_at(at)) * 1000;
        s.margin_ms = std::min(s.margin_ms, margin);
        s.late += margin < 0;
        const auto found = stamps_.find(pid);
        if (found != stamps_.end()) {
            s.backwards += pts <= found->second;
            s.gap_ms = std::max(s.gap_ms, (pts - found->second) * 1000);
            s.typical_gap_ms = std::min(s.typical_gap_ms, (pts - found->second) * 1000);
        }
        stamps_[pid] = pts;
    }
    /// Expects one section per packet with a start, as our feeds write them.
    void section(unsigned pid, const std::uint8_t* p, std::size_t size, bool begins, std::size_t at) {
        auto& bytes = sections_[pid];
        if (begins) {
            bytes.assign(p + 1 + p[0], p + size);
            const auto first = begun_.find({pid, bytes[0]});
            if (first != begun_.end())
                report_.table_interval_ms[pid] =
                    std::max(report_.table_interval_ms[pid], (time_at(at) - first->second) * 1000);
            if (bytes.size() < 7 || bytes[0] == 0x70 || bytes[0] == 0xfc || bytes[6] == 0)
                begun_[{pid, bytes[0]}] = time_at(at);
        } else {
            bytes.insert(bytes.end(), p, p + size);
        }
        const std::size_t length = bytes.size() < 3 ? 0 : 3 + ((bytes[1] & 15U) << 8 | bytes[2]);
        if (length == 0 || bytes.size() < length) return;
        ++report_.sections[pid];
        std::uint32_t crc = 0xffffffff;
        for (std::size_t i = 0; i < length && bytes[0] != 0x70; ++i)
            for (int bit = 7; bit >= 0; --bit) {
                const bool top = (crc >> 31) != ((bytes[i] >> bit & 1U));
                crc = crc << 1 ^ (top ? 0x04c11db7U : 0U);
            }
        report_.crc_errors += bytes[0] != 0x70 && crc != 0;
        whole[pid].insert(std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
        sections_.erase(pid);
    }

    std::string_view bytes_;
    TsReport report_;
    std::vector<Clock> clocks_;
    double slope_ = 0;
    unsigned clock_pid_ = 0x2000;  ///< none
    std::map<unsigned, int> counters_;
    std::map<unsigned, double> stamps_;
    std::map<std::pair<unsigned, std::uint8_t>, double> begun_;
    std::map<unsigned, std::vector<std::uint8_t>> sections_;

  public:
    std::map<unsigned, std::set<std::string>> whole;  ///< different sections by PID
};

}  // namespace riverlight::test
