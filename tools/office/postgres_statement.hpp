#pragma once
#include <deque>

#include "tools/office/postgres_connection.hpp"

/// Included by postgres_connection.cpp only.
namespace riverlight::office {

/// A statement as PostgreSQL has it, and how many values it takes.
struct NumberedSql {
    std::string text;
    std::size_t values = 0;
};
/// `$1` for `?` and `?1`.
[[nodiscard]] NumberedSql with_numbered_values(std::string_view sql);

/// A statement that is prepared when it is first used in a session. The rows are in memory as a whole, or
/// come through a cursor. Columns come as texts, since a sum may be of another type than what it adds.
class PostgresStatement final : public Statement {
  public:
    PostgresStatement(PostgresConnection& connection, std::string name, std::string_view sql);
    ~PostgresStatement() override;
    PostgresStatement(const PostgresStatement&) = delete;
    PostgresStatement& operator=(const PostgresStatement&) = delete;
    PostgresStatement(PostgresStatement&&) = delete;
    PostgresStatement& operator=(PostgresStatement&&) = delete;

    void bind(const SqlValue* values, std::size_t count, ValueLifetime lifetime) override;
    void read_in_pieces() override { in_pieces_ = true; }
    [[nodiscard]] bool step() override;
    void reset() noexcept override;
    [[nodiscard]] int changed() const override;
    [[nodiscard]] std::string_view bytes(int column) const override;
    [[nodiscard]] std::int64_t integer(int column) const override;
    [[nodiscard]] bool is_null(int column) const override;

  private:
    void add(const SqlValue& value, ValueLifetime lifetime);
    void execute();
    void execute_once();
    void fetch();

    PostgresConnection& connection_;
    const std::string name_;
    const NumberedSql sql_;
    int prepared_in_ = -1;  ///< session
    PostgresValues values_;
    std::deque<std::string> copies_;  ///< what `values_` refers to and nobody else keeps
    PostgresResult result_;
    int row_ = -1;
    bool in_pieces_ = false;
    mutable std::string decoded_;  ///< the bytes that were asked for last
};

}  // namespace riverlight::office
