#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "tools/office/subject_rows.hpp"

/// How many airings are stored, by all that people choose them by. Included by the stores and the migrations
/// only.
namespace riverlight::office {

class Database;

/// Keeps the counts in the transaction that changes the airings. Lives as long as the transaction.
class AiringCounts {
  public:
    explicit AiringCounts(Database& db) : db_(db), subjects_(db) {}
    /// Before a stored airing changes.
    void will_change(std::int64_t id);
    void was_added(std::int64_t id) { changed_.insert(id); }
    /// Adds what changed since. Before the transaction ends, once.
    void finish();

  private:
    /// Day, country, board, subject, status, whether it claims more, doubt.
    using Key =
        std::tuple<std::string, std::string, std::string, std::int64_t, std::string, bool, std::string>;
    void add(std::int64_t id, int sign);

    Database& db_;
    SubjectRows subjects_;
    std::set<std::int64_t> changed_;
    std::map<Key, std::int64_t> change_;
};

}  // namespace riverlight::office
