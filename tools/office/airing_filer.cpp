#include "tools/office/airing_filer.hpp"

#include <cassert>
#include <utility>
#include <vector>

#include "content/airing/status.hpp"
#include "content/base/error.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/airing_store.hpp"
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

}  // namespace

std::optional<AiringRecord> record_in(const std::string& json, const std::string& file) {
    try {
        return content::parse_record(json, file);
    } catch (const Error&) {
        return std::nullopt;
    }
}

AiringFiler::AiringFiler(Database& db) : db_(db), assessed_(db.db), quarantine_(db.db) {}

std::optional<Doubt> AiringFiler::add(const AiringRecord& record, const PlaceFacts& place,
                                      const Received& received) {
    const auto times = held_correction(record);
    const auto day = scheduler::broadcast_day_of(place.day_start, place.zone, filed_by(record, times));
    const auto id = insert(record, place, day, received);
    assessed_.add(id, record);
    assessed_.check_beside(id);
    if (times) set_corrected(id, *times);
    const auto doubt = judge(id, record, day, times, received);
    if (!doubt) apply_fix(record, place);
    return doubt;
}

std::int64_t AiringFiler::insert(const AiringRecord& r, const PlaceFacts& place,
                                 const scheduler::LocalDay& day, const Received& received) {
    SQLite::Statement q(
        db_.db,
        "INSERT INTO airing(board, epoch, seq, hash, place, country, day, at, airing, locale, campaign, "
        "segment, status, json, outlet, booking, reason, boot, planned, received) "
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    int i = 0;
    q.bind(++i, r.board);
    q.bind(++i, r.epoch);
    q.bind(++i, r.seq);
    for (const auto& text :
         {r.hash, r.place, place.country, to_iso(day.day), to_rfc3339(time_of(r)), record_id(r),
          r.locale_aired.empty() ? r.locale_asked : r.locale_aired, r.campaign, r.segment,
          std::string(r.status ? to_text(*r.status) : ""), content::record_json(r), r.outlet, r.booking,
          r.reason, r.boot_id, text_or_empty(r.planned_start), text_or_empty(received)})
        q.bind(++i, text);
    q.exec();
    return db_.db.getLastInsertRowid();
}

std::optional<Doubt> AiringFiler::judge(std::int64_t id, const AiringRecord& record,
                                        const scheduler::LocalDay& day,
                                        const std::optional<content::CorrectedTimes>& times,
                                        const Received& received) {
    const auto lasts = std::chrono::ceil<std::chrono::milliseconds>(day.until - day.from);
    return quarantine_.judge({id, record, times, to_iso(day.day), lasts, received});
}

/// By the time fix that is held of the record's boot, if there is one.
std::optional<content::CorrectedTimes> AiringFiler::held_correction(const AiringRecord& record) {
    if (!content::needs_time_fix(record)) return {};
    const auto held =
        db_.text("SELECT json FROM time_fix WHERE board=? AND boot=?", {record.board, record.boot_id});
    const auto read = held ? record_in(*held, db_.path) : std::nullopt;
    const auto fix = read ? content::time_fix_of(*read) : std::nullopt;
    return fix ? content::corrected_times(record, *fix) : std::nullopt;
}

void AiringFiler::set_corrected(std::int64_t id, const content::CorrectedTimes& times) {
    db_.run("INSERT INTO placed VALUES(?,?,?,?) ON CONFLICT(id) DO NOTHING",
            {std::to_string(id), to_rfc3339(times.started), text_or_empty(times.ended),
             std::to_string(times.error ? times.error->count() : -1)});
    db_.run("UPDATE airing SET at=? WHERE id=?", {to_rfc3339(times.started), std::to_string(id)});
}

/// Files a stored airing, and judges it by that.
void AiringFiler::file(std::int64_t id, const AiringRecord& record, const PlaceFacts& place,
                       const std::optional<content::CorrectedTimes>& times, const Received& received) {
    const auto day = scheduler::broadcast_day_of(place.day_start, place.zone, filed_by(record, times));
    db_.run("UPDATE airing SET day=?, country=? WHERE id=?",
            {to_iso(day.day), place.country, std::to_string(id)});
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
    SQLite::Statement q(db_.db, "SELECT id, json, received FROM airing WHERE board=? AND boot=?");
    q.bind(1, fix->board);
    q.bind(2, fix->boot_id);
    while (q.executeStep()) {
        auto held = record_in(q.getColumn(1).getString(), db_.path);
        const auto times = held ? content::corrected_times(*held, *fix) : std::nullopt;
        if (times)
            found.push_back({q.getColumn(0).getInt64(), std::move(*held), *times,
                             from_rfc3339(q.getColumn(2).getString())});
    }
    for (const auto& one : found) {
        set_corrected(one.id, one.times);
        file(one.id, one.record, place, one.times, one.received);
    }
}

void AiringFiler::file_again(std::int64_t id, const PlaceFacts& place) {
    SQLite::Statement q(
        db_.db,
        "SELECT json, received, at, placed.started, placed.ended FROM airing LEFT JOIN placed "
        "ON placed.id=airing.id WHERE airing.id=?");
    q.bind(1, id);
    if (!q.executeStep()) return;
    if (const auto record = record_in(q.getColumn(0).getString(), db_.path)) {
        std::optional<content::CorrectedTimes> times;
        if (const auto started = from_rfc3339(q.getColumn(3).getString()))
            times = content::CorrectedTimes{*started, from_rfc3339(q.getColumn(4).getString()), {}};
        file(id, *record, place, times, from_rfc3339(q.getColumn(1).getString()));
        return;
    }
    const auto at = from_rfc3339(q.getColumn(2).getString()).value_or(Instant{});
    db_.run("UPDATE airing SET day=?, country=? WHERE id=?",
            {to_iso(scheduler::broadcast_day_of(place.day_start, place.zone, at).day), place.country,
             std::to_string(id)});
}

}  // namespace riverlight::office
