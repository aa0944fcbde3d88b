#include "tools/fleet/fleet_report.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "content/base/json.hpp"

namespace riverlight::fleet {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

/// The time below which so many of a hundred answers came, ms; 0 if there are none.
std::int64_t percentile(std::vector<float> times, std::size_t percent) {
    if (times.empty()) return 0;
    const auto at =
        times.begin() + static_cast<std::ptrdiff_t>(std::min(times.size() - 1, times.size() * percent / 100));
    std::nth_element(times.begin(), at, times.end());
    return std::lround(*at);
}

std::string seconds_text(milliseconds time) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(1) << static_cast<double>(time.count()) / 1000 << " s";
    return out.str();
}

double per(std::int64_t amount, std::int64_t of) {
    return of > 0 ? static_cast<double>(amount) / static_cast<double>(of) : 0;
}

}  // namespace

std::string report_text(const FleetReport& r) {
    const auto& t = r.traffic;
    const auto board_days = r.boards * r.days;
    std::ostringstream out;
    out << std::fixed << std::setprecision(2);
    out << r.boards << " boards, " << r.days << " days: " << t.records << " records in " << t.batches
        << " batches, " << t.health_reports << " health reports, " << t.bytes_sent << " bytes; "
        << t.tried_again << " tried again\n";
    out << "real time: " << seconds_text(r.enrolling) << " to enrol, " << seconds_text(r.living)
        << " to live (" << seconds_text(r.office_kept_waiting) << " of it for the office's plans), "
        << seconds_text(r.checking) << " to compare\n";
    out << "answers: health " << percentile(t.health_ms, 50) << " ms, p99 " << percentile(t.health_ms, 99)
        << " ms; batches " << percentile(t.batch_ms, 50) << " ms, p99 " << percentile(t.batch_ms, 99)
        << " ms\n";
    out << "office: " << seconds_text(r.use.processor) << " of a processor ("
        << per(r.use.processor.count(), board_days) << " ms a board and day), " << r.use.most_memory
        << " bytes of memory, " << r.database_bytes << " bytes of database ("
        << per(r.database_bytes, t.records) << " a record, " << per(r.database_bytes, board_days)
        << " a board and day)\n";
    for (const auto& one : r.spreads)
        out << "release " << one.release << ": " << one.boards << " boards looked, half of them within "
            << one.half.count() << " s, all within " << one.last.count() << " s, at most "
            << one.most_in_a_second << " in a second\n";
    for (const auto& line : r.check.first_differences) out << "differs: " << line << '\n';
    out << r.check.rows << " rows and " << r.check.sums << " sums compared, of " << r.check.airings
        << " plays: " << r.check.differences << " differ\n";
    return out.str();
}

json::value report_json(const FleetReport& r) {
    const auto& t = r.traffic;
    json::array spreads, differences;
    for (const auto& one : r.spreads)
        spreads.push_back(json::object{{"release", one.release},
                                       {"boards", one.boards},
                                       {"half_s", one.half.count()},
                                       {"last_s", one.last.count()},
                                       {"most_in_a_second", one.most_in_a_second}});
    for (const auto& line : r.check.first_differences) differences.emplace_back(line);
    return json::object{{"format", 1},
                        {"boards", r.boards},
                        {"days", r.days},
                        {"records", t.records},
                        {"batches", t.batches},
                        {"health_reports", t.health_reports},
                        {"bytes_sent", t.bytes_sent},
                        {"tried_again", t.tried_again},
                        {"enrolling_ms", r.enrolling.count()},
                        {"living_ms", r.living.count()},
                        {"office_kept_waiting_ms", r.office_kept_waiting.count()},
                        {"checking_ms", r.checking.count()},
                        {"health_p99_ms", percentile(t.health_ms, 99)},
                        {"batch_p99_ms", percentile(t.batch_ms, 99)},
                        {"office_processor_ms", r.use.processor.count()},
                        {"office_memory_bytes", r.use.most_memory},
                        {"database_bytes", r.database_bytes},
                        {"spreads", std::move(spreads)},
                        {"rows_compared", r.check.rows},
                        {"sums_compared", r.check.sums},
                        {"plays", r.check.airings},
                        {"different", r.check.differences},
                        {"differences", std::move(differences)}};
}

}  // namespace riverlight::fleet
