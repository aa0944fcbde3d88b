#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "tools/publisher/tree.hpp"

/// Verifies a channel's tree, and reads its history.
namespace riverlight::publisher {

struct Verified {
    std::string release;
    Instant expires{};
    std::size_t roles = 0, targets = 0;
    std::uint64_t bytes = 0;
    [[nodiscard]] std::string sentence() const;
    friend bool operator==(const Verified&, const Verified&) = default;
};
/// Verifies a tree as a board would, with all countries and media, from the trusted root in the file `root`.
/// Throws Error for the first fault.
[[nodiscard]] Verified verify_tree(const std::string& tree, const std::string& root, Instant now);

/// One line of `channel log`: a version of a role.
struct LogEntry {
    std::string role;
    std::int64_t version = 0;
    std::string made;                  ///< RFC 3339; empty if the metadata lack it
    std::vector<std::string> signers;  ///< `holder id…` of valid signatures
    std::vector<std::string> changes;  ///< against the version before: `+ path`, `- path`, `~ path`, keys
};
/// Who signed what and when, oldest first. Of timestamps only the last is on disk.
[[nodiscard]] std::vector<LogEntry> read_log(const Tree& tree);

}  // namespace riverlight::publisher
