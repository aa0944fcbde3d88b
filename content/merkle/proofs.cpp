#include "content/merkle/proofs.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <optional>

namespace riverlight::merkle {
namespace {

/// The path from entry `index` of a range up to the range's root.
void add_path(std::vector<Hash>& proof, std::uint64_t index, Range range, const NodeReader& nodes) {
    if (range.size == 1) return;
    const auto [left, right] = split(range);
    const bool in_left = index < right.first;
    add_path(proof, index, in_left ? left : right, nodes);
    proof.push_back(subtree_root(in_left ? right : left, nodes));
}

/// The hashes of the largest subtrees of a range that hold none of `indexes`, all of which are in the range.
void add_others(std::vector<Hash>& proof, std::span<const std::uint64_t> indexes, Range range,
                const NodeReader& nodes) {
    if (indexes.empty()) return proof.push_back(subtree_root(range, nodes));
    if (range.size == 1) return;
    const auto [left, right] = split(range);
    const auto middle = std::lower_bound(indexes.begin(), indexes.end(), right.first);
    const auto in_left = static_cast<std::size_t>(middle - indexes.begin());
    add_others(proof, indexes.first(in_left), left, nodes);
    add_others(proof, indexes.subspan(in_left), right, nodes);
}

/// The root of a range that holds the leaves from `next` on, as far as they reach, and of whose other
/// subtrees the hashes are the next ones of `rest`. Nothing if these are too few.
std::optional<Hash> root_of(Leaves::const_iterator& next, Leaves::const_iterator end, Range range,
                            std::span<const Hash>& rest) {
    if (next == end || next->first >= range.first + range.size) {
        if (rest.empty()) return std::nullopt;
        const auto hash = rest.front();
        rest = rest.subspan(1);
        return hash;
    }
    if (range.size == 1) return (next++)->second;
    const auto [left, right] = split(range);
    const auto of_left = root_of(next, end, left, rest);
    if (!of_left) return std::nullopt;
    const auto of_right = root_of(next, end, right, rest);
    if (!of_right) return std::nullopt;
    return node_hash(*of_left, *of_right);
}

/// SUBPROOF of section 2.1.4.1. `known`: whoever checks has the root of this range's first `old_size` leaves.
void add_growth(std::vector<Hash>& proof, std::uint64_t old_size, Range range, bool known,
                const NodeReader& nodes) {
    if (old_size == range.size) {
        if (!known) proof.push_back(subtree_root(range, nodes));
        return;
    }
    const auto [left, right] = split(range);
    if (old_size <= left.size) {
        add_growth(proof, old_size, left, known, nodes);
        proof.push_back(subtree_root(right, nodes));
    } else {
        add_growth(proof, old_size - left.size, right, false, nodes);
        proof.push_back(subtree_root(left, nodes));
    }
}

/// Where a proof's next hash belongs: the indexes of an entry and of the last one, level by level upwards.
struct Climb {
    std::uint64_t index, last;
    [[nodiscard]] bool joins_left() const { return index % 2 == 1 || index == last; }
    void rise() {
        index /= 2;
        last /= 2;
    }
    /// After a hash on the left: up to the level where the entry's subtree is a right one.
    void skip_lonely() {
        while (index % 2 == 0 && index != 0) rise();
    }
};

}  // namespace

std::pair<Range, Range> split(Range range) {
    assert(range.size > 1);
    const auto left = std::bit_floor(range.size - 1);
    return {{range.first, left}, {range.first + left, range.size - left}};
}

std::vector<Hash> prove_inclusion(std::uint64_t index, std::uint64_t size, const NodeReader& nodes) {
    assert(index < size);
    std::vector<Hash> proof;
    add_path(proof, index, {0, size}, nodes);
    return proof;
}

bool is_included(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Hash& root,
                 std::span<const Hash> proof) {
    if (index >= size) return false;
    Climb climb{index, size - 1};
    auto hash = leaf;
    for (const auto& next : proof) {
        if (climb.last == 0) return false;
        if (climb.joins_left()) {
            hash = node_hash(next, hash);
            climb.skip_lonely();
        } else {
            hash = node_hash(hash, next);
        }
        climb.rise();
    }
    return climb.last == 0 && hash == root;
}

std::vector<Hash> prove_inclusions(std::span<const std::uint64_t> indexes, std::uint64_t size,
                                   const NodeReader& nodes) {
    assert(indexes.empty() || indexes.back() < size);
    std::vector<Hash> proof;
    if (size > 0) add_others(proof, indexes, {0, size}, nodes);
    return proof;
}

bool are_included(const Leaves& leaves, std::uint64_t size, const Hash& root, std::span<const Hash> proof) {
    if (size == 0) return leaves.empty() && proof.empty();
    auto next = leaves.begin();
    auto rest = proof;
    const auto found = root_of(next, leaves.end(), {0, size}, rest);
    return next == leaves.end() && rest.empty() && found == root;
}

std::vector<Hash> prove_growth(std::uint64_t old_size, std::uint64_t size, const NodeReader& nodes) {
    assert(old_size <= size);
    std::vector<Hash> proof;
    if (old_size > 0 && old_size < size) add_growth(proof, old_size, {0, size}, true, nodes);
    return proof;
}

bool is_grown(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
              std::span<const Hash> proof) {
    if (old_size > size) return false;
    if (old_size == size) return proof.empty() && old_root == root;
    if (old_size == 0) return proof.empty() && old_root == merkle::root(0, {});
    // Where the old list is a complete subtree, its root is the first hash, and is not sent.
    auto rest = proof;
    auto first = old_root;
    if (!std::has_single_bit(old_size)) {
        if (rest.empty()) return false;
        first = rest.front();
        rest = rest.subspan(1);
    }
    Climb climb{old_size - 1, size - 1};
    while (climb.index % 2 == 1) climb.rise();
    auto of_old = first, of_new = first;
    for (const auto& next : rest) {
        if (climb.last == 0) return false;
        if (climb.joins_left()) {
            of_old = node_hash(next, of_old);
            of_new = node_hash(next, of_new);
            climb.skip_lonely();
        } else {
            of_new = node_hash(of_new, next);
        }
        climb.rise();
    }
    return climb.last == 0 && of_old == old_root && of_new == root;
}

}  // namespace riverlight::merkle
