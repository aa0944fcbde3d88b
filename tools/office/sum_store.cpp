#include "tools/office/sum_store.hpp"

#include "content/base/plain_text.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

const std::string sums =
    "SUM(aired), SUM(partly), SUM(missed), SUM(silent), SUM(waived), SUM(filler), SUM(unplanned), "
    "SUM(due_ms), SUM(shown_ms), SUM(filler_ms), SUM(unplanned_ms), SUM(silent_ms) ";
/// The columns of `sums`, from `first` on.
Tally tally_in(SQLite::Statement& q, int first) {
    Tally out;
    int i = first;
    for (auto* count :
         {&out.aired, &out.partly, &out.missed, &out.silent, &out.waived, &out.filler, &out.unplanned})
        *count = q.getColumn(i++).getInt();
    for (auto* time : {&out.due_time, &out.shown, &out.filler_time, &out.unplanned_time})
        *time = milliseconds{q.getColumn(i++).getInt64()};
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

/// A question about the places of one day, or those of it that have not ended.
class DayQuery {
  public:
    /// `sql` continues behind FROM place_day, and may use ?1 for the day, ?2 for now in µs, ?3 for the
    /// country.
    DayQuery(const Database& db, const std::string& select, const std::string& join, const std::string& rest,
             std::chrono::local_days day, const std::string& country, Instant now)
        : q_(db.db, select + "FROM place_day " + join + " WHERE place_day.day=?1 " +
                        (country.empty() ? "AND ?3='' " : "AND place_day.country=?3 ") + rest) {
        q_.bind(1, to_iso(day));
        q_.bind(2, static_cast<std::int64_t>(now.time_since_epoch().count()));
        q_.bind(3, country);
    }
    SQLite::Statement& rows() { return q_; }

  private:
    SQLite::Statement q_;
};

constexpr auto with_sums = "CROSS JOIN day_sum ON day_sum.day=?1 AND day_sum.place=place_day.place";
constexpr auto with_silent =
    "CROSS JOIN silent ON silent.day=?1 AND silent.place=place_day.place AND end_us<=?2";

std::string text_in(const SQLite::Statement& q, int column) {
    return plain_text(q.getColumn(column).getString(), 2000);
}

}  // namespace

std::vector<PlaceSum> SumStore::places(std::chrono::local_days day, const std::string& country,
                                       Instant now) const {
    return db_.guarded([&] {
        std::vector<PlaceSum> out;
        std::map<std::string, std::size_t> at;
        std::map<std::string, std::pair<Silence, Silence>> open;
        DayQuery all(db_, "SELECT place_day.place, name, country, last_end_us>?2, " + sums,
                     std::string("LEFT JOIN day_sum ON day_sum.day=?1 AND day_sum.place=place_day.place"),
                     "GROUP BY place_day.place ORDER BY country, place_day.place", day, country, now);
        for (auto& q = all.rows(); q.executeStep();) {
            at[q.getColumn(0).getString()] = out.size();
            out.push_back(
                {q.getColumn(0).getString(), text_in(q, 1), q.getColumn(2).getString(), tally_in(q, 4), {}});
            if (q.getColumn(3).getInt() != 0)
                open[out.back().place].first = {out.back().tally.silent,
                                                milliseconds{q.getColumn(15).getInt64()}};
        }
        DayQuery reasons(db_, "SELECT place_day.place, reason, count ",
                         "CROSS JOIN day_reason ON day_reason.day=?1 AND day_reason.place=place_day.place",
                         "AND count<>0 AND (silent=0 OR last_end_us<=?2)", day, country, now);
        for (auto& q = reasons.rows(); q.executeStep();)
            out[at.at(q.getColumn(0).getString())].reasons[text_in(q, 1)] += q.getColumn(2).getInt();
        DayQuery silent(db_, "SELECT place_day.place, reason, COUNT(*), SUM(length_ms) ", with_silent,
                        "AND last_end_us>?2 GROUP BY 1, 2", day, country, now);
        for (auto& q = silent.rows(); q.executeStep();) {
            auto& so_far = open[q.getColumn(0).getString()].second;
            so_far.count += q.getColumn(2).getInt();
            so_far.time += milliseconds{q.getColumn(3).getInt64()};
            out[at.at(q.getColumn(0).getString())].reasons[text_in(q, 1)] += q.getColumn(2).getInt();
        }
        for (const auto& [place, silence] : open)
            set_upcoming(out[at.at(place)].tally, silence.first, silence.second);
        return out;
    });
}

std::map<std::string, SumStore::BySubject> SumStore::countries(std::chrono::local_days day,
                                                               const std::string& country,
                                                               Instant now) const {
    return db_.guarded([&] {
        struct Sum {
            Tally tally;
            Silence in_the_end, so_far;
        };
        std::map<std::pair<std::string, std::int64_t>, Sum> found;
        SQLite::Statement all(db_.db, "SELECT country, subject, " + sums +
                                          "FROM country_sum WHERE day=?1 AND " +
                                          (country.empty() ? "?2=''" : "country=?2") + " GROUP BY 1, 2");
        all.bind(1, to_iso(day));
        all.bind(2, country);
        while (all.executeStep())
            found[{all.getColumn(0).getString(), all.getColumn(1).getInt64()}].tally = tally_in(all, 2);
        const auto add = [&](Silence Sum::*into, const char* what, const char* join) {
            DayQuery query(db_, std::string("SELECT country, subject, ") + what, join,
                           "AND last_end_us>?2 GROUP BY 1, 2", day, country, now);
            for (auto& q = query.rows(); q.executeStep();)
                found[{q.getColumn(0).getString(), q.getColumn(1).getInt64()}].*
                    into = {q.getColumn(2).getInt(), milliseconds{q.getColumn(3).getInt64()}};
        };
        add(&Sum::in_the_end, "SUM(silent), SUM(silent_ms) ", with_sums);
        add(&Sum::so_far, "COUNT(*), SUM(length_ms) ", with_silent);
        SQLite::Statement subject(db_.db, "SELECT campaign, segment, locale FROM subject WHERE id=?");
        std::map<std::string, BySubject> out;
        for (auto& [key, sum] : found) {
            set_upcoming(sum.tally, sum.in_the_end, sum.so_far);
            if (sum.tally == Tally{}) continue;
            subject.bind(1, key.second);
            if (subject.executeStep())
                out[key.first][{text_in(subject, 0), text_in(subject, 1), text_in(subject, 2)}] = sum.tally;
            subject.reset();
        }
        return out;
    });
}

}  // namespace riverlight::office
