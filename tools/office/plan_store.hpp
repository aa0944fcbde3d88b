#pragma once
#include <chrono>
#include <optional>
#include <string>

namespace riverlight::office {

class Database;

/// The plans of days as they were when the days began (compare.hpp), by place.
class PlanStore {
  public:
    explicit PlanStore(Database& db) : db_(db) {}

    /// The JSON of a plan; nothing if none is stored.
    [[nodiscard]] std::optional<std::string> find(const std::string& place,
                                                  std::chrono::local_days day) const;
    void set(const std::string& place, std::chrono::local_days day, const std::string& json);

  private:
    Database& db_;
};

}  // namespace riverlight::office
