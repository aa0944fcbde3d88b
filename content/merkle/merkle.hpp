#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// A Merkle tree over a list that only grows (RFC 9162, section 2.1, with SHA-256). Pure.
namespace riverlight::merkle {

/// A node's hash, 32 bytes.
struct Hash {
    std::array<std::uint8_t, 32> bytes{};
    friend bool operator==(const Hash&, const Hash&) = default;
};
[[nodiscard]] std::string to_hex(const Hash& hash);
/// Throws Error unless it is 64 lower-case hex digits.
[[nodiscard]] Hash parse_hash(std::string_view hex);

/// Of a list's entry: SHA-256 of 0x00 and its bytes.
[[nodiscard]] Hash leaf_hash(std::string_view entry);
/// Of two subtrees: SHA-256 of 0x01 and both hashes.
[[nodiscard]] Hash node_hash(const Hash& left, const Hash& right);

/// Where a complete subtree stands: 2^level leaves, the first of which is leaf index·2^level. Such a subtree
/// never changes, however long the list grows.
struct Position {
    int level = 0;  ///< 0 to 62; 0: a leaf
    std::uint64_t index = 0;
    friend bool operator==(const Position&, const Position&) = default;
    friend bool operator<(const Position& a, const Position& b) {
        return std::tie(a.level, a.index) < std::tie(b.level, b.index);
    }
};
struct Node {
    Position position;
    Hash hash;
};
/// Gives the hash of a complete subtree that append() returned before. May throw.
using NodeReader = std::function<Hash(Position)>;

/// The leaf that becomes number `size` (from 0), and each subtree that it completes. Whoever keeps the tree
/// stores all of them: two nodes an entry, in the long run.
[[nodiscard]] std::vector<Node> append(std::uint64_t size, const Hash& leaf, const NodeReader& nodes);

/// The hash of the first `size` entries. Of none: SHA-256 of nothing.
[[nodiscard]] Hash root(std::uint64_t size, const NodeReader& nodes);

}  // namespace riverlight::merkle
