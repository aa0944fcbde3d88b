#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "content/merkle/merkle.hpp"

namespace riverlight::merkle {

/// A list with its tree, kept as the office keeps it: node by node.
class List {
  public:
    void add(const std::string& entry) {
        for (const auto& node : append(size(), leaf_hash(entry), reader())) nodes_[node.position] = node.hash;
        leaves_.push_back(leaf_hash(entry));
    }
    [[nodiscard]] std::uint64_t size() const { return leaves_.size(); }
    [[nodiscard]] const Hash& leaf(std::uint64_t index) const { return leaves_.at(index); }
    [[nodiscard]] std::span<const Hash> leaves() const { return leaves_; }
    [[nodiscard]] NodeReader reader() const {
        return [this](Position position) { return nodes_.at(position); };
    }

  private:
    std::vector<Hash> leaves_;
    std::map<Position, Hash> nodes_;
};

/// A list of `size` entries that differ.
inline List list_of(std::uint64_t size) {
    List list;
    for (std::uint64_t i = 0; i < size; ++i) list.add("entry " + std::to_string(i));
    return list;
}

/// MTH as section 2.1.1 of RFC 9162 defines it.
inline Hash defined_root(std::span<const Hash> leaves) {
    if (leaves.size() == 1) return leaves.front();
    std::size_t half = 1;
    while (half * 2 < leaves.size()) half *= 2;
    return node_hash(defined_root(leaves.first(half)), defined_root(leaves.subspan(half)));
}

}  // namespace riverlight::merkle
