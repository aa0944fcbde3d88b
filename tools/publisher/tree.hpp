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

/// Puts bytes under a path whole or not at all; write_file_atomically, or a test's that stops midway.
using WriteWhole = std::function<void(const std::string& path, std::string_view bytes)>;

/// A channel's tree on disk, as its readers see it: what timestamp.json leads to. Files that nobody is led to
/// (a publication that was cut off) do no harm and are no part of it.
class Tree {
  public:
    explicit Tree(std::string folder, WriteWhole write = {});

    /// Held by whoever writes; a second writer waits for nothing and gets Error.
    [[nodiscard]] Fd lock() const;
    [[nodiscard]] const std::string& folder() const { return folder_; }
    /// Throws Error with the remedy unless there is a root.
    void require_channel() const;

    /// The highest version of a role on disk, seen by readers or not; 0 if none.
    [[nodiscard]] std::int64_t newest(const std::string& role) const;
    /// The version that readers are led to; 0 if none.
    [[nodiscard]] std::int64_t seen(const std::string& role) const;
    /// Roles that the snapshot names, `targets` among them.
    [[nodiscard]] std::vector<std::string> roles() const;

    [[nodiscard]] std::string metadata_path(const std::string& role, std::int64_t version) const;
    /// The bytes that readers get for a role. Throws Error if there are none.
    [[nodiscard]] std::string bytes(const std::string& role) const;
    /// `signed` of that, fields that are not known here included.
    [[nodiscard]] boost::json::object body(const std::string& role) const;

    [[nodiscard]] content::Root root() const;
    [[nodiscard]] std::optional<content::Targets> targets(const std::string& role) const;

    /// Writes a role's metadata of that version; timestamp.json without one.
    void write(const std::string& role, std::int64_t version, std::string_view bytes) const;
    [[nodiscard]] std::string target_path(const std::string& path, const std::string& sha256) const;
    /// Whether the target lies there with its size; it was hashed when it was put there.
    [[nodiscard]] bool has_target(const std::string& path, const content::FileFacts& facts) const;
    void write_target(const std::string& path, const std::string& sha256, std::string_view bytes) const;
    /// Copies a file of any size there, hashing; Error if its bytes are not `sha256`.
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
