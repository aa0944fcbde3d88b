#include "tools/office/report_rows.hpp"

#include "content/airing/failure_run.hpp"
#include "content/airing/time_fix.hpp"
#include "content/airing/time_gap.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::office {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

const std::string select_reports =
    "SELECT airing, assessed, reason, planned, placed.started, board, outlet, shown_ms, overclaims, doubt, "
    "booking, campaign, segment, locale FROM airing LEFT JOIN placed ON placed.id=airing.id WHERE place=? "
    "AND day=?";

std::vector<Reported> all_of(SQLite::Statement& q) {
    const auto text = [&](int column) { return plain_text(q.getColumn(column).getString(), 2000); };
    std::vector<Reported> out;
    while (q.executeStep()) {
        const auto status = content::parse_airing_status(q.getColumn(1).getString());
        const auto doubt = parse_doubt(q.getColumn(9).getString());
        if (!status && !doubt) continue;
        const auto planned = from_rfc3339(q.getColumn(3).getString());
        const auto started = from_rfc3339(q.getColumn(4).getString());
        out.push_back({text(0), status.value_or(content::AiringStatus::failed), text(2),
                       planned && started && content::is_off_plan(*planned, *started),
                       text(5) + ' ' + text(6), milliseconds{q.getColumn(7).getInt64()},
                       q.getColumn(8).getInt() != 0, doubt, text(10), text(11), text(12), text(13)});
    }
    q.reset();
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

void add_time_span(SQLite::Database& db, std::int64_t id, const std::string& place, const TimeSpan& span) {
    SQLite::Statement q(db, "INSERT INTO time_span VALUES(?,?,?,?,?)");
    q.bind(1, id);
    q.bind(2, place);
    q.bind(3, span.is_gap ? 1 : 0);
    q.bind(4, count_of(span.from));
    q.bind(5, count_of(span.until));
    q.exec();
}

std::optional<TimeSpan> find_time_span(SQLite::Database& db, std::int64_t id) {
    SQLite::Statement q(db, "SELECT is_gap, from_us, until_us FROM time_span WHERE id=?");
    q.bind(1, id);
    if (!q.executeStep()) return std::nullopt;
    return TimeSpan{q.getColumn(0).getInt() != 0, Instant{microseconds{q.getColumn(1).getInt64()}},
                    Instant{microseconds{q.getColumn(2).getInt64()}}};
}

ReportRows::ReportRows(SQLite::Database& db)
    : of_day_(db, select_reports),
      of_airing_(db, select_reports + " AND airing=?"),
      times_(db,
             "SELECT is_gap, from_us, until_us FROM time_span JOIN airing USING(id) WHERE time_span.place=? "
             "AND from_us<? AND until_us>? AND doubt=''") {}

std::vector<Reported> ReportRows::of_day(const std::string& place, std::chrono::local_days day) {
    of_day_.bind(1, place);
    of_day_.bind(2, to_iso(day));
    return all_of(of_day_);
}

std::vector<Reported> ReportRows::of_airing(const std::string& place, std::chrono::local_days day,
                                            const std::string& airing) {
    of_airing_.bind(1, place);
    of_airing_.bind(2, to_iso(day));
    of_airing_.bind(3, airing);
    return all_of(of_airing_);
}

ReportedTimes ReportRows::times_of(const DayFacts& day) {
    times_.bind(1, day.place);
    times_.bind(2, count_of(day.until));
    times_.bind(3, count_of(day.from));
    ReportedTimes out;
    while (times_.executeStep()) {
        const Instant from{microseconds{times_.getColumn(1).getInt64()}};
        const Instant until{microseconds{times_.getColumn(2).getInt64()}};
        if (times_.getColumn(0).getInt() != 0) {
            content::TimeGap gap;
            gap.from = from;
            gap.until = until;
            out.gaps.push_back(std::move(gap));
        } else {
            out.runs.push_back({from, until, 2});
        }
    }
    times_.reset();
    return out;
}

}  // namespace riverlight::office
