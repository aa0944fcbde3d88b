#include "tools/office/plan_store.hpp"

#include <spdlog/spdlog.h>

#include "content/base/error.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

constexpr auto columns = "SELECT place, day, country, name, zone, began, ended, since FROM plan ";

Instant instant(const SQLite::Column& column) {
    return from_rfc3339(column.getString()).value_or(Instant{});
}

DayFacts facts_of_row(SQLite::Statement& q) {
    return {q.getColumn(0).getString(),
            date_from_iso(q.getColumn(1).getString()).value_or(std::chrono::local_days{}),
            q.getColumn(2).getString(),
            q.getColumn(3).getString(),
            q.getColumn(4).getString(),
            instant(q.getColumn(5)),
            instant(q.getColumn(6)),
            instant(q.getColumn(7))};
}

std::vector<DayFacts> all_of(SQLite::Statement& q) {
    std::vector<DayFacts> out;
    while (q.executeStep()) out.push_back(facts_of_row(q));
    return out;
}

}  // namespace

std::optional<StoredDay> PlanStore::find(const std::string& place, std::chrono::local_days day) const {
    return db_.guarded([&]() -> std::optional<StoredDay> {
        SQLite::Statement q(db_.db,
                            "SELECT place, day, country, name, zone, began, ended, since, json, release FROM "
                            "plan WHERE place=? AND day=?");
        q.bind(1, place);
        q.bind(2, to_iso(day));
        if (!q.executeStep()) return std::nullopt;
        try {
            return StoredDay{facts_of_row(q), read_kept_plan(q.getColumn(8).getString()),
                             !q.getColumn(9).getString().empty()};
        } catch (const Error& e) {  // it ends no page
            spdlog::error("the plan of {} on {} cannot be read ({})", place, to_iso(day), e.what());
            return std::nullopt;
        }
    });
}

void PlanStore::set(const StoredDay& stored) {
    const auto& f = stored.facts;
    db_.run(
        "INSERT INTO plan(place, day, json, release, country, name, zone, began, ended, since) "
        "VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(place, day) DO UPDATE SET json=excluded.json, "
        "release=excluded.release, country=excluded.country, name=excluded.name, zone=excluded.zone, "
        "began=excluded.began, ended=excluded.ended, since=excluded.since",
        {f.place, to_iso(f.day), write_kept_plan(stored.plan), stored.stands ? stored.plan.release : "",
         f.country, f.name, f.zone, to_rfc3339(f.from), to_rfc3339(f.until), to_rfc3339(f.since)});
}

std::vector<DayFacts> PlanStore::places_of(std::chrono::local_days day) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db, std::string(columns) + "WHERE day=? ORDER BY country, place");
        q.bind(1, to_iso(day));
        return all_of(q);
    });
}

std::vector<DayFacts> PlanStore::days_from(std::chrono::local_days day) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db, std::string(columns) + "WHERE day>=? ORDER BY place, day");
        q.bind(1, to_iso(day));
        return all_of(q);
    });
}

std::optional<std::string> PlanStore::release_of(const std::string& place,
                                                 std::chrono::local_days day) const {
    return db_.text("SELECT release FROM plan WHERE place=? AND day=?", {place, to_iso(day)});
}

std::optional<std::chrono::local_days> PlanStore::latest_before(const std::string& place,
                                                                std::chrono::local_days day) const {
    const auto found =
        db_.text("SELECT MAX(day) FROM plan WHERE place=? AND day<? AND day>''", {place, to_iso(day)});
    return found ? date_from_iso(*found) : std::nullopt;
}

std::optional<PlaceFacts> PlanStore::facts_of(const std::string& place) const {
    return db_.guarded([&]() -> std::optional<PlaceFacts> {
        SQLite::Statement q(db_.db,
                            std::string(columns) + "WHERE place=? AND zone<>'' ORDER BY day DESC LIMIT 1");
        q.bind(1, place);
        if (!q.executeStep()) return std::nullopt;
        const auto day = facts_of_row(q);
        if (day.country.empty() || day.from >= day.until) return std::nullopt;
        const auto midnight = scheduler::bounds_of(day.day, day.zone).from;
        return PlaceFacts{day.country, day.zone,
                          std::chrono::floor<std::chrono::minutes>(day.from - midnight)};
    });
}

void PlanStore::fill_in(const DayFacts& f) {
    db_.run("UPDATE plan SET country=?, name=?, zone=?, began=?, ended=? WHERE place=? AND day=? AND zone=''",
            {f.country, f.name, f.zone, to_rfc3339(f.from), to_rfc3339(f.until), f.place, to_iso(f.day)});
}

std::vector<DayFacts> PlanStore::without_facts(std::size_t count) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db, std::string(columns) + "WHERE zone='' LIMIT ?");
        q.bind(1, static_cast<std::int64_t>(count));
        return all_of(q);
    });
}

}  // namespace riverlight::office
