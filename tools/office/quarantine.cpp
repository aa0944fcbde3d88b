#include "tools/office/quarantine.hpp"

#include <initializer_list>

#include "content/airing/shown.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// The events of a player come late by up to 2.5 s (content/airing/shown.cpp): so far, airings that follow
/// each other may seem to overlap, and for each of them a day may seem longer.
constexpr microseconds late_event = 5s;
/// By which an outlet's day may seem longer than it is: its first and last airing reach into other days.
constexpr milliseconds day_tolerance = 30min;

std::int64_t count_of(MonotonicTime at) {
    return at.time_since_epoch().count();
}

/// Runs a statement that changes rows.
void run(SQLite::Statement& q) {
    q.exec();
    q.reset();
}

/// Binds board, outlet and boot, or board, outlet and day.
void bind_texts(SQLite::Statement& q, std::initializer_list<std::string> values) {
    int i = 0;
    for (const auto& value : values) q.bind(++i, value);
}

/// The whole number in the first row; nothing if there is no row.
std::optional<std::int64_t> number(SQLite::Statement& q) {
    std::optional<std::int64_t> out;
    if (q.executeStep()) out = q.getColumn(0).getInt64();
    q.reset();
    return out;
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

Quarantine::Quarantine(SQLite::Database& db)
    : set_doubt_(db, "UPDATE airing SET doubt=?1 WHERE id=?2 AND doubt<>?1"),
      find_(db, "SELECT board, outlet, day, length_us FROM on_air WHERE id=?"),
      remove_(db, "DELETE FROM on_air WHERE id=?"),
      add_(db, "INSERT INTO on_air VALUES(?,?,?,?,?,?,?,?)"),
      before_(db,
              "SELECT from_us+length_us FROM on_air WHERE board=? AND outlet=? AND boot=? AND from_us<=? "
              "ORDER BY from_us DESC LIMIT 1"),
      after_(db,
             "SELECT from_us FROM on_air WHERE board=? AND outlet=? AND boot=? AND from_us>? "
             "ORDER BY from_us LIMIT 1"),
      before_by_wall_(db,
                      "SELECT at_us+length_us, boot FROM on_air WHERE board=? AND outlet=? AND at_us<=? "
                      "ORDER BY at_us DESC LIMIT 1"),
      after_by_wall_(db,
                     "SELECT at_us, boot FROM on_air WHERE board=? AND outlet=? AND at_us>? "
                     "ORDER BY at_us LIMIT 1"),
      day_time_(db, "SELECT on_air_us FROM outlet_day WHERE board=? AND outlet=? AND day=?"),
      add_time_(db,
                "INSERT INTO outlet_day VALUES(?,?,?,?) ON CONFLICT(board, outlet, day) DO UPDATE SET "
                "on_air_us=on_air_us+excluded.on_air_us"),
      beside_(db,
              "SELECT id FROM airing WHERE board=? AND outlet=? AND doubt<>'' AND doubt IN ('overlap', "
              "'over-a-day') ORDER BY id") {}

std::optional<Doubt> Quarantine::judge(const Subject& subject) {
    if (forget(subject.id)) freed_.emplace(subject.record.board, subject.record.outlet);
    const auto started = subject.corrected ? subject.corrected->started : subject.record.started;
    auto doubt = doubt_of(subject.record, started, subject.received);
    if (!doubt) doubt = doubt_beside_others(subject);
    set_doubt_.bind(1, std::string(doubt ? to_text(*doubt) : ""));
    set_doubt_.bind(2, subject.id);
    run(set_doubt_);
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
    for (auto* beside : {&before_, &after_}) {
        bind_texts(*beside, {r.board, r.outlet, r.boot_id});
        beside->bind(4, static_cast<std::int64_t>(from.count()));
    }
    const auto end_before = number(before_), start_after = number(after_);
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
    const auto time_beside = [&](SQLite::Statement& q) {
        bind_texts(q, {r.board, r.outlet});
        q.bind(3, static_cast<std::int64_t>(at->count()));
        std::optional<microseconds> out;
        if (q.executeStep() && (own_boot.empty() || q.getColumn(1).getString() != own_boot))
            out = microseconds{q.getColumn(0).getInt64()};
        q.reset();
        return out;
    };
    const auto end_before = time_beside(before_by_wall_), start_after = time_beside(after_by_wall_);
    return (end_before && *end_before > *at + late_event) ||
           (start_after && *start_after + late_event < *at + length);
}

/// Times of a clock that was never set all fall into one day: nothing follows from them.
bool Quarantine::exceeds_day(const Subject& subject, microseconds length) {
    if (!subject.corrected && subject.record.clock == content::ClockState::floor) return false;
    bind_texts(day_time_, {subject.record.board, subject.record.outlet, subject.day});
    const auto so_far = microseconds{number(day_time_).value_or(0)};
    return so_far + length > subject.lasts + day_tolerance;
}

std::vector<std::int64_t> Quarantine::take_freed() {
    std::vector<std::int64_t> out;
    for (const auto& [board, outlet] : std::exchange(freed_, {})) {
        bind_texts(beside_, {board, outlet});
        while (beside_.executeStep()) out.push_back(beside_.getColumn(0).getInt64());
        beside_.reset();
    }
    return out;
}

/// True if it counted.
bool Quarantine::forget(std::int64_t id) {
    find_.bind(1, id);
    const bool counted = find_.executeStep();
    if (counted) {
        bind_texts(add_time_, {find_.getColumn(0).getString(), find_.getColumn(1).getString(),
                               find_.getColumn(2).getString()});
        add_time_.bind(4, -find_.getColumn(3).getInt64());
        run(add_time_);
        remove_.bind(1, id);
        run(remove_);
    }
    find_.reset();
    return counted;
}

void Quarantine::remember(const Subject& subject, microseconds length) {
    const auto& r = subject.record;
    add_.bind(1, subject.id);
    add_.bind(2, r.board);
    add_.bind(3, r.outlet);
    add_.bind(4, has_boot(r) ? r.boot_id : std::string());
    add_.bind(5, r.monotonic_start ? count_of(*r.monotonic_start) : std::int64_t{0});
    add_.bind(6, static_cast<std::int64_t>(length.count()));
    add_.bind(7, subject.day);
    if (const auto at = sure_start(subject))
        add_.bind(8, static_cast<std::int64_t>(at->count()));
    else
        add_.bind(8);
    run(add_);
    bind_texts(add_time_, {r.board, r.outlet, subject.day});
    add_time_.bind(4, static_cast<std::int64_t>(length.count()));
    run(add_time_);
}

}  // namespace riverlight::office
