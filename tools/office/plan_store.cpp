#include "tools/office/plan_store.hpp"

#include "content/base/error.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/database.hpp"
#include "tools/office/day_sums.hpp"
#include "tools/office/plan_rows.hpp"
#include "tools/office/records_prune.hpp"

namespace riverlight::office {
namespace {

const std::string select_facts = std::string("SELECT ") + fact_columns + " FROM place_day ";

std::vector<DayFacts> all_of(Rows& q) {
    std::vector<DayFacts> out;
    while (q.next()) out.push_back(facts_in(q));
    return out;
}

}  // namespace

std::optional<StoredDay> PlanStore::find(const std::string& place, std::chrono::local_days day) const {
    return read_day(db_, place, day);
}

void PlanStore::set(const StoredDay& stored) {
    Transaction t(db_);
    DaySums sums(db_);
    sums.forget(stored.facts.place, stored.facts.day);  // as the country that it was of
    write_day(db_, stored);
    sums.count(stored);
    t.commit();
}

std::vector<DayFacts> PlanStore::places_of(std::chrono::local_days day) const {
    auto q = db_.query(select_facts + "WHERE day=? ORDER BY country, place", {to_iso(day)});
    return all_of(q);
}

std::vector<DayFacts> PlanStore::days_from(std::chrono::local_days day) const {
    auto q = db_.query(select_facts + "WHERE day>=? ORDER BY place, day", {to_iso(day)});
    return all_of(q);
}

std::optional<std::string> PlanStore::release_of(const std::string& place,
                                                 std::chrono::local_days day) const {
    return db_.text("SELECT release FROM place_day WHERE place=? AND day=?", {place, to_iso(day)});
}

std::optional<std::chrono::local_days> PlanStore::latest_before(const std::string& place,
                                                                std::chrono::local_days day) const {
    const auto found =
        db_.text("SELECT MAX(day) FROM place_day WHERE place=? AND day<? AND day>''", {place, to_iso(day)});
    return found ? date_from_iso(*found) : std::nullopt;
}

std::optional<PlaceFacts> PlanStore::facts_of(const std::string& place) const {
    auto q = db_.query(select_facts + "WHERE place=? AND zone<>'' ORDER BY day DESC LIMIT 1", {place});
    if (!q.next()) return std::nullopt;
    const auto day = facts_in(q);
    if (day.country.empty() || day.from >= day.until) return std::nullopt;
    const auto midnight = scheduler::bounds_of(day.day, day.zone).from;
    return PlaceFacts{day.country, day.zone, std::chrono::floor<std::chrono::minutes>(day.from - midnight)};
}

void PlanStore::fill_in(const DayFacts& day) {
    if (auto stored = find(day.place, day.day)) {
        stored->facts = day;
        return set(*stored);
    }
    db_.run("UPDATE place_day SET country=?, name=?, zone=?, began=?, ended=? WHERE place=? AND day=?",
            {day.country, day.name, day.zone, to_rfc3339(day.from), to_rfc3339(day.until), day.place,
             to_iso(day.day)});
}

std::vector<DayFacts> PlanStore::of_earlier_offices() const {
    auto q = db_.query(select_facts + "WHERE zone='' OR knows_kinds=0 ORDER BY day DESC");
    return all_of(q);
}

std::optional<std::chrono::local_days> PlanStore::pruned_before() const {
    return office::pruned_before(db_);
}

void PlanStore::forget_listed_silence(std::chrono::local_days before) {
    db_.run("DELETE FROM silent WHERE day<?", {to_iso(before)});
}

}  // namespace riverlight::office
