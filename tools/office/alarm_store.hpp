#pragma once
#include <string>
#include <vector>

#include "content/base/instant.hpp"

namespace riverlight::office {

class Database;

struct AlarmRow {
    Instant at{};
    std::string board, text;
};

/// What the office itself found wrong with boards.
class AlarmStore {
  public:
    explicit AlarmStore(Database& db) : db_(db) {}

    /// The same text for the same board within a day is the same alarm, since a board repeats what is
    /// refused.
    void add(const AlarmRow& alarm);
    /// The newest first, at most `count`.
    [[nodiscard]] std::vector<AlarmRow> since(Instant since, std::size_t count) const;

  private:
    Database& db_;
};

}  // namespace riverlight::office
