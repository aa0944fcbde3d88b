#pragma once
#include <cstdint>
#include <map>

#include "content/merkle/merkle.hpp"
#include "tools/office/tree_store.hpp"

/// Adds records to the stored tree. Included by sources of stores only.
namespace riverlight::office {

class Database;

/// How many records the stored list has.
[[nodiscard]] std::uint64_t tree_size(const Database& db);
/// A node of the stored tree. Throws Error if it is missing or damaged.
[[nodiscard]] merkle::Hash tree_node(const Database& db, merkle::Position position);

/// Lives as long as the transaction.
class TreeAppender {
  public:
    explicit TreeAppender(Database& db) : db_(db), size_(tree_size(db)) {}
    void append(const TreeStore::Entry& entry);

  private:
    void add(const merkle::Node& node);
    [[nodiscard]] merkle::Hash left_neighbour(merkle::Position position);

    Database& db_;
    std::uint64_t size_;
    std::map<int, merkle::Node> last_;  ///< added here, by level
};

}  // namespace riverlight::office
