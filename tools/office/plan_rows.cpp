#include "tools/office/plan_rows.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "content/base/error.hpp"
#include "tools/office/packed_plan.hpp"

namespace riverlight::office {
namespace {

Instant instant(const SQLite::Column& column) {
    return from_rfc3339(column.getString()).value_or(Instant{});
}

/// When the last promise is over: from then on none is upcoming.
Instant end_of(const KeptPlan& plan) {
    Instant out{};
    for (const auto& p : plan.promises) out = std::max(out, p.end);
    return out;
}

}  // namespace

DayFacts facts_in(SQLite::Statement& row) {
    return {row.getColumn(0).getString(),
            date_from_iso(row.getColumn(1).getString()).value_or(std::chrono::local_days{}),
            row.getColumn(2).getString(),
            row.getColumn(3).getString(),
            row.getColumn(4).getString(),
            instant(row.getColumn(5)),
            instant(row.getColumn(6)),
            instant(row.getColumn(7))};
}

std::optional<StoredDay> read_day(SQLite::Database& db, const std::string& place,
                                  std::chrono::local_days day) {
    SQLite::Statement q(db, std::string("SELECT ") + fact_columns +
                                ", release, packed FROM place_day JOIN kept_plan USING(place, day) WHERE "
                                "place=? AND day=?");
    q.bind(1, place);
    q.bind(2, to_iso(day));
    if (!q.executeStep()) return std::nullopt;
    try {
        return StoredDay{facts_in(q), unpack_plan(q.getColumn(9).getString(), place, day),
                         !q.getColumn(8).getString().empty()};
    } catch (const Error& e) {  // it ends no page
        spdlog::error("the plan of {} on {} cannot be read ({})", place, to_iso(day), e.what());
        return std::nullopt;
    }
}

void write_day(SQLite::Database& db, const StoredDay& stored) {
    const auto& f = stored.facts;
    SQLite::Statement facts(db, "INSERT OR REPLACE INTO place_day VALUES(?,?,?,?,?,?,?,?,?,?,?)");
    int i = 0;
    for (const auto& text :
         {f.place, to_iso(f.day), stored.stands ? stored.plan.release : std::string(), f.country, f.name,
          f.zone, to_rfc3339(f.from), to_rfc3339(f.until), to_rfc3339(f.since)})
        facts.bind(++i, text);
    facts.bind(++i, static_cast<std::int64_t>(end_of(stored.plan).time_since_epoch().count()));
    facts.bind(++i, stored.plan.knows_kinds ? 1 : 0);
    facts.exec();
    SQLite::Statement plan(db, "INSERT OR REPLACE INTO kept_plan VALUES(?,?,?)");
    plan.bind(1, f.place);
    plan.bind(2, to_iso(f.day));
    const auto packed = pack_plan(stored.plan, f.place, f.day);
    plan.bind(3, packed.data(), static_cast<int>(packed.size()));
    plan.exec();
}

}  // namespace riverlight::office
