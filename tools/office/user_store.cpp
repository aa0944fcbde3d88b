#include "tools/office/user_store.hpp"

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_session = std::chrono::days(7);
constexpr auto longest_idle = 12h;
constexpr auto use_recorded_every = 1min;

}  // namespace

void UserStore::set_password(const std::string& user, const std::string& password_hash) {
    Transaction t(db_);
    db_.run("INSERT INTO \"user\" VALUES(?,?) ON CONFLICT(name) DO UPDATE SET password=excluded.password",
            {user, password_hash});
    db_.run("DELETE FROM session WHERE \"user\"=?", {user});
    db_.run("DELETE FROM device WHERE \"user\"=?", {user});
    t.commit();
}

std::optional<std::string> UserStore::password_hash(const std::string& user) const {
    return db_.text("SELECT password FROM \"user\" WHERE name=?", {user});
}

bool UserStore::has_users() const {
    return db_.text("SELECT name FROM \"user\" LIMIT 1", {}).has_value();
}

void UserStore::add_session(const std::string& token_hash, const std::string& user, Instant now) {
    db_.run("DELETE FROM session WHERE made<? OR used<?",
            {to_rfc3339(now - longest_session), to_rfc3339(now - longest_idle)});
    db_.run("INSERT INTO session VALUES(?,?,?,?)", {token_hash, user, to_rfc3339(now), to_rfc3339(now)});
}

std::optional<UserStore::SessionRow> UserStore::session(const std::string& token_hash, Instant now) const {
    auto q = db_.query("SELECT \"user\", used FROM session WHERE token=? AND made>? AND used>?",
                       {token_hash, to_rfc3339(now - longest_session), to_rfc3339(now - longest_idle)});
    if (!q.next()) return std::nullopt;
    return SessionRow{q.text(0), q.text(1) >= to_rfc3339(now - use_recorded_every)};
}

void UserStore::record_use(const std::string& token_hash, Instant now) {
    db_.run("UPDATE session SET used=? WHERE token=?", {to_rfc3339(now), token_hash});
}

void UserStore::end_session(const std::string& token_hash) {
    db_.run("DELETE FROM session WHERE token=?", {token_hash});
}

void UserStore::add_device(const std::string& token_hash, const std::string& user, Instant now) {
    db_.run("DELETE FROM device WHERE made<?", {to_rfc3339(now - device_known_for)});
    db_.run("INSERT INTO device VALUES(?,?,?)", {token_hash, user, to_rfc3339(now)});
    db_.run(
        "DELETE FROM device WHERE \"user\"=?1 AND token NOT IN "
        "(SELECT token FROM device WHERE \"user\"=?1 ORDER BY made DESC LIMIT 100)",
        {user});
}

bool UserStore::knows_device(const std::string& token_hash, const std::string& user, Instant now) const {
    return db_
        .text("SELECT '1' FROM device WHERE token=? AND \"user\"=? AND made>?",
              {token_hash, user, to_rfc3339(now - device_known_for)})
        .has_value();
}

}  // namespace riverlight::office
