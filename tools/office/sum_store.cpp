#include "tools/office/sum_store.hpp"

#include "content/base/plain_text.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

const std::string sums =
    "SUM(aired), SUM(partly), SUM(missed), SUM(silent), SUM(waived), SUM(filler), SUM(unplanned), "
    "SUM(due_ms), SUM(shown_ms), SUM(filler_ms), SUM(unplanned_ms), SUM(silent_ms) ";
int number_in(const Rows& q, int column) {
    return static_cast<int>(q.integer(column));
}

/// The columns of `sums`, from `first` on.
Tally tally_in(const Rows& q, int first) {
    Tally out;
    int i = first;
    for (auto* count :
         {&out.aired, &out.partly, &out.missed, &out.silent, &out.waived, &out.filler, &out.unplanned})
        *count = number_in(q, i++);
    for (auto* time : {&out.due_time, &out.shown, &out.filler_time, &out.unplanned_time})
        *time = milliseconds{q.integer(i++)};
    return out;
}

/// Promises of which nothing was heard, and how long they were planned.
struct Silence {
    int count = 0;
    milliseconds time{};
};
/// Of what would be silent once the day is over, only `so_far` is.
void set_upcoming(Tally& tally, const Silence& in_the_end, const Silence& so_far) {
    tally.upcoming += in_the_end.count - so_far.count;
    tally.silent += so_far.count - in_the_end.count;
    tally.due_time += so_far.time - in_the_end.time;
}

/// The places of one day, or those of it that have not ended: `rest` continues behind FROM place_day, and may
/// use ?1 for the day, ?2 for now in µs, ?3 for the country.
Rows day_rows(const Database& db, const std::string& select, const std::string& join, const std::string& rest,
              std::chrono::local_days day, const std::string& country, Instant now) {
    return db.query(select + "FROM place_day " + join + " WHERE place_day.day=?1 " +
                        (country.empty() ? "AND ?3='' " : "AND place_day.country=?3 ") + rest,
                    {to_iso(day), std::int64_t{now.time_since_epoch().count()}, country});
}

constexpr auto sums_of_place = " day_sum ON day_sum.day=?1 AND day_sum.place=place_day.place";
constexpr auto silent_of_place = " silent ON silent.day=?1 AND silent.place=place_day.place AND end_us<=?2";
constexpr auto reasons_of_place = " day_reason ON day_reason.day=?1 AND day_reason.place=place_day.place";

/// Joins in the order in which they are written: SQLite would begin with the larger table. PostgreSQL counts,
/// and chooses itself.
std::string in_order(const Database& db, const std::string& table_on) {
    return (db.kind() == DatabaseKind::sqlite ? "CROSS JOIN" : "JOIN") + table_on;
}

std::string text_in(const Rows& q, int column) {
    return plain_text(q.text(column), 2000);
}

}  // namespace

std::vector<PlaceSum> SumStore::places(std::chrono::local_days day, const std::string& country,
                                       Instant now) const {
    std::vector<PlaceSum> out;
    std::map<std::string, std::size_t> at;
    std::map<std::string, std::pair<Silence, Silence>> open;
    auto all = day_rows(db_, "SELECT place_day.place, name, country, last_end_us>?2, " + sums,
                        std::string("LEFT JOIN") + sums_of_place,
                        "GROUP BY place_day.day, place_day.place ORDER BY country, place_day.place", day,
                        country, now);
    while (all.next()) {
        at[all.text(0)] = out.size();
        out.push_back({all.text(0), text_in(all, 1), all.text(2), tally_in(all, 4), {}});
        if (all.flag(3))
            open[out.back().place].first = {out.back().tally.silent, milliseconds{all.integer(15)}};
    }
    auto reasons = day_rows(db_, "SELECT place_day.place, reason, count ", in_order(db_, reasons_of_place),
                            "AND count<>0 AND (silent=0 OR last_end_us<=?2)", day, country, now);
    while (reasons.next()) out[at.at(reasons.text(0))].reasons[text_in(reasons, 1)] += number_in(reasons, 2);
    auto silent =
        day_rows(db_, "SELECT place_day.place, reason, COUNT(*), SUM(length_ms) ",
                 in_order(db_, silent_of_place), "AND last_end_us>?2 GROUP BY 1, 2", day, country, now);
    while (silent.next()) {
        auto& so_far = open[silent.text(0)].second;
        so_far.count += number_in(silent, 2);
        so_far.time += milliseconds{silent.integer(3)};
        out[at.at(silent.text(0))].reasons[text_in(silent, 1)] += number_in(silent, 2);
    }
    for (const auto& [place, silence] : open)
        set_upcoming(out[at.at(place)].tally, silence.first, silence.second);
    return out;
}

std::map<std::string, SumStore::BySubject> SumStore::countries(std::chrono::local_days day,
                                                               const std::string& country,
                                                               Instant now) const {
    struct Sum {
        Tally tally;
        Silence in_the_end, so_far;
    };
    std::map<std::pair<std::string, std::int64_t>, Sum> found;
    auto all = db_.query("SELECT country, subject, " + sums + "FROM country_sum WHERE day=?1 AND " +
                             (country.empty() ? "?2=''" : "country=?2") + " GROUP BY 1, 2",
                         {to_iso(day), country});
    while (all.next()) found[{all.text(0), all.integer(1)}].tally = tally_in(all, 2);
    const auto add = [&](Silence Sum::*into, const char* what, const char* joined) {
        auto query = day_rows(db_, std::string("SELECT country, subject, ") + what, in_order(db_, joined),
                              "AND last_end_us>?2 GROUP BY 1, 2", day, country, now);
        while (query.next())
            found[{query.text(0), query.integer(1)}].*
                into = {number_in(query, 2), milliseconds{query.integer(3)}};
    };
    add(&Sum::in_the_end, "SUM(silent), SUM(silent_ms) ", sums_of_place);
    add(&Sum::so_far, "COUNT(*), SUM(length_ms) ", silent_of_place);
    std::map<std::string, BySubject> out;
    for (auto& [key, sum] : found) {
        set_upcoming(sum.tally, sum.in_the_end, sum.so_far);
        if (sum.tally == Tally{}) continue;
        auto subject = db_.query("SELECT campaign, segment, locale FROM subject WHERE id=?", {key.second});
        if (subject.next())
            out[key.first][{text_in(subject, 0), text_in(subject, 1), text_in(subject, 2)}] = sum.tally;
    }
    return out;
}

}  // namespace riverlight::office
