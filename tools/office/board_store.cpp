#include "tools/office/board_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

BoardRow board_of(const SQLite::Statement& q) {
    BoardRow row;
    row.board = q.getColumn(0).getString();
    row.place = q.getColumn(1).getString();
    row.public_key = q.getColumn(2).getString();
    row.state = content::parse_board_state(q.getColumn(3).getString()).value_or(BoardState::pending);
    row.enrolled = from_rfc3339(q.getColumn(4).getString()).value_or(Instant{});
    row.version = q.getColumn(5).getString();
    row.heard = from_rfc3339(q.getColumn(6).getString());
    row.health = q.getColumn(7).getString();
    return row;
}

}  // namespace

void BoardStore::add_claim_code(const std::string& code_hash, const ClaimCode& code) {
    db_.run("INSERT INTO claim VALUES(?,?,?,?,'')",
            {code_hash, code.place, code.board, to_rfc3339(code.expires)});
}

std::optional<ClaimCode> BoardStore::claim_code(const std::string& code_hash) const {
    return db_.guarded([&]() -> std::optional<ClaimCode> {
        SQLite::Statement q(db_.db, "SELECT place, board, expires, used_by FROM claim WHERE code=?");
        q.bind(1, code_hash);
        if (!q.executeStep()) return std::nullopt;
        return ClaimCode{q.getColumn(0).getString(), q.getColumn(1).getString(),
                         from_rfc3339(q.getColumn(2).getString()).value_or(Instant{}),
                         q.getColumn(3).getString()};
    });
}

void BoardStore::enrol(const std::string& code_hash, const BoardRow& b) {
    db_.guarded([&] {
        Transaction t(db_);
        db_.run("UPDATE claim SET used_by=? WHERE code=?", {b.public_key, code_hash});
        const auto known = find(b.board);
        if (known && known->state == BoardState::active && known->public_key != b.public_key)
            db_.run("INSERT OR REPLACE INTO applicant VALUES(?,?,?,?,?)",
                    {b.board, b.place, b.public_key, b.version, to_rfc3339(b.enrolled)});
        else
            db_.run(
                "INSERT INTO board VALUES(?,?,?,?,?,?,'','') ON CONFLICT(board) DO UPDATE SET "
                "place=excluded.place, public_key=excluded.public_key, state=CASE WHEN board.state='active' "
                "AND board.public_key=excluded.public_key THEN 'active' ELSE excluded.state END, "
                "version=excluded.version, enrolled=CASE board.state WHEN 'retired' THEN excluded.enrolled "
                "ELSE board.enrolled END",
                {b.board, b.place, b.public_key, std::string(to_text(b.state)), to_rfc3339(b.enrolled),
                 b.version});
        t.commit();
    });
}

std::optional<Applicant> BoardStore::applicant(const std::string& board) const {
    return db_.guarded([&]() -> std::optional<Applicant> {
        SQLite::Statement q(
            db_.db, "SELECT board, place, public_key, version, enrolled FROM applicant WHERE board=?");
        q.bind(1, board);
        if (!q.executeStep()) return std::nullopt;
        return Applicant{q.getColumn(0).getString(), q.getColumn(1).getString(), q.getColumn(2).getString(),
                         q.getColumn(3).getString(),
                         from_rfc3339(q.getColumn(4).getString()).value_or(Instant{})};
    });
}

bool BoardStore::replace(const std::string& board) {
    return db_.guarded([&] {
        Transaction t(db_);
        const auto next = applicant(board);
        if (!next) return false;
        db_.run(
            "UPDATE board SET place=?, public_key=?, version=?, state=? WHERE board=?",
            {next->place, next->public_key, next->version, std::string(to_text(BoardState::active)), board});
        db_.run("DELETE FROM applicant WHERE board=?", {board});
        t.commit();
        return true;
    });
}

std::vector<std::string> BoardStore::holders_of(const std::string& public_key) const {
    return db_.guarded([&] {
        std::vector<std::string> out;
        SQLite::Statement q(db_.db,
                            "SELECT board FROM board WHERE public_key=?1 UNION SELECT board FROM applicant "
                            "WHERE public_key=?1 ORDER BY 1");
        q.bind(1, public_key);
        while (q.executeStep()) out.push_back(q.getColumn(0).getString());
        return out;
    });
}

std::vector<BoardRow> BoardStore::all() const {
    return db_.guarded([&] {
        std::vector<BoardRow> rows;
        SQLite::Statement q(db_.db, "SELECT * FROM board ORDER BY board");
        while (q.executeStep()) rows.push_back(board_of(q));
        return rows;
    });
}

std::map<std::string, Instant> BoardStore::in_service() const {
    return db_.guarded([&] {
        std::map<std::string, Instant> out;
        SQLite::Statement q(db_.db,
                            "SELECT place, MIN(enrolled) FROM board WHERE state<>'retired' GROUP BY place");
        while (q.executeStep())
            out.emplace(q.getColumn(0).getString(),
                        from_rfc3339(q.getColumn(1).getString()).value_or(Instant{}));
        return out;
    });
}

std::optional<BoardRow> BoardStore::find(const std::string& id) const {
    return db_.guarded([&]() -> std::optional<BoardRow> {
        SQLite::Statement q(db_.db, "SELECT * FROM board WHERE board=?");
        q.bind(1, id);
        if (!q.executeStep()) return std::nullopt;
        return board_of(q);
    });
}

void BoardStore::set_state(const std::string& id, BoardState state) {
    db_.run("UPDATE board SET state=? WHERE board=?", {std::string(to_text(state)), id});
    if (state == BoardState::retired) db_.run("DELETE FROM applicant WHERE board=?", {id});
}

void BoardStore::set_health(const std::string& id, const std::string& version, const std::string& health,
                            Instant now) {
    db_.run("UPDATE board SET version=?, health=?, heard=? WHERE board=?",
            {version, health, to_rfc3339(now), id});
}

void BoardStore::set_heard(const std::string& id, Instant now) {
    db_.run("UPDATE board SET heard=? WHERE board=?", {to_rfc3339(now), id});
}

}  // namespace riverlight::office
