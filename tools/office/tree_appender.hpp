#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <map>

#include "content/merkle/merkle.hpp"
#include "tools/office/tree_store.hpp"

/// Adds records to the stored tree. Included by sources of stores only.
namespace riverlight::office {

/// How many records the stored list has.
[[nodiscard]] std::uint64_t tree_size(SQLite::Database& db);
/// A node of the stored tree. Throws Error if it is missing or damaged.
[[nodiscard]] merkle::Hash tree_node(SQLite::Database& db, merkle::Position position);

/// Lives as long as the transaction.
class TreeAppender {
  public:
    explicit TreeAppender(SQLite::Database& db);
    void append(const TreeStore::Entry& entry);

  private:
    void add(const merkle::Node& node);
    [[nodiscard]] merkle::Hash left_neighbour(merkle::Position position);

    SQLite::Database& db_;
    SQLite::Statement add_node_, add_entry_;
    std::uint64_t size_;
    std::map<int, merkle::Node> last_;  ///< added here, by level
};

}  // namespace riverlight::office
