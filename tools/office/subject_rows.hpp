#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>

#include "tools/office/tally.hpp"

/// Included by the stores and the migrations only.
namespace riverlight::office {

/// The rows of the table `subject`, by which sums name campaign, segment and language. Lives as long as the
/// transaction.
class SubjectRows {
  public:
    explicit SubjectRows(SQLite::Database& db)
        : find_(db, "SELECT id FROM subject WHERE campaign=? AND segment=? AND locale=?"),
          add_(db, "INSERT INTO subject(campaign, segment, locale) VALUES(?,?,?) RETURNING id") {}
    /// Added if it is not there.
    [[nodiscard]] std::int64_t id_of(const Subject& subject);

  private:
    SQLite::Statement find_, add_;
    std::map<Subject, std::int64_t> known_;
};

}  // namespace riverlight::office
