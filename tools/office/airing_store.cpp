#include "tools/office/airing_store.hpp"

#include <cassert>

#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/assessed_columns.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

Instant instant(const std::string& text) {
    return from_rfc3339(text).value_or(Instant{});
}

/// The broadcast day under which an airing is filed: the day whose plan it belongs to.
std::string day_text(Instant at, const PlaceFacts& place) {
    return to_iso(scheduler::broadcast_day_of(place.day_start, place.zone, at).day);
}

/// A filter as a WHERE clause, with the values to bind in order.
struct WhereClause {
    std::string sql = " WHERE 1";
    std::vector<std::string> values;

    void add(const std::string& condition, const std::string& value) {
        if (value.empty()) return;
        sql += " AND " + condition;
        values.push_back(value);
    }
    explicit WhereClause(const AiringFilter& f) {
        if (f.from) add("day>=?", to_iso(*f.from));
        if (f.until) add("day<=?", to_iso(*f.until));
        add("country=?", f.country);
        add("locale=?", f.locale);
        add("campaign=?", f.campaign);
        add("segment=?", f.segment);
        add("assessed=?", f.status);
        add("airing.board=?", f.board);
        if (f.overclaims) sql += " AND overclaims=1";
    }
    int bind(SQLite::Statement& q) const {
        int i = 0;
        for (const auto& value : values) q.bind(++i, value);
        return i;
    }
};

/// −1 in the file: unknown.
std::optional<std::chrono::milliseconds> error_of(std::int64_t count) {
    if (count < 0) return std::nullopt;
    return std::chrono::milliseconds(count);
}

std::string_view name_of(AiringColumn column) {
    switch (column) {
        case AiringColumn::country:
            return "country";
        case AiringColumn::locale:
            return "locale";
        case AiringColumn::campaign:
            return "campaign";
        case AiringColumn::segment:
            return "segment";
    }
    return "";
}

AiringRow row_of(SQLite::Statement& q, const std::string& file) {
    AiringRow row;
    row.id = q.getColumn(0).getInt64();
    row.record = content::parse_record(q.getColumn(1).getString(), file);
    row.country = q.getColumn(2).getString();
    row.day = date_from_iso(q.getColumn(3).getString()).value_or(std::chrono::local_days{});
    if (!q.getColumn(4).isNull())
        row.placed = content::CorrectedTimes{instant(q.getColumn(4).getString()),
                                             from_rfc3339(q.getColumn(5).getString()),
                                             error_of(q.getColumn(6).getInt64())};
    row.assessed = {content::parse_airing_status(q.getColumn(7).getString()),
                    milliseconds{q.getColumn(8).getInt64()}, milliseconds{q.getColumn(9).getInt64()},
                    q.getColumn(10).getInt() != 0};
    if (!row.placed && !q.getColumn(11).isNull()) row.start_off = milliseconds{q.getColumn(11).getInt64()};
    return row;
}

constexpr auto select_rows =
    "SELECT airing.id, json, country, day, placed.started, placed.ended, placed.error_ms, assessed, "
    "length_ms, "
    "shown_ms, overclaims, off_ms FROM airing LEFT JOIN placed ON placed.id=airing.id LEFT JOIN start ON "
    "start.id=airing.id";

}  // namespace

std::optional<Instant> AiringRow::ended() const {
    if (placed) return placed->ended;
    const auto length = content::duration_of(record);
    if (!record.started || !record.ended || !length) return record.ended;
    return *record.started + *length;
}

Instant time_of(const AiringRecord& record) {
    return record.planned_start.value_or(record.started.value_or(Instant{}));
}

Cursor cursor_after(const AiringRow& row) {
    return {to_rfc3339(row.placed ? row.placed->started : time_of(row.record)), row.id};
}

EpochHead AiringStore::held(const std::string& board, const std::string& epoch) const {
    return db_.guarded([&] {
        SQLite::Statement q(
            db_.db,
            "SELECT seq, hash FROM airing WHERE board=?1 AND epoch=?2 UNION ALL SELECT seq, hash FROM "
            "carried_over WHERE board=?1 AND epoch=?2 ORDER BY seq DESC LIMIT 1");
        q.bind(1, board);
        q.bind(2, epoch);
        if (!q.executeStep()) return EpochHead{};
        return EpochHead{q.getColumn(0).getInt64(), q.getColumn(1).getString()};
    });
}

std::optional<std::string> AiringStore::hash_of(const std::string& board, const std::string& epoch,
                                                std::int64_t seq) const {
    return db_.text(
        "SELECT hash FROM airing WHERE board=?1 AND epoch=?2 AND seq=?3 UNION ALL SELECT hash FROM "
        "carried_over WHERE board=?1 AND epoch=?2 AND seq=?3",
        {board, epoch, std::to_string(seq)});
}

