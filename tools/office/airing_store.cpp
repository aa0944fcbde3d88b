#include "tools/office/airing_store.hpp"

#include <cassert>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/airing_filer.hpp"
#include "tools/office/database.hpp"
#include "tools/office/tree_store.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

Instant instant(const std::string& text) {
    return from_rfc3339(text).value_or(Instant{});
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
        if (f.in_doubt) sql += " AND doubt<>''";
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

/// What a row that cannot be read is filed under.
AiringRecord record_of_columns(SQLite::Statement& q) {
    const auto text = [&](int column) { return plain_text(q.getColumn(column).getString(), 500); };
    AiringRecord r;
    r.board = text(12);
    r.epoch = text(13);
    r.seq = q.getColumn(14).getInt64();
    r.hash = text(15);
    r.place = text(16);
    r.airing = text(17);
    r.locale_aired = text(18);
    r.campaign = text(19);
    r.segment = text(20);
    r.reason = "its row cannot be read: it was damaged or edited at the office";
    return r;
}

AiringRow row_of(SQLite::Statement& q, const std::string& file) {
    AiringRow row;
    row.id = q.getColumn(0).getInt64();
    row.country = plain_text(q.getColumn(2).getString(), 64);
    row.day = date_from_iso(q.getColumn(3).getString()).value_or(std::chrono::local_days{});
    row.at = plain_text(q.getColumn(21).getString(), 64);
    row.doubt = parse_doubt(q.getColumn(22).getString());
    try {
        row.record = content::parse_record(q.getColumn(1).getString(), file);
    } catch (const Error&) {  // it breaks no page
        row.record = record_of_columns(q);
        row.doubt = Doubt::unreadable;
        return row;
    }
    if (const auto started = from_rfc3339(q.getColumn(4).getString()))
        row.placed = content::CorrectedTimes{*started, from_rfc3339(q.getColumn(5).getString()),
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
    "shown_ms, overclaims, off_ms, airing.board, epoch, seq, hash, place, airing, locale, campaign, segment, "
    "at, doubt FROM airing LEFT JOIN placed ON placed.id=airing.id LEFT JOIN start ON "
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
    return {row.at, row.id};
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

std::map<Doubt, int> AiringStore::add(const std::vector<AiringRecord>& records, const PlaceFacts& place,
                                      const std::optional<Instant>& received) {
    return db_.guarded([&] {
        Transaction t(db_);
        AiringFiler filer(db_);
        std::map<Doubt, int> doubts;
        std::vector<TreeStore::Entry> entries;
        for (const auto& record : records) {
            assert(record.seq > 0);
            entries.push_back({record.board, record.epoch, record.seq, record.hash});
            if (is_held_from_before(record))
                db_.run("INSERT INTO carried_over VALUES(?,?,?,?)",
                        {record.board, record.epoch, std::to_string(record.seq), record.hash});
            else if (const auto doubt = filer.add(record, place, received))
                ++doubts[*doubt];
        }
        TreeStore(db_).append(entries);
        t.commit();
        return doubts;
    });
}

void AiringStore::set_aside(const RefusedRecord& record) {
    db_.guarded([&] {
        Transaction t(db_);
        const auto seq = std::to_string(record.seq);
        db_.run("INSERT INTO carried_over VALUES(?,?,?,?)", {record.board, record.epoch, seq, record.hash});
        db_.run("INSERT INTO refused VALUES(?,?,?,?,?,?)",
                {record.board, record.epoch, seq, record.hash, record.why, to_rfc3339(record.at)});
        TreeStore(db_).append({{record.board, record.epoch, record.seq, record.hash}});
        t.commit();
    });
}

/// True if a board carried the record over from the journal before, and the office holds it from there.
bool AiringStore::is_held_from_before(const AiringRecord& record) const {
    const auto before = record.evidence.find(content::evidence_journal_before);
    return before != record.evidence.end() &&
           db_.text("SELECT hash FROM airing WHERE hash=? AND board=?", {before->second, record.board});
}

void AiringStore::file(const std::string& place, const PlaceFacts& facts) {
    db_.guarded([&] {
        Transaction t(db_);
        std::vector<std::int64_t> rows;
        SQLite::Statement q(db_.db, "SELECT id FROM airing WHERE place=? AND country='' ORDER BY id");
        q.bind(1, place);
        while (q.executeStep()) rows.push_back(q.getColumn(0).getInt64());
        AiringFiler filer(db_);
        for (const auto id : rows) filer.file_again(id, facts);
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
        while (q.executeStep()) out.push_back(plain_text(q.getColumn(0).getString(), 128));
        return out;
    });
}

std::map<Doubt, std::int64_t> AiringStore::doubts() const {
    return db_.guarded([&] {
        std::map<Doubt, std::int64_t> out;
        SQLite::Statement q(db_.db, "SELECT doubt, count(*) FROM airing WHERE doubt<>'' GROUP BY doubt");
        while (q.executeStep())
            if (const auto doubt = parse_doubt(q.getColumn(0).getString()))
                out[*doubt] = q.getColumn(1).getInt64();
        return out;
    });
}

std::vector<RefusedRecord> AiringStore::refused(std::size_t count) const {
    return db_.guarded([&] {
        std::vector<RefusedRecord> out;
        SQLite::Statement q(
            db_.db,
            "SELECT board, epoch, seq, hash, why, at FROM refused ORDER BY at DESC, seq DESC LIMIT ?");
        q.bind(1, static_cast<std::int64_t>(count));
        while (q.executeStep())
            out.push_back({q.getColumn(0).getString(), q.getColumn(1).getString(), q.getColumn(2).getInt64(),
                           q.getColumn(3).getString(), q.getColumn(4).getString(),
                           instant(q.getColumn(5).getString())});
        return out;
    });
}

std::int64_t AiringStore::refused_count() const {
    return std::stoll(db_.text("SELECT count(*) FROM refused", {}).value_or("0"));
}

std::vector<Reported> AiringStore::reports(const std::string& place, std::chrono::local_days day) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db,
                            "SELECT airing, assessed, reason, planned, placed.started, board, outlet, "
                            "shown_ms, overclaims, doubt, booking, campaign, segment, locale FROM airing "
                            "LEFT JOIN placed ON placed.id=airing.id WHERE place=? AND day=?");
        q.bind(1, place);
        q.bind(2, to_iso(day));
        const auto text = [&](int column) { return plain_text(q.getColumn(column).getString(), 2000); };
        std::vector<Reported> out;
        while (q.executeStep()) {
            const auto status = content::parse_airing_status(q.getColumn(1).getString());
            const auto doubt = parse_doubt(q.getColumn(9).getString());
            if (!status && !doubt) continue;
            const auto planned = from_rfc3339(q.getColumn(3).getString());
            const auto started = from_rfc3339(q.getColumn(4).getString());
            out.push_back({text(0), status.value_or(content::AiringStatus::failed), text(2),
                           planned && started && content::is_off_plan(*planned, *started),
                           text(5) + ' ' + text(6), milliseconds{q.getColumn(7).getInt64()},
                           q.getColumn(8).getInt() != 0, doubt, text(10), text(11), text(12), text(13)});
        }
        return out;
    });
}

