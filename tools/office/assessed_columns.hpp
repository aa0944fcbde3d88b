#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>

#include "content/airing/record.hpp"

/// What the office works out of a stored record beside what its board claims. Included by the airings' store
/// and the migrations only.
namespace riverlight::office {

/// Fills in the columns of airings that were just stored. Lives as long as the transaction.
class AssessedColumns {
  public:
    explicit AssessedColumns(SQLite::Database& db);
    /// `assessed`, `length_ms`, `shown_ms` and `overclaims`: what the record's evidence supports
    /// (content::assess); and what its start says by both clocks of its boot.
    void add(std::int64_t id, const content::AiringRecord& record);
    /// After add(): works out again how far that start and those beside it contradict each other
    /// (content::contradiction).
    void check_beside(std::int64_t id);

  private:
    SQLite::Database& db_;
    SQLite::Statement assess_, add_start_;
};

/// Works out of every start how far it contradicts those beside it.
void check_all_starts(SQLite::Database& db);

}  // namespace riverlight::office