std::optional<std::string> AiringStore::last_epoch(const std::string& board) const {
    return db_.text("SELECT epoch FROM airing WHERE board=? ORDER BY id DESC LIMIT 1", {board});
}

void AiringStore::add(const std::vector<AiringRecord>& records, const PlaceFacts& place) {
    db_.guarded([&] {
        SQLite::Transaction t(db_.db);
        AssessedColumns assessed(db_.db);
        for (const auto& record : records) {
            assert(record.seq > 0);
            if (is_held_from_before(record)) {
                db_.run("INSERT INTO carried_over VALUES(?,?,?,?)",
                        {record.board, record.epoch, std::to_string(record.seq), record.hash});
                continue;
            }
            const auto id = insert(record, place);
            assessed.add(id, record);
            assessed.check_beside(id);
            correct_by_held_fix(id, record, place);
            apply_fix(record, place);
        }
        t.commit();
    });
}

void AiringStore::set_aside(const std::string& board, const std::string& epoch, std::int64_t seq,
                            const std::string& hash) {
    db_.run("INSERT INTO carried_over VALUES(?,?,?,?)", {board, epoch, std::to_string(seq), hash});
}

/// The new row's id.
std::int64_t AiringStore::insert(const AiringRecord& r, const PlaceFacts& place) {
    SQLite::Statement q(
        db_.db,
        "INSERT INTO airing(board, epoch, seq, hash, place, country, day, at, airing, locale, "
        "campaign, segment, status, json) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    int i = 0;
    q.bind(++i, r.board);
    q.bind(++i, r.epoch);
    q.bind(++i, r.seq);
    q.bind(++i, r.hash);
    q.bind(++i, r.place);
    q.bind(++i, place.country);
    q.bind(++i, day_text(time_of(r), place));
    q.bind(++i, to_rfc3339(time_of(r)));
    q.bind(++i, record_id(r));
    q.bind(++i, r.locale_aired.empty() ? r.locale_asked : r.locale_aired);
    q.bind(++i, r.campaign);
    q.bind(++i, r.segment);
    q.bind(++i, std::string(r.status ? to_text(*r.status) : ""));
    q.bind(++i, content::record_json(r));
    q.exec();
    return db_.db.getLastInsertRowid();
}

/// True if a board carried the record over from the journal before, and the office holds it from there.
bool AiringStore::is_held_from_before(const AiringRecord& record) const {
    const auto before = record.evidence.find(content::evidence_journal_before);
    return before != record.evidence.end() &&
           db_.text("SELECT hash FROM airing WHERE hash=? AND board=?", {before->second, record.board});
}

/// Stores an airing's corrected times and files it under them.
void AiringStore::set_corrected(std::int64_t id, const content::CorrectedTimes& times,
                                const PlaceFacts& facts) {
    db_.run("INSERT INTO placed VALUES(?,?,?,?) ON CONFLICT(id) DO NOTHING",
            {std::to_string(id), to_rfc3339(times.started), times.ended ? to_rfc3339(*times.ended) : "",
             std::to_string(times.error ? times.error->count() : -1)});
    db_.run("UPDATE airing SET at=?, day=? WHERE id=?",
            {to_rfc3339(times.started), day_text(times.started, facts), std::to_string(id)});
}

/// Corrects a new record by the time fix that is held of its boot, if there is one.
void AiringStore::correct_by_held_fix(std::int64_t id, const AiringRecord& record, const PlaceFacts& facts) {
    if (!content::needs_time_fix(record)) return;
    const auto held =
        db_.text("SELECT json FROM time_fix WHERE board=? AND boot=?", {record.board, record.boot_id});
    if (!held) return;
    const auto fix = content::time_fix_of(content::parse_record(*held, db_.path));
    if (const auto times = fix ? content::corrected_times(record, *fix) : std::nullopt)
        set_corrected(id, *times, facts);
}

/// If the record is the first time fix of its boot, stores it and corrects what is held of that boot.
void AiringStore::apply_fix(const AiringRecord& record, const PlaceFacts& facts) {
    const auto fix = content::time_fix_of(record);
    if (!fix) return;
    const int added = db_.run("INSERT INTO time_fix VALUES(?,?,?) ON CONFLICT(board, boot) DO NOTHING",
                              {fix->board, fix->boot_id, content::record_json(record)});
    if (added == 0) return;
    std::vector<std::pair<std::int64_t, content::CorrectedTimes>> found;
    SQLite::Statement q(db_.db,
                        "SELECT id, json FROM airing WHERE board=? AND json_extract(json,'$.boot_id')=?");
    q.bind(1, fix->board);
    q.bind(2, fix->boot_id);
    while (q.executeStep())
        if (const auto times =
                content::corrected_times(content::parse_record(q.getColumn(1).getString(), db_.path), *fix))
            found.emplace_back(q.getColumn(0).getInt64(), *times);
    for (const auto& [id, times] : found) set_corrected(id, times, facts);
}

void AiringStore::file(const std::string& place, const PlaceFacts& facts) {
    db_.guarded([&] {
        SQLite::Transaction t(db_.db);
        SQLite::Statement q(db_.db, "SELECT id, at FROM airing WHERE place=? AND country=''");
        q.bind(1, place);
        std::vector<std::pair<std::int64_t, Instant>> rows;
        while (q.executeStep())
            rows.emplace_back(q.getColumn(0).getInt64(), instant(q.getColumn(1).getString()));
        for (const auto& [id, at] : rows)
            db_.run("UPDATE airing SET country=?, day=? WHERE id=?",
                    {facts.country, day_text(at, facts), std::to_string(id)});
        t.commit();
    });
}

std::vector<AiringRow> AiringStore::list(const AiringFilter& filter, const std::optional<Cursor>& after,
                                         std::size_t count) const {
    return db_.guarded([&] {
        const WhereClause where(filter);
        SQLite::Statement q(db_.db, select_rows + where.sql + (after ? " AND (at, airing.id) < (?, ?)" : "") +
                                        " ORDER BY at DESC, airing.id DESC LIMIT ?");
        int i = where.bind(q);
        if (after) {
            q.bind(++i, after->at);
            q.bind(++i, after->id);
        }
        q.bind(++i, static_cast<std::int64_t>(count));
        std::vector<AiringRow> rows;
        while (q.executeStep()) {
            rows.push_back(row_of(q, db_.path));
        }
        return rows;
    });
}
std::int64_t AiringStore::count(const AiringFilter& filter, std::int64_t at_most) const {
    return db_.guarded([&] {
        const WhereClause where(filter);
        SQLite::Statement q(db_.db, "SELECT count(*) FROM (SELECT 1 FROM airing" + where.sql + " LIMIT ?)");
        q.bind(where.bind(q) + 1, at_most);
        q.executeStep();
        return q.getColumn(0).getInt64();
    });
}

std::vector<std::string> AiringStore::values_of(AiringColumn column) const {
    return db_.guarded([&] {
        const std::string name(name_of(column));
        std::vector<std::string> out;
        SQLite::Statement q(
            db_.db, "SELECT DISTINCT " + name + " FROM airing WHERE " + name + "<>'' ORDER BY 1 LIMIT 1000");
        while (q.executeStep()) out.push_back(q.getColumn(0).getString());
        return out;
    });
}

std::vector<Outcome> AiringStore::outcomes(const std::string& place, std::chrono::local_days day) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db,
                            "SELECT airing, assessed, json_extract(json,'$.reason'), "
                            "json_extract(json,'$.planned_start'), placed.started, board, "
                            "json_extract(json,'$.outlet'), shown_ms, overclaims FROM airing LEFT JOIN "
                            "placed ON placed.id=airing.id WHERE place=? AND day=?");
        q.bind(1, place);
        q.bind(2, to_iso(day));
        std::vector<Outcome> out;
        while (q.executeStep()) {
            const auto status = content::parse_airing_status(q.getColumn(1).getString());
            if (!status) continue;
            const auto planned = from_rfc3339(q.getColumn(3).getString());
            const auto started = from_rfc3339(q.getColumn(4).getString());
            out.push_back({q.getColumn(0).getString(), *status, q.getColumn(2).getString(),
                           planned && started && content::is_off_plan(*planned, *started),
                           q.getColumn(5).getString() + ' ' + q.getColumn(6).getString(),
                           milliseconds{q.getColumn(7).getInt64()}, q.getColumn(8).getInt() != 0});
        }
        return out;
    });
}

std::vector<content::TimeGap> AiringStore::time_gaps(const std::string& place) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db,
                            "SELECT json FROM airing WHERE place=? AND airing>='unplanned-time-gap-' AND "
                            "airing<'unplanned-time-gap.'");
        q.bind(1, place);
        std::vector<content::TimeGap> gaps;
        while (q.executeStep())
            if (const auto gap =
                    content::time_gap_of(content::parse_record(q.getColumn(0).getString(), db_.path)))
                gaps.push_back(*gap);
        return gaps;
    });
}

std::vector<content::FailureRun> AiringStore::failure_runs(const std::string& place,
                                                           std::chrono::local_days day) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db,
                            "SELECT json FROM airing WHERE place=? AND day BETWEEN ? AND ? AND "
                            "assessed='failed' AND json LIKE '%\"failed_airings\"%'");
        q.bind(1, place);
        q.bind(2, to_iso(day - std::chrono::days{1}));
        q.bind(3, to_iso(day));
        std::vector<content::FailureRun> runs;
        while (q.executeStep())
            if (const auto run =
                    content::failure_run_of(content::parse_record(q.getColumn(0).getString(), db_.path)))
                runs.push_back(*run);
        return runs;
    });
}

}  // namespace riverlight::office
