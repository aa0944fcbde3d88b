#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/publisher/publish.hpp"

/// What a channel needs between publications, and what can be asked of its tree.
namespace riverlight::publisher {

/// Signs the timestamp again, and the snapshot where half of its term is over: fit for a timer, needs the two
/// online keys and no source. Also takes up a tree whose roles were written by a run that was cut off.
[[nodiscard]] PublishReport refresh(KeyRing& keys, const Tree& tree, const Terms& terms, Instant now);

/// Roles that nobody will sign again by a timer, and when they go stale: what a refresh should warn of.
[[nodiscard]] std::vector<std::string> ending_soon(const Tree& tree, Instant now, std::chrono::days within);

struct Garbage {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> paths;  ///< below the tree
};
/// Removes metadata and targets that no release of the last `keep` leads to, and what a run that was cut off
/// left behind; roots stay for ever. Boards that are in the middle of a visit are why former releases are
/// kept a while. `only_look` names them and removes nothing.
[[nodiscard]] Garbage collect_garbage(const Tree& tree, std::chrono::hours keep, bool only_look);

struct Verified {
    std::string release;
    Instant stale_from{};
    std::size_t roles = 0, targets = 0;
    std::uint64_t bytes = 0;
    [[nodiscard]] std::string sentence() const;
};
/// Verifies a tree as a board would, all countries and every byte of media, starting from the file `root`.
/// Throws Error for the first thing wrong.
[[nodiscard]] Verified verify_tree(const std::string& tree, const std::string& root, Instant now);

/// One line of `channel log`: a version of a role.
struct LogEntry {
    std::string role;
    std::int64_t version = 0;
    std::string made;                  ///< RFC 3339; empty where the metadata do not say
    std::vector<std::string> signers;  ///< `holder id…`, only signatures that are good
    std::vector<std::string> changes;  ///< against the version before: `+ path`, `- path`, `~ path`, keys
};
/// Who signed what when, oldest first; timestamps are not kept by version and only the last is there.
[[nodiscard]] std::vector<LogEntry> read_log(const Tree& tree);

}  // namespace riverlight::publisher
