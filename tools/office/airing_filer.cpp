#include "tools/office/airing_filer.hpp"

#include <cassert>
#include <utility>
#include <vector>

#include "content/airing/shown.hpp"
#include "content/airing/status.hpp"
#include "content/base/error.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/airing_store.hpp"
#include "tools/office/assessed_columns.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using content::AiringRecord;

std::string text_or_empty(const std::optional<Instant>& at) {
    return at ? to_rfc3339(*at) : std::string();
}

/// The moment whose broadcast day an airing is filed under: that of its plan, as long as it aired by it.
Instant filed_by(const AiringRecord& record, const std::optional<content::CorrectedTimes>& times) {
    if (!times) return time_of(record);
    const auto& planned = record.planned_start;
    return planned && !content::is_off_plan(*planned, times->started) ? *planned : times->started;
}

std::chrono::milliseconds length_of(const scheduler::LocalDay& day) {
    return std::chrono::ceil<std::chrono::milliseconds>(day.until - day.from);
}

}  // namespace

std::optional<AiringRecord> record_in(const std::string& json, const std::string& file) {
    try {
        return content::parse_record(json, file);
    } catch (const Error&) {
        return std::nullopt;
    }
}

AiringFiler::AiringFiler(Database& db, UnpackedPlans& plans)
    : db_(db), months_(db), quarantine_(db), counts_(db), sums_(db, plans) {}

std::optional<Doubt> AiringFiler::add(const AiringRecord& record, const PlaceFacts& place,
                                      const Received& received) {
    const auto times = held_correction(record);
    const auto day = scheduler::broadcast_day_of(place.day_start, place.zone, filed_by(record, times));
    sums_.will_change(record.place, day.day, record_id(record));
    months_.make_room(day.day);
    const auto id = insert(record, place, day, received);
    counts_.was_added(id);
    if (const auto span = time_span_of(record)) {
        add_time_span(db_, id, record.place, *span);
        sums_.has_changed(record.place, span->from, span->until);
    }
    add_start(db_, id, record);
    check_starts_beside(db_, id, record);
    if (times) set_corrected(id, *times);
    const auto doubt =
        quarantine_.judge({id, record, times, to_iso(day.day), length_of(day), received, true});
    if (!doubt) apply_fix(record, place);
    return doubt;
}

std::int64_t AiringFiler::insert(const AiringRecord& r, const PlaceFacts& place,
                                 const scheduler::LocalDay& day, const Received& received) {
    const auto found = content::assess(r);
    const auto status = [](const std::optional<content::AiringStatus>& of) {
        return of ? to_text(*of) : std::string_view();
    };
    return db_.insert(
        "INSERT INTO airing(board, epoch, seq, hash, place, country, day, at, airing, locale, campaign, "
        "segment, status, json, outlet, booking, reason, boot, planned, received, assessed, length_ms, "
        "shown_ms, overclaims) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        {r.board,
         r.epoch,
         r.seq,
         r.hash,
         r.place,
         place.country,
         to_iso(day.day),
         to_rfc3339(time_of(r)),
         record_id(r),
         r.locale_aired.empty() ? r.locale_asked : r.locale_aired,
         r.campaign,
         r.segment,
         status(r.status),
         content::record_json(r),
         r.outlet,
         r.booking,
         r.reason,
         r.boot_id,
         text_or_empty(r.planned_start),
         text_or_empty(received),
         status(found.status),
         std::int64_t{found.length.count()},
         std::int64_t{found.shown.count()},
         found.overclaims ? 1 : 0});
}

void AiringFiler::judge(std::int64_t id, const AiringRecord& record, const scheduler::LocalDay& day,
                        const std::optional<content::CorrectedTimes>& times, const Received& received) {
    quarantine_.judge({id, record, times, to_iso(day.day), length_of(day), received});
}

/// By the time fix that is held of the record's boot, if there is one.
std::optional<content::CorrectedTimes> AiringFiler::held_correction(const AiringRecord& record) {
    if (!content::needs_time_fix(record)) return {};
    const auto held =
        db_.text("SELECT json FROM time_fix WHERE board=? AND boot=?", {record.board, record.boot_id});
    const auto read = held ? record_in(*held, db_.name) : std::nullopt;
    const auto fix = read ? content::time_fix_of(*read) : std::nullopt;
    return fix ? content::corrected_times(record, *fix) : std::nullopt;
}

