#pragma once
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/files.hpp"
#include "content/channel/metadata.hpp"

namespace riverlight::publisher {

/// Why a channel is not published or changed as asked.
enum class PublishFault : std::uint8_t {
    in_use,             ///< another command writes this channel
    already_published,  ///< the version of a draft
    another_draft,      ///< a file is no copy of the draft in the file before it
    too_few_keys,       ///< a role would have fewer than its threshold
    another_office,     ///< signs than the one whose head is published
    office_conflict,    ///< its list of records does not go on from the published one
};
using PublishError = Refused<PublishFault>;

/// Writes a file atomically: write_file_atomically, or a test's function that fails midway.
using WriteWhole = std::function<void(const std::string& path, std::string_view bytes)>;

/// A channel's tree on disk as its readers see it: timestamp.json and all that it refers to. Other files,
/// left by an interrupted publication, are harmless.
class Tree {
  public:
    explicit Tree(std::string folder, WriteWhole write = {});

    /// Locks the tree for writing. Throws Error at once if another command has the lock.
    [[nodiscard]] Fd lock() const;
    [[nodiscard]] const std::string& folder() const { return folder_; }
    /// Throws Error, with advice, unless there is a root.
    void require_channel() const;

    /// The highest version of a role on disk, published or not; 0 if none.
    [[nodiscard]] std::int64_t newest(const std::string& role) const;
    /// The version that readers see; 0 if none.
    [[nodiscard]] std::int64_t seen(const std::string& role) const;
    /// The roles in the snapshot, including `targets`.
    [[nodiscard]] std::vector<std::string> roles() const;

    [[nodiscard]] std::string metadata_path(const std::string& role, std::int64_t version) const;
    /// The bytes that readers get for a role. Throws Error if there are none.
    [[nodiscard]] std::string bytes(const std::string& role) const;
    /// The part `signed` of bytes(), with unknown fields.
    [[nodiscard]] boost::json::object body(const std::string& role) const;

    [[nodiscard]] content::Root root() const;
    [[nodiscard]] std::optional<content::Targets> targets(const std::string& role) const;

    /// Writes a version of a role's metadata. The name timestamp.json has no version.
    void write(const std::string& role, std::int64_t version, std::string_view bytes) const;
    [[nodiscard]] std::string target_path(const std::string& path, const std::string& sha256) const;
    /// True if the target exists with the right size; its hash was verified when it was written.
    [[nodiscard]] bool has_target(const std::string& path, const content::FileFacts& facts) const;
    void write_target(const std::string& path, const std::string& sha256, std::string_view bytes) const;
    /// Copies a file of any size into the tree. Throws Error if its hash is not `sha256`.
    void copy_target(const std::string& path, const std::string& sha256, const std::string& from) const;

  private:
    [[nodiscard]] std::map<std::string, std::int64_t> snapshot_versions() const;

    std::string folder_;
    WriteWhole write_;
};

/// Versions of `<n>.<role>.json` in a folder of metadata, ascending.
[[nodiscard]] std::vector<std::int64_t> versions_of(const std::string& folder, const std::string& role);

/// SHA-256 of a file of any size.
[[nodiscard]] std::string sha256_of_file(const std::string& path);

}  // namespace riverlight::publisher
