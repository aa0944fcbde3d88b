#include "tools/office/airing_list.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/airing_conditions.hpp"
#include "tools/office/airing_days.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::milliseconds;

/// So far from its date the rows of a day stand at most: zones, a late day start, an hour that is set back
/// and what a time fix may move an airing by are less than these.
constexpr days reaches_back{1}, reaches_on{3};
std::string first_of(local_days day) {
    return to_rfc3339(Instant{(day - reaches_back).time_since_epoch()});
}
std::string behind(local_days day) {
    return to_rfc3339(Instant{(day + reaches_on).time_since_epoch()});
}

/// Beyond what dates are written as.
constexpr local_days earliest_day{std::chrono::year{0} / 1 / 1}, last_day{std::chrono::year{9999} / 12 / 31};

/// −1 in the file: unknown.
std::optional<std::chrono::milliseconds> error_of(std::int64_t count) {
    if (count < 0) return std::nullopt;
    return std::chrono::milliseconds(count);
}

/// What a row that cannot be read is filed under.
AiringRecord record_of_columns(const Rows& q) {
    const auto text = [&](int column) { return plain_text(q.text(column), 500); };
    AiringRecord r;
    r.board = text(12);
    r.epoch = text(13);
    r.seq = q.integer(14);
    r.hash = text(15);
    r.place = text(16);
    r.airing = text(17);
    r.locale_aired = text(18);
    r.campaign = text(19);
    r.segment = text(20);
    r.reason = "its row cannot be read: it was damaged or edited at the office";
    return r;
}

AiringRow row_of(const Rows& q, const std::string& file) {
    AiringRow row;
    row.id = q.integer(0);
    row.country = plain_text(q.text(2), 64);
    row.day = date_from_iso(q.text(3)).value_or(std::chrono::local_days{});
    row.at = plain_text(q.text(21), 64);
    row.doubt = parse_doubt(q.text(22));
    try {
        row.record = content::parse_record(q.text(1), file);
    } catch (const Error&) {  // it breaks no page
        row.record = record_of_columns(q);
        row.doubt = Doubt::unreadable;
        return row;
    }
    if (const auto started = from_rfc3339(q.text(4)))
        row.placed = content::CorrectedTimes{*started, from_rfc3339(q.text(5)), error_of(q.integer(6))};
    row.assessed = {content::parse_airing_status(q.text(7)), milliseconds{q.integer(8)},
                    milliseconds{q.integer(9)}, q.flag(10)};
    if (!row.placed && !q.is_null(11)) row.start_off = milliseconds{q.integer(11)};
    return row;
}

const std::string select_columns =
    "SELECT airing.id, json, country, day, placed.started, placed.ended, placed.error_ms, assessed, "
    "length_ms, "
    "shown_ms, overclaims, off_ms, airing.board, epoch, seq, hash, place, airing, locale, campaign, segment, "
    "at, doubt";
constexpr auto joined = " LEFT JOIN placed ON placed.id=airing.id LEFT JOIN start ON start.id=airing.id";

}  // namespace

bool AiringList::is_before(const Cursor& a, const Cursor& b) const {
    return order_ == AiringOrder::newest ? std::tie(a.at, a.id) > std::tie(b.at, b.id)
                                         : std::tie(a.at, a.id) < std::tie(b.at, b.id);
}

std::vector<AiringRow> AiringList::rows_that(const AiringFilter& filter, WhereClause where,
                                             const Bounds& bounds, std::size_t count) const {
    const bool newest = order_ == AiringOrder::newest;
    auto values = where.bound();
    for (const auto& [cursor, sign] :
         {std::pair(&bounds.after, newest ? "<" : ">"), {&bounds.before, newest ? ">" : "<"}}) {
        if (!*cursor) continue;
        where.sql += std::string(" AND (at, airing.id)") + sign + "(?, ?)";
        values.insert(values.end(), {SqlValue((*cursor)->at), SqlValue((*cursor)->id)});
    }
    values.emplace_back(static_cast<std::int64_t>(count));
    const std::string direction = newest ? "DESC" : "ASC";
    auto q = db_.query(select_columns + " FROM airing" + indexed_by(db_, index_of(filter)) + joined +
                           where.sql + " ORDER BY at " + direction + ", airing.id " + direction + " LIMIT ?",
                       values);
    std::vector<AiringRow> rows;
    while (q.next()) rows.push_back(row_of(q, db_.name));
    return rows;
}

/// What the filter is put together from, so that an index has each part of a day in order.
std::vector<AiringFilter> AiringList::parts_of(local_days day) const {
    if (!is_of_days_alone(filter_)) return {filter_};
    std::vector<AiringFilter> out;
    auto q = db_.query("SELECT DISTINCT country FROM airing_count WHERE day=? AND count>0", {to_iso(day)});
    while (q.next()) {
        out.push_back(filter_);
        out.back().country = q.text(0);
    }
    return out;
}

void AiringList::add_rows_of(local_days day, const std::optional<Cursor>& after, std::size_t count,
                             std::vector<AiringRow>& rows) const {
    for (const auto& part : parts_of(day)) {
        auto where = airings_that(part);
        where.add("day=?", to_iso(day));
        where.add_if(part.country.empty() && is_of_days_alone(filter_), " AND country=''");
        Bounds bounds{after, {}};
        if (rows.size() == count) bounds.before = cursor_after(rows.back());
        auto more = rows_that(part, std::move(where), bounds, count);
        const auto middle = static_cast<std::ptrdiff_t>(rows.size());
        rows.insert(rows.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
        std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(),
                           [this](const AiringRow& a, const AiringRow& b) {
                               return is_before(cursor_after(a), cursor_after(b));
                           });
        if (rows.size() > count) rows.resize(count);
    }
}

/// The first day that may hold rows behind the cursor.
local_days AiringList::first_day(const std::optional<Cursor>& after) const {
    const bool newest = order_ == AiringOrder::newest;
    auto day = newest ? filter_.until.value_or(last_day) : filter_.from.value_or(earliest_day);
    const auto at = after ? from_rfc3339(after->at) : std::nullopt;
    if (!at) return day;
    const local_days date{std::chrono::floor<days>(at->time_since_epoch())};
    return newest ? std::min(day, date + reaches_back) : std::max(day, date - (reaches_on - days{1}));
}

bool AiringList::may_come_before(local_days day, const AiringRow& row) const {
    return order_ == AiringOrder::newest ? behind(day) > row.at : first_of(day) <= row.at;
}

bool AiringList::is_asked_for(local_days day) const {
    return order_ == AiringOrder::newest ? !filter_.from || day >= *filter_.from
                                         : !filter_.until || day <= *filter_.until;
}

std::vector<AiringRow> AiringList::rows(const std::optional<Cursor>& after, std::size_t count) const {
    std::vector<AiringRow> rows;
    if (count == 0) return rows;
    if (is_of_all(filter_)) return rows_that(filter_, {}, {after, {}}, count);
    const auto step = days{order_ == AiringOrder::newest ? -1 : 1};
    const AiringDays held(db_);
    for (auto day = held.next(filter_, first_day(after), order_); day && is_asked_for(*day);
         day = held.next(filter_, *day + step, order_)) {
        if (rows.size() == count && !may_come_before(*day, rows.back())) break;
        add_rows_of(*day, after, count, rows);
    }
    return rows;
}

}  // namespace riverlight::office