void AiringFiler::set_corrected(std::int64_t id, const content::CorrectedTimes& times) {
    db_.run("INSERT INTO placed VALUES(?,?,?,?) ON CONFLICT(id) DO NOTHING",
            {id, to_rfc3339(times.started), text_or_empty(times.ended),
             times.error ? std::int64_t{times.error->count()} : -1});
    db_.run("UPDATE airing SET at=? WHERE id=?", {to_rfc3339(times.started), id});
}

/// Files a stored airing, and judges it by that.
void AiringFiler::file(std::int64_t id, const AiringRecord& record, const PlaceFacts& place,
                       const std::optional<content::CorrectedTimes>& times, const Received& received) {
    const auto day = scheduler::broadcast_day_of(place.day_start, place.zone, filed_by(record, times));
    will_change(id);
    sums_.will_change(record.place, day.day, record_id(record));
    months_.make_room(day.day);
    db_.run("UPDATE airing SET day=?, country=? WHERE id=?", {to_iso(day.day), place.country, id});
    judge(id, record, day, times, received);
}

/// If the record is the first time fix of its boot, stores it and corrects what is held of that boot.
void AiringFiler::apply_fix(const AiringRecord& record, const PlaceFacts& place) {
    const auto fix = content::time_fix_of(record);
    if (!fix) return;
    const int added = db_.run("INSERT INTO time_fix VALUES(?,?,?) ON CONFLICT(board, boot) DO NOTHING",
                              {fix->board, fix->boot_id, content::record_json(record)});
    if (added == 0) return;
    struct Corrected {
        std::int64_t id;
        AiringRecord record;
        content::CorrectedTimes times;
        Received received;
    };
    std::vector<Corrected> found;
    auto q = db_.query("SELECT id, json, received FROM airing WHERE board=? AND boot=?",
                       {fix->board, fix->boot_id});
    while (q.next()) {
        auto held = record_in(q.text(1), db_.name);
        const auto times = held ? content::corrected_times(*held, *fix) : std::nullopt;
        if (times) found.push_back({q.integer(0), std::move(*held), *times, from_rfc3339(q.text(2))});
    }
    for (const auto& one : found) {
        will_change(one.id);
        set_corrected(one.id, one.times);
        file(one.id, one.record, place, one.times, one.received);
    }
}

/// What is stored of an airing that can be read.
std::optional<AiringFiler::Stored> AiringFiler::find(std::int64_t id) const {
    auto q = db_.query(
        "SELECT json, received, placed.started, placed.ended, day FROM airing LEFT JOIN placed ON "
        "placed.id=airing.id WHERE airing.id=?",
        {id});
    if (!q.next()) return std::nullopt;
    auto record = record_in(q.text(0), db_.name);
    if (!record) return std::nullopt;
    Stored out{std::move(*record),
               {},
               from_rfc3339(q.text(1)),
               date_from_iso(q.text(4)).value_or(std::chrono::local_days{})};
    if (const auto started = from_rfc3339(q.text(2)))
        out.times = content::CorrectedTimes{*started, from_rfc3339(q.text(3)), {}};
    return out;
}

void AiringFiler::file_again(std::int64_t id, const PlaceFacts& place) {
    if (const auto stored = find(id)) return file(id, stored->record, place, stored->times, stored->received);
    will_change(id);
    const auto at = from_rfc3339(db_.text("SELECT at FROM airing WHERE id=?", {id}).value_or(""));
    const auto day = scheduler::broadcast_day_of(place.day_start, place.zone, at.value_or(Instant{})).day;
    months_.make_room(day);
    db_.run("UPDATE airing SET day=?, country=? WHERE id=?", {to_iso(day), place.country, id});
}

/// Of a record that was in doubt beside others.
void AiringFiler::judge_again(std::int64_t id, const PlaceFacts& place) {
    const auto stored = find(id);
    if (!stored) return;
    will_change(id);
    judge(id, stored->record, scheduler::broadcast_day(place.day_start, place.zone, stored->day),
          stored->times, stored->received);
}

/// Before a stored airing changes: what it counts as is noted.
void AiringFiler::will_change(std::int64_t id) {
    counts_.will_change(id);
    auto q = db_.query("SELECT place, day, airing FROM airing WHERE id=?", {id});
    if (!q.next()) return;
    const auto place = q.text(0);
    if (const auto day = date_from_iso(q.text(1))) sums_.will_change(place, *day, q.text(2));
    if (const auto span = find_time_span(db_, id)) sums_.has_changed(place, span->from, span->until);
}

void AiringFiler::finish(const PlaceFacts& place) {
    for (const auto id : quarantine_.take_freed()) judge_again(id, place);
    counts_.finish();
    sums_.finish();
}

}  // namespace riverlight::office
