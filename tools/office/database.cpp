#include "tools/office/database.hpp"

#include <sys/stat.h>

#include <utility>

#include "tools/office/kept_statements.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/sqlite_connection.hpp"

namespace riverlight::office {
namespace {

/// The tables of format 0, from before formats had numbers; migrations.cpp makes the present ones of them.
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

/// Runs `work`; an error of the database becomes one that names the file.
template <class Work>
auto guarded(const std::string& path, const Work& work) -> decltype(work()) {
    try {
        return work();
    } catch (const Error& e) {
        throw Error(path + ": the office's records could not be read or written (" + e.what() +
                    "); check that the disk is there and not full");
    }
}

/// A new file is readable by its owner alone: it holds password hashes.
class OwnerOnly {
  public:
    OwnerOnly() : before_(::umask(0077)) {}
    ~OwnerOnly() { ::umask(before_); }
    OwnerOnly(const OwnerOnly&) = delete;
    OwnerOnly& operator=(const OwnerOnly&) = delete;
    OwnerOnly(OwnerOnly&&) = delete;
    OwnerOnly& operator=(OwnerOnly&&) = delete;

  private:
    mode_t before_;
};

std::unique_ptr<SqliteConnection> opened(const std::string& path, OpenFor open_for) {
    try {
        const OwnerOnly owner_only;
        auto connection = std::make_unique<SqliteConnection>(path, open_for);
        if (open_for == OpenFor::writing)
            connection->run_all("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        return connection;
    } catch (const Error& e) {
        throw Error(path + ": the office's records could not be opened (" + e.what() + ")");
    }
}

}  // namespace

Rows::Rows(Rows&& other) noexcept
    : path_(other.path_), statement_(std::exchange(other.statement_, nullptr)) {}

Rows::~Rows() {
    if (statement_) statement_->give_back();
}

bool Rows::next() {
    return guarded(path_, [&] { return statement_->statement.step(); });
}

std::string Rows::text(int column) const {
    return std::string(bytes(column));
}

std::int64_t Rows::integer(int column) const {
    return statement_->statement.integer(column);
}

bool Rows::is_null(int column) const {
    return statement_->statement.is_null(column);
}

std::string_view Rows::bytes(int column) const {
    return statement_->statement.bytes(column);
}

Database::Database(std::string file, OpenFor open_for)
    : path(std::move(file)),
      connection_(opened(path, open_for)),
      kept_(std::make_unique<KeptStatements>(*connection_)) {
    if (open_for == OpenFor::reading) return;
    const OwnerOnly owner_only;  // of the log beside it, too
    if (format_of(*this) == 0) run_all(schema);
    migrate(*this);
}

Database::~Database() = default;

int Database::run(std::string_view sql, const SqlValue* values, std::size_t count) {
    const auto rows = bound(sql, values, count, ValueLifetime::borrowed);
    auto& statement = rows.statement_->statement;
    return guarded(path, [&] {
        while (statement.step()) {
        }
        return statement.changed();
    });
}

Rows Database::bound(std::string_view sql, const SqlValue* values, std::size_t count,
                     ValueLifetime lifetime) const {
    return guarded(path, [&] {
        Rows rows(path, kept_->take(sql));
        rows.statement_->statement.bind(values, count, lifetime);
        return rows;
    });
}

int Database::run(std::string_view sql, std::initializer_list<SqlValue> values) {
    return run(sql, values.begin(), values.size());
}

int Database::run(std::string_view sql, const SqlValues& values) {
    return run(sql, values.data(), values.size());
}

Rows Database::query(std::string_view sql, std::initializer_list<SqlValue> values) const {
    return bound(sql, values.begin(), values.size(), ValueLifetime::copied);
}

Rows Database::query(std::string_view sql, const SqlValues& values) const {
    return bound(sql, values.data(), values.size(), ValueLifetime::copied);
}

std::optional<std::string> Database::text(std::string_view sql,
                                          std::initializer_list<SqlValue> values) const {
    auto rows = bound(sql, values.begin(), values.size(), ValueLifetime::borrowed);
    if (!rows.next()) return std::nullopt;
    return rows.text(0);
}

std::optional<std::int64_t> Database::integer(std::string_view sql,
                                              std::initializer_list<SqlValue> values) const {
    auto rows = bound(sql, values.begin(), values.size(), ValueLifetime::borrowed);
    if (!rows.next()) return std::nullopt;
    return rows.integer(0);
}

void Database::run_all(std::string_view statements) {
    guarded(path, [&] { connection_->run_all(std::string(statements)); });
}

bool Database::is_in_transaction() const {
    return connection_->is_in_transaction();
}

// The lock is taken at the beginning: one that reads first and finds then that another process has written
// could not wait for it any more.
Transaction::Transaction(Database& db) : db_(db), is_part_(db.is_in_transaction()) {
    db_.run(is_part_ ? "SAVEPOINT part" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!is_open_ || !db_.is_in_transaction()) return;
    try {
        db_.run(is_part_ ? "ROLLBACK TO part" : "ROLLBACK");
        if (is_part_) db_.run("RELEASE part");
    } catch (const Error&) {  // what failed before is reported; the file is as it was
    }
}

void Transaction::commit() {
    db_.run(is_part_ ? "RELEASE part" : "COMMIT");
    is_open_ = false;
}

}  // namespace riverlight::office
