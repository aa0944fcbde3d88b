#include "tools/publisher/upkeep.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "content/audit/tree_head.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;

/// The files of a tree that a reader may still need.
class ReachableFiles {
  public:
    ReachableFiles(const Tree& tree, std::chrono::hours keep)
        : tree_(tree), since_(fs::file_time_type::clock::now() - keep) {
        paths_.insert("metadata/timestamp.json");
        paths_.insert(content::published_head_file);
        for (const auto version : versions_of(folder(), "root")) add_metadata("root", version);
        const auto seen = tree.seen("snapshot");
        for (const auto version : versions_of(folder(), "snapshot"))
            if (version == seen || is_recent(tree.metadata_path("snapshot", version))) add_snapshot(version);
    }
    [[nodiscard]] bool contains(const std::string& path) const { return paths_.contains(path); }
    [[nodiscard]] bool is_recent(const std::string& path) const {
        std::error_code ec;
        return fs::last_write_time(path, ec) > since_;
    }

  private:
    [[nodiscard]] std::string folder() const { return tree_.folder() + "/metadata"; }
    void add_metadata(const std::string& role, std::int64_t version) {
        paths_.insert(tree_.metadata_path(role, version).substr(tree_.folder().size() + 1));
    }
    void add_snapshot(std::int64_t version) {
        add_metadata("snapshot", version);
        const auto path = tree_.metadata_path("snapshot", version);
        for (const auto& [role, facts] :
             content::parse_snapshot(read_file(path, content::snapshot_cap), path).meta) {
            add_metadata(role, facts.version);
            add_targets(tree_.metadata_path(role, facts.version));
        }
    }
    void add_targets(const std::string& path) {
        if (!fs::exists(path)) return;
        for (const auto& [target, facts] :
             content::parse_targets(read_file(path, content::targets_cap), path).targets)
            paths_.insert(
                tree_.target_path(std::string(target), facts.sha256).substr(tree_.folder().size() + 1));
    }

    const Tree& tree_;
    fs::file_time_type since_;
    std::set<std::string> paths_;
};

}  // namespace

PublishReport refresh(KeyRing& keys, const Tree& tree, const Terms& terms, Instant now) {
    tree.require_channel();
    if (tree.seen("timestamp") == 0)
        throw Error(tree.folder() + ": nothing is published yet; run riverlight channel publish first");
    const auto lock = tree.lock();
    PublishReport report;
    report.snapshot = put_release(tree, ReleaseDraft(tree), keys, terms, now);
    return report;
}

std::vector<std::string> ending_soon(const Tree& tree, Instant now, std::chrono::days within) {
    std::vector<std::string> out;
    auto roles = tree.roles();
    roles.emplace_back("root");
    for (const auto& role : roles) {
        const auto at = from_rfc3339(std::string(tree.body(role).at("expires").as_string()));
        if (at && *at - now > within) continue;
        out.push_back("role '" + role + "' expires at " + (at ? to_rfc3339(*at).substr(0, 19) + 'Z' : "?") +
                      "; its holders must sign it again: riverlight channel publish");
    }
    return out;
}

Garbage collect_garbage(const Tree& tree, std::chrono::hours keep, bool dry_run) {
    tree.require_channel();
    const auto lock = tree.lock();
    const ReachableFiles kept(tree, keep);
    Garbage garbage;
    std::vector<fs::path> gone;
    for (const auto* part : {"/metadata", "/targets"}) {
        std::error_code ec;
        for (const auto& entry : fs::recursive_directory_iterator(tree.folder() + part, ec)) {
            if (!entry.is_regular_file()) continue;
            const auto path = entry.path().string().substr(tree.folder().size() + 1);
            // A recent file may be of a publication that waits for its signatures.
            if (kept.contains(path) || kept.is_recent(entry.path())) continue;
            garbage.paths.push_back(path);
            garbage.bytes += entry.file_size();
            gone.push_back(entry.path());
        }
    }
    garbage.files = gone.size();
    std::sort(garbage.paths.begin(), garbage.paths.end());
    if (dry_run) return garbage;
    for (const auto& path : gone) fs::remove(path);
    return garbage;
}

}  // namespace riverlight::publisher
