#include "tools/office/plan_rows.hpp"

#include <algorithm>

#include "tools/office/database.hpp"
#include "tools/office/figures/packed_plan.hpp"
#include "tools/office/unpacked_plans.hpp"

namespace riverlight::office {
namespace {

Instant instant(const std::string& text) {
    return from_rfc3339(text).value_or(Instant{});
}

/// When the last promise is over: from then on none is upcoming.
Instant end_of(const KeptPlan& plan) {
    Instant out{};
    for (const auto& p : plan.promises) out = std::max(out, p.end);
    return out;
}

}  // namespace

DayFacts facts_in(const Rows& row) {
    return {row.text(0),          date_from_iso(row.text(1)).value_or(std::chrono::local_days{}),
            row.text(2),          row.text(3),
            row.text(4),          instant(row.text(5)),
            instant(row.text(6)), instant(row.text(7))};
}

std::optional<PackedDay> read_packed_day(const Database& db, const std::string& place,
                                         std::chrono::local_days day) {
    auto q =
        db.query(std::string("SELECT ") + fact_columns +
                     ", release, packed FROM place_day JOIN kept_plan USING(place, day) WHERE place=? AND "
                     "day=?",
                 {place, to_iso(day)});
    if (!q.next()) return std::nullopt;
    return PackedDay{facts_in(q), q.text(9), !q.bytes(8).empty()};
}

std::optional<StoredDay> read_day(const Database& db, const std::string& place, std::chrono::local_days day) {
    const auto packed = read_packed_day(db, place, day);
    if (!packed) return std::nullopt;
    const auto plan = UnpackedPlans(0).of(place, day, packed->packed);
    if (!plan) return std::nullopt;
    return StoredDay{packed->facts, plan->plan(), packed->stands};
}

void write_day(Database& db, const StoredDay& stored) {
    const auto& f = stored.facts;
    const auto day = to_iso(f.day);
    db.run(
        "INSERT INTO place_day(place, day, release, country, name, zone, began, ended, since, last_end_us, "
        "knows_kinds) VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(place, day) DO UPDATE SET "
        "release=excluded.release, country=excluded.country, name=excluded.name, zone=excluded.zone, "
        "began=excluded.began, ended=excluded.ended, since=excluded.since, "
        "last_end_us=excluded.last_end_us, knows_kinds=excluded.knows_kinds",
        {f.place, day, stored.stands ? stored.plan.release : std::string(), f.country, f.name, f.zone,
         to_rfc3339(f.from), to_rfc3339(f.until), to_rfc3339(f.since),
         std::int64_t{end_of(stored.plan).time_since_epoch().count()}, stored.plan.knows_kinds ? 1 : 0});
    db.run("INSERT INTO kept_plan VALUES(?,?,?) ON CONFLICT(place, day) DO UPDATE SET packed=excluded.packed",
           {f.place, day, Bytes{pack_plan(stored.plan, f.place, f.day)}});
}

}  // namespace riverlight::office
