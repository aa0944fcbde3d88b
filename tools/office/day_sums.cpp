#include "tools/office/day_sums.hpp"

#include <array>
#include <utility>
#include <vector>

#include "tools/office/database.hpp"
#include "tools/office/plan_rows.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

/// Later than every promise: nothing is upcoming.
constexpr Instant end_of_time = Instant::max();

constexpr std::array counts{&Tally::aired,  &Tally::partly, &Tally::missed,   &Tally::silent,
                            &Tally::waived, &Tally::filler, &Tally::unplanned};
constexpr std::array times{&Tally::due_time, &Tally::shown, &Tally::filler_time, &Tally::unplanned_time};

/// Of both tables, behind their keys: counts, times, and the time of what is silent.
constexpr std::array columns{"aired",     "partly", "missed",   "silent",    "waived",       "filler",
                             "unplanned", "due_ms", "shown_ms", "filler_ms", "unplanned_ms", "silent_ms"};
static_assert(columns.size() == counts.size() + times.size() + 1);

/// `a=TABLE.a+excluded.a, …`
std::string additions(const std::string& table) {
    std::string out;
    for (const std::string name : columns)
        out += (out.empty() ? "" : ", ") + name + '=' + table + '.' + name + "+excluded." + name;
    return out;
}

std::string upsert(const std::string& table, const std::string& key) {
    std::string values;
    for (std::size_t i = 0; i < columns.size(); ++i) values += ",?";
    return "INSERT INTO " + table + " VALUES(?,?,?" + values + ") ON CONFLICT(" + key + ") DO UPDATE SET " +
           additions(table);
}
const std::string add_to_day = upsert("day_sum", "day, place, subject");
const std::string add_to_country = upsert("country_sum", "day, country, subject");

std::int64_t count_of(Instant at) {
    return at.time_since_epoch().count();
}

Counted counted_of(const SettledDay& settled) {
    const auto comparison = compare(settled);
    Counted out;
    for (const auto& [subject, tally] : comparison.by_subject) out.sums[subject].tally = tally;
    for (const auto& one : settled.promises) {
        const auto& p = *one.promise;
        const bool is_silent = one.outcome == Outcome::silent;
        if (!one.reason.empty()) ++out.reasons[{is_silent, one.reason}];
        if (!is_silent) continue;
        const Subject subject{p.campaign, p.segment, p.locale};
        out.sums[subject].silent_time += length_of(p);
        out.silent[{p.end, p.id}] = {subject, length_of(p), one.reason};
    }
    return out;
}

/// Adds counts, or takes them away.
void add_to(Counted& to, const Counted& what, int sign) {
    for (const auto& [subject, sum] : what.sums) {
        auto& into = to.sums[subject];
        for (const auto count : counts) into.tally.*count += sign * (sum.tally.*count);
        for (const auto time : times) into.tally.*time += sign * (sum.tally.*time);
        into.silent_time += sign * sum.silent_time;
    }
    for (const auto& [reason, count] : what.reasons) to.reasons[reason] += sign * count;
}

bool is_nothing(const Counted::Sum& sum) {
    return sum.tally == Tally{} && sum.silent_time == milliseconds{};
}

/// Of a row of sums; it refers to the texts.
SqlValues sum_values(const std::string& day, const std::string& of, std::int64_t subject,
                     const Counted::Sum& sum) {
    SqlValues out{day, of, subject};
    for (const auto count : counts) out.emplace_back(std::int64_t{sum.tally.*count});
    for (const auto time : times) out.emplace_back(std::int64_t{(sum.tally.*time).count()});
    out.emplace_back(std::int64_t{sum.silent_time.count()});
    return out;
}

}  // namespace

Counted count_from_records(const Database& db, const StoredDay& day) {
    const ReportRows reports(db);
    const auto& facts = day.facts;
    return counted_of(settle(day.plan, reports.of_day(facts.place, facts.day), facts.since, end_of_time,
                             reports.times_of(facts)));
}

DaySums::Day* DaySums::find(const DayKey& key) {
    const auto found = days_.find(key);
    if (found != days_.end()) return found->second ? &*found->second : nullptr;
    auto& day = days_[key];
    if (auto stored = read_packed_day(db_, key.first, key.second))
        if (auto plan = plans_.of(key.first, key.second, stored->packed))
            day = Day{std::move(stored->facts), std::move(plan), stored->stands};
    return day ? &*day : nullptr;
}

