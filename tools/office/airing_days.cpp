#include "tools/office/airing_days.hpp"

#include <algorithm>

#include "tools/office/airing_conditions.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::local_days;

/// Where it is told whether there are any.
enum class HeldIn {
    by_place,    ///< the index of places and days
    by_board,    ///< the counts of a board
    by_subject,  ///< the counts of each subject, day by day
    by_rarity,   ///< the index of the few that are in doubt, or claim more
    by_day       ///< the counts of each day
};
HeldIn held_in(const AiringFilter& f) {
    if (!f.place.empty()) return HeldIn::by_place;
    if (!f.board.empty()) return HeldIn::by_board;
    if (is_of_subjects(f)) return HeldIn::by_subject;
    if (f.in_doubt || f.overclaims) return HeldIn::by_rarity;
    return HeldIn::by_day;
}

const char* counts_of(const AiringFilter& f) {
    return f.board.empty() ? "airing_count" : "board_airing_count";
}

/// Counts of the subjects that are asked for.
WhereClause counts_with_subjects(const AiringFilter& f) {
    auto out = counts_that(f);
    if (!is_of_subjects(f)) return out;
    const auto subjects = subjects_that(f);
    out.sql += " AND subject IN (SELECT id FROM subject" + subjects.sql + ")";
    out.values.insert(out.values.end(), subjects.values.begin(), subjects.values.end());
    return out;
}

void add_days(WhereClause& to, const AiringFilter& f) {
    if (f.from) to.add("day>=?", to_iso(*f.from));
    if (f.until) to.add("day<=?", to_iso(*f.until));
}

}  // namespace

std::optional<local_days> AiringDays::next(const AiringFilter& filter, local_days day,
                                           AiringOrder order) const {
    const bool newest = order == AiringOrder::newest;
    const auto first_of = [&](const std::string& table, WhereClause where) {
        where.add(newest ? "day<=?" : "day>=?", to_iso(day));
        where.sql = "SELECT day FROM " + table + where.sql + " ORDER BY day " + (newest ? "DESC" : "ASC") +
                    " LIMIT 1";
        return where;
    };
    WhereClause found;
    switch (held_in(filter)) {
        case HeldIn::by_place:
            found.add("place=?", filter.place);
            found = first_of("airing" + indexed_by(db_, "airing_day"), found);
            break;
        case HeldIn::by_board:
        case HeldIn::by_day:
            found = first_of(counts_of(filter), counts_with_subjects(filter));
            break;
        case HeldIn::by_subject: {
            auto where = counts_that(filter);
            where.sql += " AND airing_count.subject=subject.id";
            const auto counts = first_of("airing_count", where);
            const auto subjects = subjects_that(filter);
            found.sql = std::string("SELECT ") + (newest ? "MAX" : "MIN") + "(day) FROM (SELECT (" +
                        counts.sql + ") AS day FROM subject" + subjects.sql + ") AS days";
            found.values = counts.values;
            found.values.insert(found.values.end(), subjects.values.begin(), subjects.values.end());
            break;
        }
        case HeldIn::by_rarity: {
            WhereClause where;
            where.add_if(filter.in_doubt, " AND doubt<>''");
            where.add_if(filter.overclaims, " AND overclaims=1");
            found = first_of("airing" + indexed_by(db_, index_of(filter)), where);
            break;
        }
    }
    auto q = db_.query(found.sql, found.bound());
    return q.next() ? date_from_iso(q.text(0)) : std::nullopt;
}

std::int64_t AiringDays::count(const AiringFilter& filter, std::int64_t at_most) const {
    const auto where_held = held_in(filter);
    const bool in_rows = where_held == HeldIn::by_place || where_held == HeldIn::by_rarity;
    auto where = in_rows ? airings_that(filter) : counts_with_subjects(filter);
    add_days(where, filter);
    auto values = where.bound();
    values.emplace_back(at_most);
    // Each row of counts stands for one airing at least.
    const auto from = in_rows ? "(SELECT 1 AS count FROM airing" + indexed_by(db_, index_of(filter))
                              : std::string("(SELECT count FROM ") + counts_of(filter);
    auto q =
        db_.query("SELECT COALESCE(SUM(count), 0) FROM " + from + where.sql + " LIMIT ?) AS found", values);
    return q.next() ? std::min(at_most, q.integer(0)) : 0;
}

}  // namespace riverlight::office
