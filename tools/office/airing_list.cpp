#include "tools/office/airing_list.hpp"

#include <algorithm>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::milliseconds;

bool is_not_aired(const AiringFilter& f) {
    return !f.status.empty() && f.status != to_text(content::AiringStatus::aired);
}

/// Conditions, with the values to bind in order.
struct WhereClause {
    std::string sql = " WHERE 1=1";
    std::vector<std::string> values;

    void add(const std::string& condition, const std::string& value) {
        if (value.empty()) return;
        sql += " AND " + condition;
        values.push_back(value);
    }
    void add_if(bool wanted, const char* condition) {
        if (wanted) sql += condition;
    }
    /// Refers to them.
    [[nodiscard]] SqlValues bound() const {
        SqlValues out(values.begin(), values.end());
        return out;
    }
};

/// What airings match.
WhereClause airings_that(const AiringFilter& f) {
    WhereClause out;
    if (f.from) out.add("day>=?", to_iso(*f.from));
    if (f.until) out.add("day<=?", to_iso(*f.until));
    out.add("country=?", f.country);
    out.add("place=?", f.place);
    out.add("locale=?", f.locale);
    out.add("campaign=?", f.campaign);
    out.add("segment=?", f.segment);
    out.add("assessed=?", f.status);
    out.add_if(is_not_aired(f), " AND assessed<>'aired'");
    out.add("airing.board=?", f.board);
    out.add_if(f.overclaims, " AND overclaims=1");
    out.add_if(f.in_doubt, " AND doubt<>''");
    return out;
}

/// Which counts are of them; `table` as table_of() says.
WhereClause counts_that(const AiringFilter& f) {
    WhereClause out;
    out.sql = " WHERE count>0";
    out.add("board=?", f.board);
    if (f.from) out.add("day>=?", to_iso(*f.from));
    if (f.until) out.add("day<=?", to_iso(*f.until));
    out.add("country=?", f.country);
    out.add("status=?", f.status);
    out.add_if(f.overclaims, " AND overclaims=1");
    out.add_if(f.in_doubt, " AND doubt<>''");
    WhereClause subject;
    subject.add("locale=?", f.locale);
    subject.add("campaign=?", f.campaign);
    subject.add("segment=?", f.segment);
    if (subject.values.empty()) return out;
    out.sql += " AND subject IN (SELECT id FROM subject" + subject.sql + ")";
    out.values.insert(out.values.end(), subject.values.begin(), subject.values.end());
    return out;
}

std::string table_of(const AiringFilter& f) {
    return f.board.empty() ? "airing_count" : "board_airing_count";
}

/// Has SQLite, which knows no numbers of rows, read that index. PostgreSQL counts, and chooses itself.
std::string indexed_by(const Database& db, const std::string& index) {
    return db.kind() == DatabaseKind::sqlite ? " INDEXED BY " + index : "";
}

/// The index that holds the fewest rows beside those that match, in the order of pages.
std::string index_of(const AiringFilter& f) {
    if (f.in_doubt) return "airing_doubt";
    if (f.overclaims) return "airing_overclaims";
    if (is_not_aired(f)) return "airing_not_aired";
    if (!f.board.empty()) return "airing_board";
    if (!f.segment.empty()) return "airing_segment";
    if (!f.campaign.empty()) return "airing_campaign";
    if (!f.locale.empty()) return "airing_locale";
    if (!f.country.empty()) return "airing_country";
    return "airing_at";
}

/// True if the counts tell more of it than the days that it names.
bool is_chosen(const AiringFilter& f) {
    return f.in_doubt || f.overclaims || !f.status.empty() || !f.board.empty() || !f.segment.empty() ||
           !f.campaign.empty() || !f.locale.empty() || !f.country.empty();
}

/// The moments between which the rows of a day stand: zones, a late day start, an hour that is set back and
/// what a time fix may move an airing by are less than these.
std::string first_of(local_days day) {
    return to_rfc3339(Instant{(day - days{1}).time_since_epoch()});
}
std::string behind(local_days day) {
    return to_rfc3339(Instant{(day + days{3}).time_since_epoch()});
}

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

std::vector<AiringRow> AiringList::rows_between(const Span& span, const AiringFilter& filter,
                                                const std::optional<Cursor>& after, std::size_t count,
                                                AiringOrder order) const {
    auto where = airings_that(filter);
    where.add("at>=?", span.from);
    where.add("at<?", span.before);
    const bool newest = order == AiringOrder::newest;
    const std::string direction = newest ? "DESC" : "ASC";
    const auto index = filter.place.empty() ? index_of(filter) : "airing_day";
    auto values = where.bound();
    if (after) values.insert(values.end(), {SqlValue(after->at), SqlValue(after->id)});
    values.emplace_back(static_cast<std::int64_t>(count));
    auto q =
        db_.query(select_columns + " FROM airing" + indexed_by(db_, index) + joined + where.sql +
                      (after ? newest ? " AND (at, airing.id)<(?, ?)" : " AND (at, airing.id)>(?, ?)" : "") +
                      " ORDER BY at " + direction + ", airing.id " + direction + " LIMIT ?",
                  values);
    std::vector<AiringRow> rows;
    while (q.next()) rows.push_back(row_of(q, db_.name));
    return rows;
}

/// In the order asked for.
std::vector<local_days> AiringList::days_with(const AiringFilter& filter, AiringOrder order) const {
    const auto where = counts_that(filter);
    auto q = db_.query("SELECT DISTINCT day FROM " + table_of(filter) + where.sql + " ORDER BY day " +
                           (order == AiringOrder::newest ? "DESC" : "ASC"),
                       where.bound());
    std::vector<local_days> out;
    while (q.next())
        if (const auto day = date_from_iso(q.text(0))) out.push_back(*day);
    return out;
}

std::vector<AiringRow> AiringList::rows(const AiringFilter& filter, const std::optional<Cursor>& after,
                                        std::size_t count, AiringOrder order) const {
    Span asked;
    if (filter.from) asked.from = first_of(*filter.from);
    if (filter.until) asked.before = behind(*filter.until);
    if (!is_chosen(filter) || !filter.place.empty()) return rows_between(asked, filter, after, count, order);
    const bool newest = order == AiringOrder::newest;
    auto found = days_with(filter, order);
    if (after)  // days that lie before the cursor are done
        std::erase_if(found, [&](local_days day) {
            return newest ? first_of(day) > after->at : behind(day) <= after->at;
        });
    for (std::size_t days_read = 1; !found.empty(); days_read *= 2) {
        const auto last = found[std::min(days_read, found.size()) - 1];
        const Span span = newest ? Span{first_of(last), behind(found.front())}
                                 : Span{first_of(found.front()), behind(last)};
        auto rows = rows_between(span, filter, after, count, order);
        if (rows.size() == count || days_read >= found.size()) return rows;
    }
    return {};
}

std::int64_t AiringList::count(const AiringFilter& filter, std::int64_t at_most) const {
    const bool by_place = !filter.place.empty();
    const auto where = by_place ? airings_that(filter) : counts_that(filter);
    if (!by_place) {
        auto q =
            db_.query("SELECT COALESCE(SUM(count), 0) FROM " + table_of(filter) + where.sql, where.bound());
        return q.next() ? std::min(at_most, q.integer(0)) : 0;
    }
    auto values = where.bound();
    values.emplace_back(at_most);
    auto q =
        db_.query("SELECT count(*) FROM (SELECT 1 FROM airing" + where.sql + " LIMIT ?) AS found", values);
    return q.next() ? q.integer(0) : 0;
}

}  // namespace riverlight::office
