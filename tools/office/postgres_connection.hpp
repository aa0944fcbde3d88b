#pragma once
#include <postgresql/libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/office/database_connection.hpp"

/// PostgreSQL as the office uses it. Included by its own files only.
namespace riverlight::office {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

/// Values of a statement in libpq's form: numbers and bytes in binary.
struct PostgresValues {
    std::vector<Oid> types;  ///< 0: as the statement has it
    std::vector<const char*> data;
    std::vector<int> lengths, formats;
};

/// One session of a server. Where it is lost, the next statement outside a transaction, or the next
/// transaction, begins another one; a transaction that was under way is lost with it.
class PostgresConnection final : public DatabaseConnection {
  public:
    PostgresConnection(std::string uri, OpenFor open_for);

    std::unique_ptr<Statement> prepare(std::string_view sql) override;
    std::unique_ptr<RowFiller> fill(std::string_view table, const std::vector<std::string>& columns) override;
    void run_all(const std::string& statements) override;
    void begin_writing() override;
    void begin_reading() override;
    void commit() override;
    void roll_back() noexcept override;
    [[nodiscard]] bool is_in_transaction() const override;
    [[nodiscard]] bool hold_lead() override;
    [[nodiscard]] std::int64_t last_id() const override;
    [[nodiscard]] std::string_view advice() const override;

    /// Which session it is: a statement is prepared once in each.
    [[nodiscard]] int session() const { return session_; }
    /// Before a statement is sent: makes sure that there is a session. Throws Error if there is none, or if
    /// the transaction that the statement belongs to is lost.
    void make_ready();
    /// True if what failed may be done again: it only reads, and nothing but the session was in its way.
    [[nodiscard]] bool may_repeat() const;
    [[nodiscard]] PostgresResult run(const std::string& sql);
    void prepare_as(const std::string& name, const std::string& sql, const PostgresValues& values);
    [[nodiscard]] PostgresResult run_prepared(const std::string& name, const PostgresValues& values);
    [[nodiscard]] PostgresResult run_with(const std::string& sql, const PostgresValues& values);
    /// Rows of COPY FROM STDIN, from begin_copy() to end_copy(): pieces of any length. `fault`: why they are
    /// to be taken back; null: they are whole.
    void begin_copy(const std::string& sql);
    void put_copied(std::string_view piece);
    void end_copy(const char* fault);
    /// A prepared statement that is not needed any more.
    void forget(std::string name) { forgotten_.push_back(std::move(name)); }

  private:
    void connect();
    void begin(const char* statements);
    [[nodiscard]] PostgresResult checked(PGresult* result);

    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    std::string uri_;
    OpenFor open_for_;
    std::unique_ptr<PGconn, Finish> pg_;
    int session_ = 0;
    int leading_session_ = 0;  ///< that holds the lead; 0: none has
    int statements_ = 0;       ///< prepared so far
    bool is_in_transaction_ = false;
    bool has_lost_transaction_ = false;   ///< until roll_back()
    std::vector<std::string> forgotten_;  ///< of this session; names are used once
};

}  // namespace riverlight::office
