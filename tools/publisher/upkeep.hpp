#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/publisher/publish.hpp"

/// Maintenance of a channel between publications.
namespace riverlight::publisher {

/// Signs the timestamp again, and the snapshot if half of its term is over. For a timer: needs the two online
/// keys and no source. Also completes a publication that was interrupted after its roles were written.
[[nodiscard]] PublishReport refresh(KeyRing& keys, const Tree& tree, const Terms& terms, Instant now);

/// Warnings about roles that expire within `within` and that a timer cannot sign again: a sentence each.
[[nodiscard]] std::vector<std::string> ending_soon(const Tree& tree, Instant now, std::chrono::days within);

struct Garbage {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> paths;  ///< below the tree
};
/// Removes metadata and targets that no release of the last `keep` uses, and leftovers of interrupted runs.
/// Keeps all roots. Former releases are kept for boards in the middle of a visit. With `dry_run`, lists the
/// files and removes nothing.
[[nodiscard]] Garbage collect_garbage(const Tree& tree, std::chrono::hours keep, bool dry_run);

}  // namespace riverlight::publisher