std::vector<content::TimeGap> AiringStore::time_gaps(const std::string& place) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db,
                            "SELECT json FROM airing WHERE place=? AND airing>='unplanned-time-gap-' AND "
                            "airing<'unplanned-time-gap.' AND doubt=''");
        q.bind(1, place);
        std::vector<content::TimeGap> gaps;
        while (q.executeStep())
            if (const auto record = record_in(q.getColumn(0).getString(), db_.path))
                if (const auto gap = content::time_gap_of(*record)) gaps.push_back(*gap);
        return gaps;
    });
}

std::vector<content::FailureRun> AiringStore::failure_runs(const std::string& place,
                                                           std::chrono::local_days day) const {
    return db_.guarded([&] {
        SQLite::Statement q(db_.db,
                            "SELECT json FROM airing WHERE place=? AND day BETWEEN ? AND ? AND "
                            "assessed='failed' AND doubt='' AND json LIKE '%\"failed_airings\"%'");
        q.bind(1, place);
        q.bind(2, to_iso(day - std::chrono::days{1}));
        q.bind(3, to_iso(day));
        std::vector<content::FailureRun> runs;
        while (q.executeStep())
            if (const auto record = record_in(q.getColumn(0).getString(), db_.path))
                if (const auto run = content::failure_run_of(*record)) runs.push_back(*run);
        return runs;
    });
}

}  // namespace riverlight::office
