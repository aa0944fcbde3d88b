#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "content/merkle/merkle.hpp"

/// Proofs that an entry is in a list, and that a list only grew (RFC 9162, sections 2.1.3 and 2.1.4). Pure.
namespace riverlight::merkle {

/// `size` leaves from leaf `first` on.
struct Range {
    std::uint64_t first = 0, size = 0;
};
/// The two subtrees of a range of at least two leaves: the left one is the largest power of two below its
/// size.
[[nodiscard]] std::pair<Range, Range> split(Range range);
/// The hash of a subtree of at least one leaf that split() gave.
[[nodiscard]] Hash subtree_root(Range range, const NodeReader& nodes);

/// Proves that entry `index` is in the list of the first `size` entries; index < size. At most 63 hashes,
/// from the leaf upwards.
[[nodiscard]] std::vector<Hash> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                                const NodeReader& nodes);
/// Whether `proof` shows that `leaf` is entry `index` of the list of `size` entries with that root (section
/// 2.1.3.2). Any proof may be passed in.
[[nodiscard]] bool is_included(const Hash& leaf, std::uint64_t index, std::uint64_t size, const Hash& root,
                               std::span<const Hash> proof);

/// Entries of a list, by their number from 0.
using Leaves = std::map<std::uint64_t, Hash>;
/// Proves that entries are in the list of the first `size`: the hashes of the subtrees that hold none of
/// them, from left to right. Much shorter than a proof for each. `indexes`: ascending, each once, < size.
[[nodiscard]] std::vector<Hash> prove_inclusions(std::span<const std::uint64_t> indexes, std::uint64_t size,
                                                 const NodeReader& nodes);
/// Whether `proof` shows that all of `leaves` are in the list of `size` entries with that root. Any leaves
/// and any proof may be passed in. Takes time and memory for what is passed in, however large the list.
[[nodiscard]] bool are_included(const Leaves& leaves, std::uint64_t size, const Hash& root,
                                std::span<const Hash> proof);

/// Proves that the list of the first `size` entries begins with the first `old_size`; 0 ≤ old_size ≤ size.
/// Empty where old_size is 0 or size.
[[nodiscard]] std::vector<Hash> prove_growth(std::uint64_t old_size, std::uint64_t size,
                                             const NodeReader& nodes);
/// Whether `proof` shows that the list of `size` entries with that root begins with the one of `old_size`
/// (section 2.1.4.2). Any proof may be passed in.
[[nodiscard]] bool is_grown(std::uint64_t old_size, const Hash& old_root, std::uint64_t size,
                            const Hash& root, std::span<const Hash> proof);

}  // namespace riverlight::merkle
