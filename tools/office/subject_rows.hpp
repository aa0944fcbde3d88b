#pragma once
#include <cstdint>
#include <map>

#include "tools/office/figures/tally.hpp"

/// Included by the stores and the migrations only.
namespace riverlight::office {

class Database;

/// The rows of the table `subject`, by which sums name campaign, segment and language. Lives as long as the
/// transaction.
class SubjectRows {
  public:
    explicit SubjectRows(Database& db) : db_(db) {}
    /// Added if it is not there.
    [[nodiscard]] std::int64_t id_of(const Subject& subject);

  private:
    Database& db_;
    std::map<Subject, std::int64_t> known_;
};

}  // namespace riverlight::office
