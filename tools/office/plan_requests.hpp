#pragma once
#include <string>
#include <vector>

namespace riverlight::office {

class Database;

/// Places whose days are to be planned again: an office that does not lead leaves them to the one that does.
class PlanRequests {
  public:
    explicit PlanRequests(Database& db) : db_(db) {}

    void add(const std::string& place);
    [[nodiscard]] bool are_there() const;
    /// All of them, which are not there any more then.
    [[nodiscard]] std::vector<std::string> take();

  private:
    Database& db_;
};

}  // namespace riverlight::office
