#include "tools/office/quarantine.hpp"

#include <string_view>

#include "content/airing/shown.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// By which an outlet's day may seem longer than it is: its first and last airing reach into other days.
constexpr milliseconds day_tolerance = 30min;

std::int64_t count_of(MonotonicTime at) {
    return at.time_since_epoch().count();
}

bool has_boot(const content::AiringRecord& r) {
    return r.monotonic_start && !r.boot_id.empty() && r.boot_id != "unknown";
}

/// By the wall clock, µs since 1970, where it was sure; corrected times are.
std::optional<microseconds> sure_start(const Quarantine::Subject& subject) {
    if (subject.corrected) return subject.corrected->started.time_since_epoch();
    const auto& r = subject.record;
    if (!r.started || r.clock != content::ClockState::synchronised) return {};
    return r.started->time_since_epoch();
}

}  // namespace

std::optional<Doubt> Quarantine::judge(const Subject& subject) {
    if (!subject.is_new && forget(subject.id)) freed_.emplace(subject.record.board, subject.record.outlet);
    const auto started = subject.corrected ? subject.corrected->started : subject.record.started;
    auto doubt = doubt_of(subject.record, started, subject.received);
    if (!doubt) doubt = doubt_beside_others(subject);
    if (doubt || !subject.is_new) {
        const auto text = doubt ? to_text(*doubt) : std::string_view();
        db_.run("UPDATE airing SET doubt=?1 WHERE id=?2 AND doubt<>?1", {text, subject.id});
    }
    return doubt;
}

std::optional<Doubt> Quarantine::doubt_beside_others(const Subject& subject) {
    const auto length = content::duration_of(subject.record).value_or(0us);
    if (length <= 0us) return std::nullopt;
    if (overlaps_in_boot(subject, length) || overlaps_by_wall_clock(subject, length)) return Doubt::overlap;
    if (exceeds_day(subject, length)) return Doubt::over_a_day;
    remember(subject, length);
    return std::nullopt;
}

/// What counts already never overlaps: its neighbours are enough to look at.
bool Quarantine::overlaps_in_boot(const Subject& subject, microseconds length) {
    const auto& r = subject.record;
    if (!has_boot(r)) return false;
    const auto from = microseconds{count_of(*r.monotonic_start)};
    const auto end_before = db_.integer(
        "SELECT from_us+length_us FROM on_air WHERE board=? AND outlet=? AND boot=? AND from_us<=? ORDER BY "
        "from_us DESC LIMIT 1",
        {r.board, r.outlet, r.boot_id, std::int64_t{from.count()}});
    const auto start_after = db_.integer(
        "SELECT from_us FROM on_air WHERE board=? AND outlet=? AND boot=? AND from_us>? ORDER BY from_us "
        "LIMIT 1",
        {r.board, r.outlet, r.boot_id, std::int64_t{from.count()}});
    return (end_before && microseconds{*end_before} > from + late_event) ||
           (start_after && microseconds{*start_after} + late_event < from + length);
}

/// Of other boots, or where no boot is known: by a clock that was sure on both sides. Within a boot the
/// monotonic clock decides, since the wall clock may have been set.
bool Quarantine::overlaps_by_wall_clock(const Subject& subject, microseconds length) {
    const auto at = sure_start(subject);
    if (!at) return false;
    const auto& r = subject.record;
    const auto own_boot = has_boot(r) ? r.boot_id : std::string();
    const auto time_beside = [&](const char* sql) -> std::optional<microseconds> {
        auto row = db_.query(sql, {r.board, r.outlet, std::int64_t{at->count()}});
        if (!row.next() || (!own_boot.empty() && row.bytes(1) == own_boot)) return std::nullopt;
        return microseconds{row.integer(0)};
    };
    const auto end_before = time_beside(
        "SELECT at_us+length_us, boot FROM on_air WHERE board=? AND outlet=? AND at_us<=? ORDER BY at_us "
        "DESC "
        "LIMIT 1");
    const auto start_after = time_beside(
        "SELECT at_us, boot FROM on_air WHERE board=? AND outlet=? AND at_us>? ORDER BY at_us LIMIT 1");
    return (end_before && *end_before > *at + late_event) ||
           (start_after && *start_after + late_event < *at + length);
}

/// Times of a clock that was never set all fall into one day: nothing follows from them.
bool Quarantine::exceeds_day(const Subject& subject, microseconds length) {
    if (!subject.corrected && subject.record.clock == content::ClockState::floor) return false;
    const auto stored = db_.integer("SELECT on_air_us FROM outlet_day WHERE board=? AND outlet=? AND day=?",
                                    {subject.record.board, subject.record.outlet, subject.day});
    const auto so_far = microseconds{stored.value_or(0)};
    return so_far + length > subject.lasts + day_tolerance;
}

std::vector<std::int64_t> Quarantine::take_freed() {
    std::vector<std::int64_t> out;
    for (const auto& [board, outlet] : std::exchange(freed_, {})) {
        auto rows = db_.query(
            "SELECT id FROM airing WHERE board=? AND outlet=? AND doubt<>'' AND doubt IN ('overlap', "
            "'over-a-day') ORDER BY id",
            {board, outlet});
        while (rows.next()) out.push_back(rows.integer(0));
    }
    return out;
}

/// True if it counted.
bool Quarantine::forget(std::int64_t id) {
    auto row = db_.query("SELECT board, outlet, day, length_us FROM on_air WHERE id=?", {id});
    if (!row.next()) return false;
    add_time({row.text(0), row.text(1), row.text(2)}, -microseconds{row.integer(3)});
    db_.run("DELETE FROM on_air WHERE id=?", {id});
    return true;
}

void Quarantine::add_time(const OutletDay& of, microseconds time) {
    db_.run(
        "INSERT INTO outlet_day VALUES(?,?,?,?) ON CONFLICT(board, outlet, day) DO UPDATE SET "
        "on_air_us=outlet_day.on_air_us+excluded.on_air_us",
        {of.board, of.outlet, of.day, std::int64_t{time.count()}});
}

void Quarantine::remember(const Subject& subject, microseconds length) {
    const auto& r = subject.record;
    const auto at = sure_start(subject);
    db_.run("INSERT INTO on_air VALUES(?,?,?,?,?,?,?,?)",
            {subject.id, r.board, r.outlet, has_boot(r) ? r.boot_id : std::string(),
             r.monotonic_start ? count_of(*r.monotonic_start) : std::int64_t{0}, std::int64_t{length.count()},
             subject.day, at ? SqlValue(std::int64_t{at->count()}) : SqlValue(nullptr)});
    add_time({r.board, r.outlet, subject.day}, length);
}

}  // namespace riverlight::office
