#pragma once
#include <chrono>
#include <set>

/// Included by the airings' filer only.
namespace riverlight::office {

class Database;

/// The months for which there is room among the airings: PostgreSQL keeps each month's rows apart. Lives as
/// long as the transaction.
class AiringMonths {
  public:
    explicit AiringMonths(Database& db) : db_(db) {}
    /// Before a row of that day is written.
    void make_room(std::chrono::local_days day);

  private:
    Database& db_;
    std::set<std::chrono::year_month> known_;
};

}  // namespace riverlight::office
