#include "tools/office/twin_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

constexpr auto still_there = std::chrono::minutes(10);

}  // namespace

bool TwinStore::note(const std::string& board, Kind of, const std::string& id, const std::string& after,
                     Instant now) {
    const std::string kind(1, static_cast<char>(of)), heard = to_rfc3339(now);
    // Mostly it is the same as before.
    const auto latest =
        db_.text("SELECT id FROM trace WHERE board=? AND kind=? AND gives_up=0 ORDER BY turn DESC LIMIT 1",
                 {board, kind});
    const auto note_heard = [&] {
        return db_.run("UPDATE trace SET heard=? WHERE board=? AND kind=? AND id=?",
                       {heard, board, kind, id}) > 0;
    };
    if (latest == id) {
        note_heard();
        return false;
    }
    Transaction t(db_);
    const bool known = note_heard();
    const bool given_up = db_.text("SELECT '1' FROM trace WHERE board=? AND kind=? AND gives_up=1 AND id=?",
                                   {board, kind, known ? id : after})
                              .has_value();
    if (!known)
        db_.run(
            "INSERT INTO trace VALUES(?1,?2,?3,(SELECT 1+COALESCE(MAX(turn),0) FROM trace WHERE "
            "board=?1),0,?4,?5,?5)",
            {board, kind, id, given_up ? 1 : 0, heard});
    else if (!given_up)
        db_.run(
            "UPDATE trace SET returned=1, turn=(SELECT 1+MAX(turn) FROM trace WHERE board=?1) "
            "WHERE board=?1 AND kind=?2 AND id=?3",
            {board, kind, id});
    db_.run(
        "DELETE FROM trace WHERE board=?1 AND kind=?2 AND gives_up=0 AND "
        "turn<=(SELECT MAX(turn) FROM trace WHERE board=?1)-100",
        {board, kind});
    const auto returned = db_.integer(
        "SELECT COUNT(*) FROM trace WHERE board=? AND kind=? AND returned=1 AND gives_up=0", {board, kind});
    const bool shows =
        returned.value_or(0) >= 2 &&
        db_.run("INSERT INTO twins VALUES(?,?) ON CONFLICT(board) DO NOTHING", {board, heard}) > 0;
    t.commit();
    return shows;
}

bool TwinStore::note_run(const std::string& board, const std::string& run, const std::string& after,
                         Instant now) {
    return note(board, Kind::run, run, after, now);
}

bool TwinStore::note_epoch(const std::string& board, const std::string& epoch, Instant now) {
    if (db_.text("SELECT '1' FROM trace WHERE board=? AND kind='r'", {board})) return false;
    return note(board, Kind::epoch, epoch, "", now);
}

std::optional<Instant> TwinStore::twins_since(const std::string& board) const {
    const auto since = db_.text("SELECT since FROM twins WHERE board=?", {board});
    return since ? from_rfc3339(*since) : std::nullopt;
}

std::vector<TwinDevice> TwinStore::devices(const std::string& board, Instant now) const {
    std::vector<TwinDevice> devices;
    auto q = db_.query(
        "SELECT id, first, heard FROM trace WHERE board=? AND gives_up=0 AND kind="
        "(SELECT MAX(kind) FROM trace WHERE board=?) AND (heard>=? OR turn="
        "(SELECT MAX(turn) FROM trace WHERE board=? AND gives_up=0)) "
        "ORDER BY heard DESC LIMIT 10",
        {board, board, to_rfc3339(now - still_there), board});
    while (q.next())
        devices.push_back({q.text(0), from_rfc3339(q.text(1)).value_or(Instant{}),
                           from_rfc3339(q.text(2)).value_or(Instant{})});
    return devices;
}

bool TwinStore::gives_up(const std::string& board, const std::string& run) const {
    return db_.text("SELECT '1' FROM trace WHERE board=? AND kind='r' AND id=? AND gives_up=1", {board, run})
        .has_value();
}

bool TwinStore::resolve(const std::string& board, const std::string& run) {
    Transaction t(db_);
    if (!db_.text("SELECT '1' FROM twins JOIN trace USING(board) WHERE board=? AND id=? AND gives_up=0",
                  {board, run}))
        return false;
    // Those that came back, or that reported since the first of these did, are of the other device.
    db_.run(
        "UPDATE trace SET gives_up=1 WHERE board=? AND id<>? AND kind='r' AND (returned=1 OR turn>="
        "(SELECT MIN(turn) FROM trace WHERE board=? AND kind='r' AND returned=1))",
        {board, run, board});
    db_.run("UPDATE trace SET returned=0 WHERE board=?", {board});
    db_.run("DELETE FROM trace WHERE board=? AND kind='e'", {board});
    db_.run("DELETE FROM twins WHERE board=?", {board});
    t.commit();
    return true;
}

void TwinStore::forget(const std::string& board) {
    Transaction t(db_);
    db_.run("DELETE FROM trace WHERE board=?", {board});
    db_.run("DELETE FROM twins WHERE board=?", {board});
    t.commit();
}

}  // namespace riverlight::office
