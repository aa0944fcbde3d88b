#include "tools/office/postgres_connection.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"
#include "tools/office/postgres_filler.hpp"
#include "tools/office/postgres_statement.hpp"

namespace riverlight::office {
namespace {

constexpr int oldest_server = 150'000;

/// One office process writes at a time, as with one file: what it reads first stays true until it has
/// written.
constexpr auto begin_and_lock = "BEGIN; SELECT pg_advisory_xact_lock(x'5249564552'::bigint)";
/// Of the session, which ends with it. A session takes it once.
constexpr auto take_lead = "SELECT pg_try_advisory_lock(x'4C454144'::bigint)";
constexpr auto begin_at_one_moment = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1";

/// A lock is waited for as long as with a file. A receipt promises what survives a power cut, whatever the
/// server's own settings say. Compiling statements costs more than they take. The session
/// of a machine that has vanished, or of an office that was stopped in the middle of a transaction, must not
/// keep locks from the others.
constexpr auto for_all =
    "SET lock_timeout='5s'; SET client_min_messages=warning; SET jit=off; SET tcp_keepalives_idle=10; "
    "SET tcp_keepalives_interval=5; SET tcp_keepalives_count=3; SET tcp_user_timeout=20000; "
    "SET idle_in_transaction_session_timeout='60s'; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN "
    "('off', 'local', 'remote_write')";
/// Whoever had the records alone may just be leaving.
constexpr auto share_records =
    "SET lock_timeout='1s'; SELECT pg_advisory_lock_shared(x'5249564553'::bigint); SET lock_timeout='5s'";
constexpr auto for_reading = "SET default_transaction_read_only=on";

std::string in_one_line(const char* message) {
    std::string text(message ? message : "");
    while (text.ends_with('\n')) text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    return plain_text(text, 1000);
}

bool is_good(const PGresult* result) {
    const auto status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

PostgresConnection::PostgresConnection(std::string uri, OpenFor open_for)
    : uri_(std::move(uri)), open_for_(open_for) {
    connect();
}

void PostgresConnection::connect() {
    struct Setting {
        const char *name, *value;
    };
    // What the address says comes last and counts.
    const std::array settings{Setting{"fallback_application_name", "riverlight-office"},
                              Setting{"connect_timeout", "5"},
                              Setting{"tcp_user_timeout", "10000"},
                              Setting{"keepalives_idle", "10"},
                              Setting{"keepalives_interval", "5"},
                              Setting{"target_session_attrs", "read-write"},
                              Setting{"dbname", uri_.c_str()},
                              Setting{"client_encoding", "UTF8"},
                              Setting{nullptr, nullptr}};
    std::array<const char*, settings.size()> names{}, values{};
    for (std::size_t i = 0; i < settings.size(); ++i) {
        names.at(i) = settings.at(i).name;
        values.at(i) = settings.at(i).value;
    }
    pg_.reset(PQconnectdbParams(names.data(), values.data(), 1));
    ++session_;
    forgotten_.clear();
    if (!pg_) throw Error("out of memory");
    if (PQstatus(pg_.get()) != CONNECTION_OK) throw Error(in_one_line(PQerrorMessage(pg_.get())));
    PQsetNoticeProcessor(
        pg_.get(), [](void*, const char*) {}, nullptr);
    if (PQserverVersion(pg_.get()) < oldest_server)
        throw Error("the server is older than PostgreSQL 15, which the office needs");
    if (PQparameterStatus(pg_.get(), "server_encoding") != std::string_view("UTF8"))
        throw Error("the database is not of encoding UTF8: make it again with ENCODING 'UTF8'");
    static_cast<void>(run(for_all));
    if (open_for_ == OpenFor::reading) return static_cast<void>(run(for_reading));
    try {
        static_cast<void>(run(share_records));
    } catch (const Error&) {
        if (PQstatus(pg_.get()) != CONNECTION_OK) throw;
        throw Error("they are being moved or restored; try again when that has ended");
    }
}

void PostgresConnection::make_ready() {
    if (has_lost_transaction_) throw Error("the connection was lost");
    if (PQstatus(pg_.get()) != CONNECTION_OK) connect();
}

bool PostgresConnection::may_repeat() const {
    return open_for_ == OpenFor::reading && !has_lost_transaction_ && PQstatus(pg_.get()) != CONNECTION_OK;
}

/// Notes whether a transaction is under way, or has gone with the session.
PostgresResult PostgresConnection::checked(PGresult* result) {
    PostgresResult out(result);
    if (PQstatus(pg_.get()) == CONNECTION_OK)
        is_in_transaction_ = PQtransactionStatus(pg_.get()) != PQTRANS_IDLE;
    else if (std::exchange(is_in_transaction_, false))
        has_lost_transaction_ = true;
    if (out && is_good(out.get())) return out;
    throw Error(in_one_line(out ? PQresultErrorMessage(out.get()) : PQerrorMessage(pg_.get())));
}

PostgresResult PostgresConnection::run(const std::string& sql) {
    return checked(PQexec(pg_.get(), sql.c_str()));
}

PostgresResult PostgresConnection::run_with(const std::string& sql, const PostgresValues& values) {
    return checked(PQexecParams(pg_.get(), sql.c_str(), static_cast<int>(values.types.size()),
                                values.types.data(), values.data.data(), values.lengths.data(),
                                values.formats.data(), 0));
}

void PostgresConnection::prepare_as(const std::string& name, const std::string& sql,
                                    const PostgresValues& values) {
    for (const auto& one : std::exchange(forgotten_, {})) static_cast<void>(run("DEALLOCATE " + one));
    static_cast<void>(checked(PQprepare(pg_.get(), name.c_str(), sql.c_str(),
                                        static_cast<int>(values.types.size()), values.types.data())));
}

PostgresResult PostgresConnection::run_prepared(const std::string& name, const PostgresValues& values) {
    return checked(PQexecPrepared(pg_.get(), name.c_str(), static_cast<int>(values.types.size()),
                                  values.data.data(), values.lengths.data(), values.formats.data(), 0));
}

void PostgresConnection::begin_copy(const std::string& sql) {
    PostgresResult result(PQexec(pg_.get(), sql.c_str()));
    if (PQresultStatus(result.get()) != PGRES_COPY_IN) static_cast<void>(checked(result.release()));
}

void PostgresConnection::put_copied(std::string_view piece) {
    if (PQputCopyData(pg_.get(), piece.data(), static_cast<int>(piece.size())) != 1)
        throw Error(in_one_line(PQerrorMessage(pg_.get())));
}

void PostgresConnection::end_copy(const char* fault) {
    if (PQputCopyEnd(pg_.get(), fault) != 1) throw Error(in_one_line(PQerrorMessage(pg_.get())));
    PostgresResult first(PQgetResult(pg_.get()));
    while (const PostgresResult rest{PQgetResult(pg_.get())}) {
    }
    static_cast<void>(checked(first.release()));
}

std::unique_ptr<RowFiller> PostgresConnection::fill(std::string_view table,
                                                    const std::vector<std::string>& columns) {
    make_ready();
    return std::make_unique<PostgresFiller>(*this, table, columns);
}

std::unique_ptr<Statement> PostgresConnection::prepare(std::string_view sql) {
    return std::make_unique<PostgresStatement>(*this, "s" + std::to_string(++statements_), sql);
}

void PostgresConnection::run_all(const std::string& statements) {
    make_ready();
    static_cast<void>(run(statements));
}

/// A session that ended while nobody used it is noticed here: nothing is lost by beginning another one.
void PostgresConnection::begin(const char* statements) {
    make_ready();
    try {
        static_cast<void>(run(statements));
    } catch (const Error&) {
        const bool is_there = PQstatus(pg_.get()) == CONNECTION_OK;
        roll_back();
        if (is_there) throw;
        make_ready();
        static_cast<void>(run(statements));
    }
}

void PostgresConnection::begin_writing() {
    begin(begin_and_lock);
}

void PostgresConnection::begin_reading() {
    begin(begin_at_one_moment);
}

/// After a statement that failed the server takes the transaction back, and calls that a success.
void PostgresConnection::commit() {
    make_ready();
    const auto result = run("COMMIT");
    if (PQcmdStatus(result.get()) != std::string_view("COMMIT"))
        throw Error("a statement of the transaction failed, and all of it was taken back");
}

void PostgresConnection::roll_back() noexcept {
    try {
        if (is_in_transaction_) static_cast<void>(run("ROLLBACK"));
    } catch (const Error&) {  // it went with the session
    }
    has_lost_transaction_ = false;
}

bool PostgresConnection::is_in_transaction() const {
    return is_in_transaction_;
}

bool PostgresConnection::hold_lead() {
    make_ready();
    // The statement tells, too, whether the session is still there.
    const auto result = run(leading_session_ == session_ ? "SELECT true" : take_lead);
    const bool leads = PQgetvalue(result.get(), 0, 0) == std::string_view("t");
    leading_session_ = leads ? session_ : 0;
    return leads;
}

std::int64_t PostgresConnection::last_id() const {
    throw Error("PostgreSQL returns the number of a row with the statement that adds it");
}

std::string_view PostgresConnection::advice() const {
    return "check that the database server runs and can be reached";
}

std::unique_ptr<DatabaseConnection> connect_to_postgresql(const std::string& uri, OpenFor open_for) {
    return std::make_unique<PostgresConnection>(uri, open_for);
}

}  // namespace riverlight::office
