#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tools/office/database_connection.hpp"

/// Included by database.cpp only.
namespace riverlight::office {

/// A prepared statement that is kept for the next time.
struct KeptStatement {
    const std::string sql;
    std::unique_ptr<Statement> statement;
    bool is_used = false;

    /// After its rows were read: it is ready for the next time.
    void give_back() noexcept {
        statement->reset();
        is_used = false;
    }
};

/// A connection's statements by their text, so that each is prepared once.
class KeptStatements {
  public:
    explicit KeptStatements(DatabaseConnection& connection) : connection_(connection) {}

    /// One that nobody uses, until it is given back; a second one of that text where the first is in use.
    /// Throws Error if `sql` cannot be prepared.
    [[nodiscard]] KeptStatement& take(std::string_view sql);

  private:
    DatabaseConnection& connection_;
    std::unordered_multimap<std::string_view, std::unique_ptr<KeptStatement>>
        kept_;  ///< keys: their own texts
};

}  // namespace riverlight::office