/// The same as of a plan that holds this promise alone, or none.
Counted DaySums::count_airing(Day& day, const std::string& airing) {
    const auto& facts = day.facts;
    if (!day.reported) day.reported = reports_.times_of(facts);
    const auto reports = reports_.of_airing(facts.place, facts.day, airing);
    KeptPlan plan;
    plan.air_time = day.plan->plan().air_time;
    if (const auto* promise = day.plan->find(airing)) plan.promises.push_back(*promise);
    return counted_of(settle(plan, reports, facts.since, end_of_time, *day.reported));
}

void DaySums::will_change(const std::string& place, std::chrono::local_days date, const std::string& airing) {
    auto* day = find({place, date});
    if (day && !day->before.contains(airing)) day->before.emplace(airing, count_airing(*day, airing));
}

void DaySums::has_changed(const std::string& place, Instant from, Instant until) {
    auto q = db_.query("SELECT day FROM place_day WHERE place=? AND began<? AND ended>?",
                       {place, to_rfc3339(until), to_rfc3339(from)});
    while (q.next())
        if (const auto day = date_from_iso(q.text(0))) from_scratch_.emplace(place, *day);
}

void DaySums::finish() {
    for (const auto& key : std::exchange(from_scratch_, {})) {
        if (const auto* day = find(key)) count({day->facts, day->plan->plan(), day->stands});
        days_[key].reset();
    }
    for (auto& [_, day] : days_) {
        if (!day) continue;
        Counted change;
        for (const auto& [airing, before] : day->before) {
            const auto after = count_airing(*day, airing);
            add_to(change, before, -1);
            add_to(change, after, 1);
            remove_silent(day->facts, before);
            change.silent.insert(after.silent.begin(), after.silent.end());
        }
        add(day->facts, change);
    }
    days_.clear();
}

void DaySums::count(const StoredDay& day) {
    const auto& facts = day.facts;
    forget(facts.place, facts.day);
    add(facts, count_from_records(db_, day));
}

void DaySums::forget(const std::string& place, std::chrono::local_days day) {
    const auto date = to_iso(day);
    std::string taken;
    for (const auto* name : columns) taken += std::string(", -") + name;
    db_.run("INSERT INTO country_sum SELECT day, country, subject" + taken +
                " FROM day_sum JOIN place_day USING(day, place) WHERE day=? AND place=? ON CONFLICT(day, "
                "country, subject) DO UPDATE SET " +
                additions("country_sum"),
            {date, place});
    for (const auto* sql :
         {"DELETE FROM day_sum WHERE day=? AND place=?", "DELETE FROM day_reason WHERE day=? AND place=?",
          "DELETE FROM silent WHERE day=? AND place=?"})
        db_.run(sql, {date, place});
}

void DaySums::remove_silent(const DayFacts& facts, const Counted& counted) {
    for (const auto& [key, _] : counted.silent)
        db_.run("DELETE FROM silent WHERE day=? AND place=? AND end_us=? AND airing=?",
                {to_iso(facts.day), facts.place, count_of(key.first), key.second});
}

void DaySums::add(const DayFacts& facts, const Counted& change) {
    const auto day = to_iso(facts.day);
    for (const auto& [subject, sum] : change.sums) {
        if (is_nothing(sum)) continue;
        const auto id = subjects_.id_of(subject);
        db_.run(add_to_day, sum_values(day, facts.place, id, sum));
        db_.run(add_to_country, sum_values(day, facts.country, id, sum));
    }
    for (const auto& [reason, count] : change.reasons)
        if (count != 0)
            db_.run(
                "INSERT INTO day_reason VALUES(?,?,?,?,?) ON CONFLICT(day, place, silent, reason) DO UPDATE "
                "SET count=day_reason.count+excluded.count",
                {day, facts.place, reason.first ? 1 : 0, reason.second, count});
    for (const auto& [key, one] : change.silent)
        db_.run(
            "INSERT INTO silent VALUES(?,?,?,?,?,?,?) ON CONFLICT(day, place, end_us, airing) DO UPDATE SET "
            "subject=excluded.subject, length_ms=excluded.length_ms, reason=excluded.reason",
            {day, facts.place, count_of(key.first), key.second, subjects_.id_of(one.subject),
             std::int64_t{one.length.count()}, one.reason});
}

}  // namespace riverlight::office
