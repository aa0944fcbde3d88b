#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// Copies a channel's tree to where boards fetch it: a bucket, a server, a folder.
namespace riverlight::upload {

/// What tells one state of a file from another: its size, and when it was last written.
struct FileState {
    std::uint64_t bytes = 0;
    std::int64_t written_us = 0;  ///< microseconds since 1970
    friend bool operator==(const FileState&, const FileState&) = default;
};

/// Files by their path in the tree: `metadata/timestamp.json`.
using Files = std::map<std::string, FileState>;

/// The files that readers of the tree in `folder` may ask for: all in `metadata/` and `targets/` but
/// unfinished ones. Throws Error if it is no channel's tree.
[[nodiscard]] Files list_tree(const std::string& folder);

struct UploadPlan {
    std::vector<std::string> put;     ///< in this order
    std::vector<std::string> remove;  ///< after all of them
    friend bool operator==(const UploadPlan&, const UploadPlan&) = default;
};

/// What brings a destination that has `sent` to `files`. Readers see the former release or the new one at
/// each moment: what metadata refer to comes before them, and timestamp.json and roots come last, in the
/// order in which they were written (tools/publisher: a rotation's order decides whether readers see a gap).
/// Pure.
[[nodiscard]] UploadPlan plan_upload(const Files& files, const Files& sent);

}  // namespace riverlight::upload
