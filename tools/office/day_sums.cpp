#include "tools/office/day_sums.hpp"

#include <array>
#include <utility>
#include <vector>

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

std::string added(const std::string& column) {
    return column + '=' + column + "+excluded." + column;
}

std::string upsert(const std::string& table, const std::string& key) {
    std::string values, changes;
    for (const auto* name : columns) {
        values += ",?";
        changes += (changes.empty() ? "" : ", ") + added(name);
    }
    return "INSERT INTO " + table + " VALUES(?,?,?" + values + ") ON CONFLICT(" + key + ") DO UPDATE SET " +
           changes;
}

void run(SQLite::Statement& q) {
    q.exec();
    q.reset();
}

void bind_texts(SQLite::Statement& q, std::initializer_list<std::string> values) {
    int i = 0;
    for (const auto& value : values) q.bind(++i, value);
}

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

}  // namespace

DaySums::DaySums(SQLite::Database& db)
    : db_(db),
      subjects_(db),
      reports_(db),
      add_sum_(db, upsert("day_sum", "day, place, subject")),
      add_country_sum_(db, upsert("country_sum", "day, country, subject")),
      add_reason_(
          db,
          "INSERT INTO day_reason VALUES(?,?,?,?,?) ON CONFLICT(day, place, silent, reason) DO UPDATE "
          "SET count=count+excluded.count"),
      add_silent_(db, "INSERT OR REPLACE INTO silent VALUES(?,?,?,?,?,?,?)"),
      remove_silent_(db, "DELETE FROM silent WHERE day=? AND place=? AND end_us=? AND airing=?") {}

DaySums::Day* DaySums::find(const DayKey& key) {
    const auto found = days_.find(key);
    if (found != days_.end()) return found->second ? &*found->second : nullptr;
    auto& day = days_[key];
    if (auto stored = read_day(db_, key.first, key.second)) {
        day = Day{std::move(*stored), {}, {}, {}};
        const auto& promises = day->stored.plan.promises;
        for (std::size_t i = 0; i < promises.size(); ++i) day->place_of.emplace(promises[i].id, i);
    }
    return day ? &*day : nullptr;
}

/// The same as of a plan that holds this promise alone, or none.
Counted DaySums::count_airing(Day& day, const std::string& airing) {
    const auto& facts = day.stored.facts;
    if (!day.reported) day.reported = reports_.times_of(facts);
    const auto reports = reports_.of_airing(facts.place, facts.day, airing);
    KeptPlan plan;
    plan.air_time = day.stored.plan.air_time;
    if (const auto found = day.place_of.find(airing); found != day.place_of.end())
        plan.promises.push_back(day.stored.plan.promises[found->second]);
    return counted_of(settle(plan, reports, facts.since, end_of_time, *day.reported));
}

void DaySums::will_change(const std::string& place, std::chrono::local_days date, const std::string& airing) {
    auto* day = find({place, date});
    if (day && !day->before.contains(airing)) day->before.emplace(airing, count_airing(*day, airing));
}

void DaySums::has_changed(const std::string& place, Instant from, Instant until) {
    SQLite::Statement q(db_, "SELECT day FROM place_day WHERE place=? AND began<? AND ended>?");
    q.bind(1, place);
    q.bind(2, to_rfc3339(until));
    q.bind(3, to_rfc3339(from));
    while (q.executeStep())
        if (const auto day = date_from_iso(q.getColumn(0).getString())) from_scratch_.emplace(place, *day);
}

void DaySums::finish() {
    for (const auto& key : std::exchange(from_scratch_, {})) {
        if (const auto* day = find(key)) count(day->stored);
        days_[key].reset();
    }
    for (auto& [_, day] : days_) {
        if (!day) continue;
        Counted change;
        for (const auto& [airing, before] : day->before) {
            const auto after = count_airing(*day, airing);
            add_to(change, before, -1);
            add_to(change, after, 1);
            remove_silent(day->stored.facts, before);
            change.silent.insert(after.silent.begin(), after.silent.end());
        }
        add(day->stored.facts, change);
    }
    days_.clear();
}

void DaySums::count(const StoredDay& day) {
    const auto& facts = day.facts;
    forget(facts.place, facts.day);
    add(facts, counted_of(settle(day.plan, reports_.of_day(facts.place, facts.day), facts.since, end_of_time,
                                 reports_.times_of(facts))));
}

void DaySums::forget(const std::string& place, std::chrono::local_days day) {
    const auto run_for = [&](const std::string& sql) {
        SQLite::Statement q(db_, sql);
        q.bind(1, to_iso(day));
        q.bind(2, place);
        q.exec();
    };
    std::string taken, changes;
    for (const auto* name : columns) {
        taken += std::string(", -") + name;
        changes += (changes.empty() ? "" : ", ") + added(name);
    }
    run_for(
        "INSERT INTO country_sum SELECT day, country, subject" + taken +
        " FROM day_sum JOIN place_day USING(day, place) WHERE day=? AND place=? ON CONFLICT(day, country, "
        "subject) DO UPDATE SET " +
        changes);
    for (const auto* table : {"day_sum", "day_reason", "silent"})
        run_for(std::string("DELETE FROM ") + table + " WHERE day=? AND place=?");
}

void DaySums::remove_silent(const DayFacts& facts, const Counted& counted) {
    for (const auto& [key, _] : counted.silent) {
        bind_texts(remove_silent_, {to_iso(facts.day), facts.place});
        remove_silent_.bind(3, count_of(key.first));
        remove_silent_.bind(4, key.second);
        run(remove_silent_);
    }
}

void DaySums::add(const DayFacts& facts, const Counted& change) {
    const auto day = to_iso(facts.day);
    for (const auto& [subject, sum] : change.sums) {
        if (is_nothing(sum)) continue;
        add_sum(add_sum_, {day, facts.place}, subject, sum);
        add_sum(add_country_sum_, {day, facts.country}, subject, sum);
    }
    for (const auto& [reason, count] : change.reasons) {
        if (count == 0) continue;
        bind_texts(add_reason_, {day, facts.place});
        add_reason_.bind(3, reason.first ? 1 : 0);
        add_reason_.bind(4, reason.second);
        add_reason_.bind(5, count);
        run(add_reason_);
    }
    for (const auto& [key, one] : change.silent) {
        bind_texts(add_silent_, {day, facts.place});
        add_silent_.bind(3, count_of(key.first));
        add_silent_.bind(4, key.second);
        add_silent_.bind(5, subjects_.id_of(one.subject));
        add_silent_.bind(6, static_cast<std::int64_t>(one.length.count()));
        add_silent_.bind(7, one.reason);
        run(add_silent_);
    }
}

void DaySums::add_sum(SQLite::Statement& upsert, std::initializer_list<std::string> key,
                      const Subject& subject, const Counted::Sum& sum) {
    bind_texts(upsert, key);
    int i = static_cast<int>(key.size());
    upsert.bind(++i, subjects_.id_of(subject));
    for (const auto count : counts) upsert.bind(++i, sum.tally.*count);
    for (const auto time : times) upsert.bind(++i, static_cast<std::int64_t>((sum.tally.*time).count()));
    upsert.bind(++i, static_cast<std::int64_t>(sum.silent_time.count()));
    run(upsert);
}

}  // namespace riverlight::office
