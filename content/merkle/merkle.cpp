#include "content/merkle/merkle.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/merkle/proofs.hpp"

namespace riverlight::merkle {
namespace {

Hash hash_of(std::string_view bytes) {
    const auto raw = sha256_raw(bytes);
    Hash hash;
    std::copy_n(raw.begin(), hash.bytes.size(), hash.bytes.begin());
    return hash;
}

std::string_view bytes_of(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

}  // namespace

std::string to_hex(const Hash& hash) {
    return riverlight::to_hex(bytes_of(hash));
}

Hash parse_hash(std::string_view hex) {
    const bool fits = hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == hex.npos;
    if (!fits) throw Error("'" + std::string(hex.substr(0, 80)) + "' is not a hash of 64 hex digits");
    const auto raw = from_hex(hex);
    Hash hash;
    std::copy_n(raw.begin(), hash.bytes.size(), hash.bytes.begin());
    return hash;
}

Hash leaf_hash(std::string_view entry) {
    std::string bytes(1, '\x00');
    bytes += entry;
    return hash_of(bytes);
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::string bytes(1, '\x01');
    bytes += bytes_of(left);
    bytes += bytes_of(right);
    return hash_of(bytes);
}

std::vector<Node> append(std::uint64_t size, const Hash& leaf, const NodeReader& nodes) {
    std::vector<Node> added{{{0, size}, leaf}};
    // An odd index is a right subtree: its left neighbour is there, so both complete their parent.
    while (added.back().position.index % 2 == 1) {
        const auto [position, hash] = added.back();
        const auto left = nodes({position.level, position.index - 1});
        added.push_back({{position.level + 1, position.index / 2}, node_hash(left, hash)});
    }
    return added;
}

Hash root(std::uint64_t size, const NodeReader& nodes) {
    return size == 0 ? hash_of({}) : subtree_root({0, size}, nodes);
}

Hash subtree_root(Range range, const NodeReader& nodes) {
    assert(range.size > 0);
    if (std::has_single_bit(range.size)) {
        assert(range.first % range.size == 0);
        const int level = std::countr_zero(range.size);
        return nodes({level, range.first >> level});
    }
    const auto [left, right] = split(range);
    return node_hash(subtree_root(left, nodes), subtree_root(right, nodes));
}

}  // namespace riverlight::merkle
