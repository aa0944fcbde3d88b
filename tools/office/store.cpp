#include "tools/office/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "content/base/error.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

constexpr auto session_longest = std::chrono::hours(24 * 7);
constexpr auto session_idle = 12h;

constexpr auto schema = R"sql(
CREATE TABLE IF NOT EXISTS user(name TEXT PRIMARY KEY, password TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session(token TEXT PRIMARY KEY, user TEXT NOT NULL, made TEXT NOT NULL, used TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claim(code TEXT PRIMARY KEY, place TEXT NOT NULL, board TEXT NOT NULL, expires TEXT NOT NULL, used_by TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS board(board TEXT PRIMARY KEY, place TEXT NOT NULL, public_key TEXT NOT NULL, state TEXT NOT NULL, enrolled TEXT NOT NULL,
  version TEXT NOT NULL, heard TEXT NOT NULL, health TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS airing(id INTEGER PRIMARY KEY, board TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  place TEXT NOT NULL, country TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL, airing TEXT NOT NULL, locale TEXT NOT NULL,
  campaign TEXT NOT NULL, segment TEXT NOT NULL, status TEXT NOT NULL, json TEXT NOT NULL, UNIQUE(board, epoch, seq));
CREATE TABLE IF NOT EXISTS carried_over(board TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY(board, epoch, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS time_fix(board TEXT NOT NULL, boot TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(board, boot)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS placed(id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT NOT NULL, error_ms INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS airing_hash ON airing(hash);
CREATE INDEX IF NOT EXISTS airing_at ON airing(at, id);
CREATE INDEX IF NOT EXISTS airing_day ON airing(country, day);
CREATE INDEX IF NOT EXISTS airing_place ON airing(place, day);
CREATE INDEX IF NOT EXISTS airing_locale ON airing(locale);
CREATE INDEX IF NOT EXISTS airing_campaign ON airing(campaign);
CREATE INDEX IF NOT EXISTS airing_segment ON airing(segment);
CREATE TABLE IF NOT EXISTS plan(place TEXT NOT NULL, day TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY(place, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarm(id INTEGER PRIMARY KEY, at TEXT NOT NULL, board TEXT NOT NULL, text TEXT NOT NULL);
)sql";

Instant instant(const std::string& text) {
    return from_rfc3339(text).value_or(Instant{});
}

BoardState state_from(const std::string& text) {
    if (text == "active") return BoardState::active;
    return text == "retired" ? BoardState::retired : BoardState::pending;
}

BoardRow board_of(const SQLite::Statement& q) {
    BoardRow row;
    row.board = q.getColumn(0).getString();
    row.place = q.getColumn(1).getString();
    row.public_key = q.getColumn(2).getString();
    row.state = state_from(q.getColumn(3).getString());
    row.enrolled = instant(q.getColumn(4).getString());
    row.version = q.getColumn(5).getString();
    row.heard = from_rfc3339(q.getColumn(6).getString());
    row.health = q.getColumn(7).getString();
    return row;
}

/// The broadcast day under which an airing is filed: the day whose plan it belongs to.
std::string day_text(Instant at, const PlaceFacts& place) {
    return to_iso(scheduler::broadcast_day_of(place.day_start, place.zone, at).day);
}

/// A filter as SQL, its values in order.
struct Where {
    std::string sql = " WHERE 1";
    std::vector<std::string> values;

    void add(const std::string& condition, const std::string& value) {
        if (value.empty()) return;
        sql += " AND " + condition;
        values.push_back(value);
    }
    explicit Where(const AiringFilter& f) {
        if (f.from) add("day>=?", to_iso(*f.from));
        if (f.until) add("day<=?", to_iso(*f.until));
        add("country=?", f.country);
        add("locale=?", f.locale);
        add("campaign=?", f.campaign);
        add("segment=?", f.segment);
        add("status=?", f.status);
        add("board=?", f.board);
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

}  // namespace

Instant time_of(const AiringRecord& record) {
    return record.planned_start.value_or(record.started.value_or(Instant{}));
}

Cursor cursor_after(const AiringRow& row) {
    return {to_rfc3339(row.placed ? row.placed->started : time_of(row.record)), row.id};
}

struct OfficeStore::State {
    std::string path;
    SQLite::Database db;
    explicit State(const std::string& file)
        : path(file), db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000) {}

    template <typename Work>
    auto guarded(const Work& work) const -> decltype(work()) {
        try {
            return work();
        } catch (const SQLite::Exception& e) {
            throw Error(path + ": the office's records could not be read or written (" + e.what() +
                        "); check that the disk is there and not full");
        }
    }
    /// Runs one statement with text values.
    int run(const char* sql, std::initializer_list<std::string> values) {
        return guarded([&] {
            SQLite::Statement q(db, sql);
            int i = 0;
            for (const auto& value : values) q.bind(++i, value);
            return q.exec();
        });
    }
    /// Whether a board took this over from the journal before and the office has it from there.
    [[nodiscard]] bool held_from_before(const AiringRecord& record) const {
        const auto before = record.evidence.find("journal_before");
        return before != record.evidence.end() &&
               !text("SELECT hash FROM airing WHERE hash=? AND board=?", {before->second, record.board})
                    .empty();
    }
    /// Where an airing really was; it is filed there from now on.
    void place(std::int64_t id, const content::CorrectedTimes& placed, const PlaceFacts& facts) {
        run("INSERT INTO placed VALUES(?,?,?,?) ON CONFLICT(id) DO NOTHING",
            {std::to_string(id), to_rfc3339(placed.started), placed.ended ? to_rfc3339(*placed.ended) : "",
             std::to_string(placed.error ? placed.error->count() : -1)});
        run("UPDATE airing SET at=?, day=? WHERE id=?",
            {to_rfc3339(placed.started), day_text(placed.started, facts), std::to_string(id)});
    }
    /// By a fix that is held, if there is one of its board and boot.
    void place_by_known(std::int64_t id, const AiringRecord& record, const PlaceFacts& facts) {
        if (!content::needs_time_fix(record)) return;
        const auto known =
            text("SELECT json FROM time_fix WHERE board=? AND boot=?", {record.board, record.boot_id});
        if (known.empty()) return;
        const auto fix = content::time_fix_of(content::parse_record(known, path));
        if (const auto placed = fix ? content::corrected_times(record, *fix) : std::nullopt)
            place(id, *placed, facts);
    }
    /// What the office has of that boot already.
    void learn(const AiringRecord& record, const PlaceFacts& facts) {
        const auto fix = content::time_fix_of(record);
        if (!fix) return;
        const int first = run("INSERT INTO time_fix VALUES(?,?,?) ON CONFLICT(board, boot) DO NOTHING",
                              {fix->board, fix->boot_id, content::record_json(record)});
        if (first == 0) return;
        std::vector<std::pair<std::int64_t, content::CorrectedTimes>> found;
        SQLite::Statement q(db,
                            "SELECT id, json FROM airing WHERE board=? AND json_extract(json,'$.boot_id')=?");
        q.bind(1, fix->board);
        q.bind(2, fix->boot_id);
        while (q.executeStep())
            if (const auto placed =
                    content::corrected_times(content::parse_record(q.getColumn(1).getString(), path), *fix))
                found.emplace_back(q.getColumn(0).getInt64(), *placed);
        for (const auto& [id, placed] : found) place(id, placed, facts);
    }
    /// The first column of the first row; empty: no row.
    [[nodiscard]] std::string text(const char* sql, std::initializer_list<std::string> values) const {
        return guarded([&] {
            SQLite::Statement q(db, sql);
            int i = 0;
            for (const auto& value : values) q.bind(++i, value);
            return q.executeStep() ? q.getColumn(0).getString() : std::string{};
        });
    }
};

OfficeStore::OfficeStore(const std::string& folder) {
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    if (ec) throw Error(folder + ": the state folder could not be made (" + ec.message() + ")");
    const auto path = folder + "/office.db";
    const auto before = ::umask(0077);  // passwords' hashes and people's work: the owner's alone
    try {
        state_ = std::make_unique<State>(path);
        state_->db.exec("PRAGMA journal_mode=WAL");
        state_->db.exec("PRAGMA synchronous=FULL");
        state_->db.exec(schema);
    } catch (const SQLite::Exception& e) {
        ::umask(before);
        throw Error(path + ": the office's records could not be opened (" + e.what() + ")");
    }
    ::umask(before);
}
OfficeStore::~OfficeStore() = default;

void OfficeStore::set_user(const std::string& name, const std::string& password_hash) {
    state_->guarded([&] {
        SQLite::Transaction t(state_->db);
        state_->run("INSERT INTO user VALUES(?,?) ON CONFLICT(name) DO UPDATE SET password=excluded.password",
                    {name, password_hash});
        state_->run("DELETE FROM session WHERE user=?", {name});
        t.commit();
    });
}
std::string OfficeStore::password_hash(const std::string& name) const {
    return state_->text("SELECT password FROM user WHERE name=?", {name});
}
bool OfficeStore::has_users() const {
    return !state_->text("SELECT name FROM user LIMIT 1", {}).empty();
}
void OfficeStore::add_session(const std::string& token_hash, const std::string& user, Instant now) {
    state_->run("DELETE FROM session WHERE made<? OR used<?",
                {to_rfc3339(now - session_longest), to_rfc3339(now - session_idle)});
    state_->run("INSERT INTO session VALUES(?,?,?,?)", {token_hash, user, to_rfc3339(now), to_rfc3339(now)});
}
std::string OfficeStore::session_user(const std::string& token_hash, Instant now) {
    auto user = state_->text("SELECT user FROM session WHERE token=? AND made>? AND used>?",
                             {token_hash, to_rfc3339(now - session_longest), to_rfc3339(now - session_idle)});
    // Its use is noted once a minute at most: reading pages does not wear the disk.
    if (!user.empty()) try {
            state_->run("UPDATE session SET used=? WHERE token=? AND used<?",
                        {to_rfc3339(now), token_hash, to_rfc3339(now - 1min)});
        } catch (const Error&) {  // a full disk ends no session: what is there can still be read
        }
    return user;
}
void OfficeStore::end_session(const std::string& token_hash) {
    state_->run("DELETE FROM session WHERE token=?", {token_hash});
}

void OfficeStore::add_claim(const std::string& code_hash, const Claim& claim) {
    state_->run("INSERT INTO claim VALUES(?,?,?,?,'')",
                {code_hash, claim.place, claim.board, to_rfc3339(claim.expires)});
}
std::optional<Claim> OfficeStore::claim(const std::string& code_hash) const {
    return state_->guarded([&]() -> std::optional<Claim> {
        SQLite::Statement q(state_->db, "SELECT place, board, expires, used_by FROM claim WHERE code=?");
        q.bind(1, code_hash);
        if (!q.executeStep()) return std::nullopt;
        return Claim{q.getColumn(0).getString(), q.getColumn(1).getString(),
                     instant(q.getColumn(2).getString()), q.getColumn(3).getString()};
    });
}
void OfficeStore::enrol(const std::string& code_hash, const BoardRow& b) {
    state_->guarded([&] {
        SQLite::Transaction t(state_->db);
        state_->run("UPDATE claim SET used_by=? WHERE code=?", {b.public_key, code_hash});
        state_->run(
            "INSERT INTO board VALUES(?,?,?,?,?,?,'','') ON CONFLICT(board) DO UPDATE SET "
            "place=excluded.place, "
            "public_key=excluded.public_key, state=excluded.state, version=excluded.version",
            {b.board, b.place, b.public_key, std::string(to_text(b.state)), to_rfc3339(b.enrolled),
             b.version});
        t.commit();
    });
}

std::vector<BoardRow> OfficeStore::boards() const {
    return state_->guarded([&] {
        std::vector<BoardRow> rows;
        SQLite::Statement q(state_->db, "SELECT * FROM board ORDER BY board");
        while (q.executeStep()) rows.push_back(board_of(q));
        return rows;
    });
}
std::optional<BoardRow> OfficeStore::board(const std::string& id) const {
    return state_->guarded([&]() -> std::optional<BoardRow> {
        SQLite::Statement q(state_->db, "SELECT * FROM board WHERE board=?");
        q.bind(1, id);
        if (!q.executeStep()) return std::nullopt;
        return board_of(q);
    });
}
void OfficeStore::set_board_state(const std::string& id, BoardState state) {
    state_->run("UPDATE board SET state=? WHERE board=?", {std::string(to_text(state)), id});
}
void OfficeStore::set_health(const std::string& board, const std::string& version, const std::string& health,
                             Instant now) {
    state_->run("UPDATE board SET version=?, health=?, heard=? WHERE board=?",
                {version, health, to_rfc3339(now), board});
}
void OfficeStore::set_heard(const std::string& board, Instant now) {
    state_->run("UPDATE board SET heard=? WHERE board=?", {to_rfc3339(now), board});
}

Held OfficeStore::held(const std::string& board, const std::string& epoch) const {
    return state_->guarded([&] {
        SQLite::Statement q(
            state_->db,
            "SELECT seq, hash FROM airing WHERE board=?1 AND epoch=?2 UNION ALL SELECT seq, hash FROM "
            "carried_over WHERE board=?1 AND epoch=?2 ORDER BY seq DESC LIMIT 1");
        q.bind(1, board);
        q.bind(2, epoch);
        if (!q.executeStep()) return Held{};
        return Held{q.getColumn(0).getInt64(), q.getColumn(1).getString()};
    });
}
std::string OfficeStore::hash_of(const std::string& board, const std::string& epoch, std::int64_t seq) const {
    return state_->text(
        "SELECT hash FROM airing WHERE board=?1 AND epoch=?2 AND seq=?3 UNION ALL SELECT hash FROM "
        "carried_over WHERE board=?1 AND epoch=?2 AND seq=?3",
        {board, epoch, std::to_string(seq)});
}
std::string OfficeStore::last_epoch(const std::string& board) const {
    return state_->text("SELECT epoch FROM airing WHERE board=? ORDER BY id DESC LIMIT 1", {board});
}
void OfficeStore::add_airings(const std::vector<AiringRecord>& records, const PlaceFacts& place) {
    state_->guarded([&] {
        SQLite::Transaction t(state_->db);
        SQLite::Statement q(state_->db, "INSERT INTO airing VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        for (const auto& r : records) {
            if (state_->held_from_before(r)) {
                state_->run("INSERT INTO carried_over VALUES(?,?,?,?)",
                            {r.board, r.epoch, std::to_string(r.seq), r.hash});
                continue;
            }
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
            q.reset();
            state_->place_by_known(state_->db.getLastInsertRowid(), r, place);
            state_->learn(r, place);
        }
        t.commit();
    });
}
void OfficeStore::file_airings(const std::string& place, const PlaceFacts& facts) {
    state_->guarded([&] {
        SQLite::Transaction t(state_->db);
        SQLite::Statement q(state_->db, "SELECT id, at FROM airing WHERE place=? AND country=''");
        q.bind(1, place);
        std::vector<std::pair<std::int64_t, Instant>> rows;
        while (q.executeStep())
            rows.emplace_back(q.getColumn(0).getInt64(), instant(q.getColumn(1).getString()));
        for (const auto& [id, at] : rows)
            state_->run("UPDATE airing SET country=?, day=? WHERE id=?",
                        {facts.country, day_text(at, facts), std::to_string(id)});
        t.commit();
    });
}

std::vector<AiringRow> OfficeStore::airings(const AiringFilter& filter, const std::optional<Cursor>& after,
                                            std::size_t count) const {
    return state_->guarded([&] {
        const Where where(filter);
        SQLite::Statement q(state_->db,
                            "SELECT airing.id, json, country, day, placed.started, placed.ended, "
                            "placed.error_ms FROM airing LEFT JOIN placed ON placed.id=airing.id" +
                                where.sql + (after ? " AND (at, airing.id) < (?, ?)" : "") +
                                " ORDER BY at DESC, airing.id DESC LIMIT ?");
        int i = where.bind(q);
        if (after) {
            q.bind(++i, after->at);
            q.bind(++i, after->id);
        }
        q.bind(++i, static_cast<std::int64_t>(count));
        std::vector<AiringRow> rows;
        while (q.executeStep()) {
            AiringRow row;
            row.id = q.getColumn(0).getInt64();
            row.record = content::parse_record(q.getColumn(1).getString(), state_->path);
            row.country = q.getColumn(2).getString();
            row.day = date_from_iso(q.getColumn(3).getString()).value_or(std::chrono::local_days{});
            if (!q.getColumn(4).isNull())
                row.placed = content::CorrectedTimes{instant(q.getColumn(4).getString()),
                                                     from_rfc3339(q.getColumn(5).getString()),
                                                     error_of(q.getColumn(6).getInt64())};
            rows.push_back(std::move(row));
        }
        return rows;
    });
}
std::int64_t OfficeStore::count(const AiringFilter& filter, std::int64_t at_most) const {
    return state_->guarded([&] {
        const Where where(filter);
        SQLite::Statement q(state_->db,
                            "SELECT count(*) FROM (SELECT 1 FROM airing" + where.sql + " LIMIT ?)");
        q.bind(where.bind(q) + 1, at_most);
        q.executeStep();
        return q.getColumn(0).getInt64();
    });
}
std::vector<std::string> OfficeStore::values_of(std::string_view column) const {
    for (const std::string_view known : {"country", "locale", "campaign", "segment"}) {
        if (column != known) continue;
        return state_->guarded([&] {
            std::vector<std::string> out;
            SQLite::Statement q(state_->db, "SELECT DISTINCT " + std::string(known) + " FROM airing WHERE " +
                                                std::string(known) + "<>'' ORDER BY 1 LIMIT 1000");
            while (q.executeStep()) out.push_back(q.getColumn(0).getString());
            return out;
        });
    }
    throw Error("airings have no column '" + std::string(column) + "' to choose by");
}
std::vector<Outcome> OfficeStore::outcomes(const std::string& place, std::chrono::local_days day) const {
    return state_->guarded([&] {
        SQLite::Statement q(state_->db,
                            "SELECT airing, status, json_extract(json,'$.reason'), "
                            "json_extract(json,'$.planned_start'), placed.started "
                            "FROM airing LEFT JOIN placed ON placed.id=airing.id WHERE place=? AND day=?");
        q.bind(1, place);
        q.bind(2, to_iso(day));
        std::vector<Outcome> out;
        while (q.executeStep()) {
            const auto status = content::parse_airing_status(q.getColumn(1).getString());
            if (!status) continue;
            const auto planned = from_rfc3339(q.getColumn(3).getString());
            const auto started = from_rfc3339(q.getColumn(4).getString());
            out.push_back({q.getColumn(0).getString(), *status, q.getColumn(2).getString(),
                           planned && started && content::is_off_plan(*planned, *started)});
        }
        return out;
    });
}

std::string OfficeStore::plan(const std::string& place, std::chrono::local_days day) const {
    return state_->text("SELECT json FROM plan WHERE place=? AND day=?", {place, to_iso(day)});
}
void OfficeStore::set_plan(const std::string& place, std::chrono::local_days day, const std::string& json) {
    state_->run(
        "INSERT INTO plan VALUES(?,?,?) ON CONFLICT(place, day) DO UPDATE SET json=excluded.json WHERE "
        "json<>excluded.json",
        {place, to_iso(day), json});
}

void OfficeStore::add_alarm(const AlarmRow& alarm) {
    // The same complaint again within a day is the same alarm: a board repeats what is refused.
    if (state_->text("SELECT '1' FROM alarm WHERE board=? AND text=? AND at>?",
                     {alarm.board, alarm.text, to_rfc3339(alarm.at - 24h)}) == "1")
        return;
    state_->run("INSERT INTO alarm VALUES(NULL,?,?,?)", {to_rfc3339(alarm.at), alarm.board, alarm.text});
}
std::vector<AlarmRow> OfficeStore::alarms(Instant since, std::size_t count) const {
    return state_->guarded([&] {
        std::vector<AlarmRow> rows;
        SQLite::Statement q(state_->db,
                            "SELECT at, board, text FROM alarm WHERE at>? ORDER BY id DESC LIMIT ?");
        q.bind(1, to_rfc3339(since));
        q.bind(2, static_cast<std::int64_t>(count));
        while (q.executeStep())
            rows.push_back({instant(q.getColumn(0).getString()), q.getColumn(1).getString(),
                            q.getColumn(2).getString()});
        return rows;
    });
}

}  // namespace riverlight::office
