#include "tools/office/board_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

BoardRow board_of(const Rows& q) {
    BoardRow row;
    row.board = q.text(0);
    row.place = q.text(1);
    row.public_key = q.text(2);
    row.state = content::parse_board_state(q.text(3)).value_or(BoardState::pending);
    row.enrolled = from_rfc3339(q.text(4)).value_or(Instant{});
    row.version = q.text(5);
    row.heard = from_rfc3339(q.text(6));
    row.health = q.text(7);
    return row;
}

}  // namespace

void BoardStore::add_claim_code(const std::string& code_hash, const ClaimCode& code) {
    db_.run("INSERT INTO claim VALUES(?,?,?,?,'')",
            {code_hash, code.place, code.board, to_rfc3339(code.expires)});
}

std::optional<ClaimCode> BoardStore::claim_code(const std::string& code_hash) const {
    auto q = db_.query("SELECT place, board, expires, used_by FROM claim WHERE code=?", {code_hash});
    if (!q.next()) return std::nullopt;
    return ClaimCode{q.text(0), q.text(1), from_rfc3339(q.text(2)).value_or(Instant{}), q.text(3)};
}

void BoardStore::enrol(const std::string& code_hash, const BoardRow& b) {
    Transaction t(db_);
    db_.run("UPDATE claim SET used_by=? WHERE code=?", {b.public_key, code_hash});
    const auto known = find(b.board);
    if (known && known->state == BoardState::active && known->public_key != b.public_key)
        db_.run(
            "INSERT INTO applicant(board, place, public_key, version, enrolled) VALUES(?,?,?,?,?) ON "
            "CONFLICT(board) DO UPDATE SET place=excluded.place, public_key=excluded.public_key, "
            "version=excluded.version, enrolled=excluded.enrolled",
            {b.board, b.place, b.public_key, b.version, to_rfc3339(b.enrolled)});
    else
        db_.run(
            "INSERT INTO board VALUES(?,?,?,?,?,?,'','') ON CONFLICT(board) DO UPDATE SET "
            "place=excluded.place, public_key=excluded.public_key, state=CASE WHEN board.state='active' "
            "AND board.public_key=excluded.public_key THEN 'active' ELSE excluded.state END, "
            "version=excluded.version, enrolled=CASE board.state WHEN 'retired' THEN excluded.enrolled "
            "ELSE board.enrolled END",
            {b.board, b.place, b.public_key, to_text(b.state), to_rfc3339(b.enrolled), b.version});
    if (const auto now = find(b.board); now && now->public_key == b.public_key) keep_key(*now);
    t.commit();
}

void BoardStore::keep_key(const BoardRow& board) {
    db_.run("INSERT INTO board_key VALUES(?,?,?,?) ON CONFLICT(board, public_key) DO NOTHING",
            {board.board, board.public_key, board.place, to_rfc3339(board.enrolled)});
}

std::optional<Applicant> BoardStore::applicant(const std::string& board) const {
    auto q =
        db_.query("SELECT board, place, public_key, version, enrolled FROM applicant WHERE board=?", {board});
    if (!q.next()) return std::nullopt;
    return Applicant{q.text(0), q.text(1), q.text(2), q.text(3), from_rfc3339(q.text(4)).value_or(Instant{})};
}

bool BoardStore::replace(const std::string& board) {
    Transaction t(db_);
    const auto next = applicant(board);
    if (!next) return false;
    db_.run("UPDATE board SET place=?, public_key=?, version=?, state=? WHERE board=?",
            {next->place, next->public_key, next->version, to_text(BoardState::active), board});
    db_.run("DELETE FROM applicant WHERE board=?", {board});
    BoardRow row;
    row.board = board;
    row.place = next->place;
    row.public_key = next->public_key;
    row.enrolled = next->enrolled;
    keep_key(row);
    t.commit();
    return true;
}

void BoardStore::forget_applicant(const std::string& board) {
    db_.run("DELETE FROM applicant WHERE board=?", {board});
}

std::vector<std::string> BoardStore::holders_of(const std::string& public_key) const {
    std::vector<std::string> out;
    auto q = db_.query(
        "SELECT board FROM board WHERE public_key=?1 UNION SELECT board FROM applicant "
        "WHERE public_key=?1 ORDER BY 1",
        {public_key});
    while (q.next()) out.push_back(q.text(0));
    return out;
}

std::vector<BoardRow> BoardStore::all() const {
    std::vector<BoardRow> rows;
    auto q = db_.query("SELECT * FROM board ORDER BY board");
    while (q.next()) rows.push_back(board_of(q));
    return rows;
}

std::map<std::string, Instant> BoardStore::in_service() const {
    std::map<std::string, Instant> out;
    auto q = db_.query("SELECT place, MIN(enrolled) FROM board WHERE state<>'retired' GROUP BY place");
    while (q.next()) out.emplace(q.text(0), from_rfc3339(q.text(1)).value_or(Instant{}));
    return out;
}

std::optional<BoardRow> BoardStore::find(const std::string& id) const {
    auto q = db_.query("SELECT * FROM board WHERE board=?", {id});
    if (!q.next()) return std::nullopt;
    return board_of(q);
}

void BoardStore::set_state(const std::string& id, BoardState state) {
    db_.run("UPDATE board SET state=? WHERE board=?", {to_text(state), id});
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
