#include "tools/office/report_rows.hpp"

#include "content/airing/failure_run.hpp"
#include "content/airing/time_fix.hpp"
#include "content/airing/time_gap.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

const std::string select_reports =
    "SELECT airing, assessed, reason, planned, placed.started, board, outlet, shown_ms, overclaims, doubt, "
    "booking, campaign, segment, locale FROM airing LEFT JOIN placed ON placed.id=airing.id WHERE place=? "
    "AND day=?";

std::vector<Reported> all_of(Rows q) {
    const auto text = [&](int column) { return plain_text(q.text(column), 2000); };
    std::vector<Reported> out;
    while (q.next()) {
        const auto status = content::parse_airing_status(q.text(1));
        const auto doubt = parse_doubt(q.text(9));
        if (!status && !doubt) continue;
        const auto planned = from_rfc3339(q.text(3));
        const auto started = from_rfc3339(q.text(4));
        out.push_back({text(0), status.value_or(content::AiringStatus::failed), text(2),
                       planned && started && content::is_off_plan(*planned, *started),
                       text(5) + ' ' + text(6), milliseconds{q.integer(7)}, q.flag(8), doubt, text(10),
                       text(11), text(12), text(13)});
    }
    return out;
}

std::int64_t count_of(Instant at) {
    return at.time_since_epoch().count();
}

}  // namespace

std::optional<TimeSpan> time_span_of(const content::AiringRecord& record) {
    if (const auto gap = content::time_gap_of(record)) return TimeSpan{true, gap->from, gap->until};
    if (const auto run = content::failure_run_of(record)) return TimeSpan{false, run->from, run->until};
    return std::nullopt;
}

void add_time_span(Database& db, std::int64_t id, const std::string& place, const TimeSpan& span) {
    db.run("INSERT INTO time_span VALUES(?,?,?,?,?)",
           {id, place, span.is_gap ? 1 : 0, count_of(span.from), count_of(span.until)});
}

std::optional<TimeSpan> find_time_span(Database& db, std::int64_t id) {
    auto q = db.query("SELECT is_gap, from_us, until_us FROM time_span WHERE id=?", {id});
    if (!q.next()) return std::nullopt;
    return TimeSpan{q.flag(0), Instant{microseconds{q.integer(1)}}, Instant{microseconds{q.integer(2)}}};
}

std::vector<Reported> ReportRows::of_day(const std::string& place, std::chrono::local_days day) const {
    return all_of(db_.query(select_reports, {place, to_iso(day)}));
}

std::vector<Reported> ReportRows::of_airing(const std::string& place, std::chrono::local_days day,
                                            const std::string& airing) const {
    return all_of(db_.query(select_reports + " AND airing=?", {place, to_iso(day), airing}));
}

ReportedTimes ReportRows::times_of(const DayFacts& day) const {
    auto q = db_.query(
        "SELECT is_gap, from_us, until_us FROM time_span JOIN airing USING(id) WHERE time_span.place=? AND "
        "from_us<? AND until_us>? AND doubt=''",
        {day.place, count_of(day.until), count_of(day.from)});
    ReportedTimes out;
    while (q.next()) {
        const Instant from{microseconds{q.integer(1)}};
        const Instant until{microseconds{q.integer(2)}};
        if (q.flag(0)) {
            content::TimeGap gap;
            gap.from = from;
            gap.until = until;
            out.gaps.push_back(std::move(gap));
        } else {
            out.runs.push_back({from, until, 2});
        }
    }
    return out;
}

}  // namespace riverlight::office
