#include "tests/support/crash_replay.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

namespace riverlight::test {
namespace {

namespace fs = std::filesystem;
using Kind = DiskStep::Kind;

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

void apply_to(std::string& bytes, const DiskStep& step, std::size_t length) {
    if (step.kind == Kind::resize) {
        bytes.resize(step.at);
        return;
    }
    if (bytes.size() < step.at + length) bytes.resize(step.at + length);
    std::copy_n(step.bytes.begin(), length, bytes.begin() + static_cast<std::ptrdiff_t>(step.at));
}

/// The names and folders that are durable on the disk.
struct Names {
    std::map<std::string, std::uint64_t> files;
    std::set<std::string> folders;

    void apply(const DiskStep& step) {
        switch (step.kind) {
            case Kind::create:
                files[step.path] = step.inode;
                break;
            case Kind::rename:
                files.erase(step.path);
                files[step.to] = step.inode;
                break;
            case Kind::remove:
                files.erase(step.path);
                break;
            case Kind::make_folder:
                folders.insert(step.path);
                break;
            case Kind::remove_folder:
                folders.erase(step.path);
                break;
            case Kind::write:
            case Kind::resize:
            case Kind::sync_file:
            case Kind::sync_folder:
                break;
        }
    }
    [[nodiscard]] bool reachable(const std::string& path) const {
        const auto parent = parent_of(path);
        return parent.empty() || (folders.contains(parent) && reachable(parent));
    }
};

/// The folder whose fsync makes a change of names durable.
std::string folder_of(const DiskStep& step) {
    return parent_of(step.kind == Kind::rename ? step.to : step.path);
}

/// A file on the disk: what is durable of it, and the writes and sizes that no fsync has made durable yet.
struct Node {
    std::string durable;
    std::vector<DiskStep> waiting;
};

/// The disk right before a power cut.
struct Disk {
    std::map<std::uint64_t, Node> nodes;
    Names names;
    std::vector<DiskStep> waiting;  ///< changes of names that no fsync has made durable yet

    void apply(const DiskStep& step) {
        switch (step.kind) {
            case Kind::write:
            case Kind::resize:
                nodes[step.inode].waiting.push_back(step);
                break;
            case Kind::sync_file: {
                auto& node = nodes[step.inode];
                for (const auto& one : node.waiting) apply_to(node.durable, one, one.bytes.size());
                node.waiting.clear();
                break;
            }
            case Kind::sync_folder:
                sync_folder(step.path == "." ? std::string{} : step.path);
                break;
            case Kind::create:
            case Kind::rename:
            case Kind::remove:
            case Kind::make_folder:
            case Kind::remove_folder:
                waiting.push_back(step);
                break;
        }
    }

  private:
    void sync_folder(const std::string& folder) {
        std::erase_if(waiting, [&](const DiskStep& one) {
            const bool durable =
                folder_of(one) == folder || (one.kind == Kind::rename && parent_of(one.path) == folder);
            if (durable) names.apply(one);
            return durable;
        });
    }
};

/// Decides what a power cut leaves of the unsynced changes.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : dice_(seed) {}
    /// Of each folder's changes of names, the first ones happen and the others do not.
    void settle_names(Disk& disk) {
        std::map<std::string, std::size_t> counts, kept, seen;
        for (const auto& one : disk.waiting) ++counts[folder_of(one)];
        for (const auto& [folder, count] : counts) kept[folder] = up_to(count);
        for (const auto& one : disk.waiting)
            if (seen[folder_of(one)]++ < kept[folder_of(one)]) disk.names.apply(one);
    }
    /// Of a file's writes, in any order, each is lost, torn or complete.
    [[nodiscard]] std::string bytes_of(const Node& node) {
        auto bytes = node.durable;
        auto writes = node.waiting;
        std::shuffle(writes.begin(), writes.end(), dice_);
        for (const auto& one : writes) {
            const auto fate = up_to(2);  // lost, torn, complete
            if (fate > 0) apply_to(bytes, one, fate == 2 ? one.bytes.size() : up_to(one.bytes.size()));
        }
        return bytes;
    }

  private:
    std::size_t up_to(std::size_t most) { return static_cast<std::size_t>(dice_() % (most + 1)); }
    std::mt19937_64 dice_;
};

}  // namespace

CrashReplay::CrashReplay(const std::string& before, std::vector<DiskStep> steps) : steps_(std::move(steps)) {
    for (const auto& path : files_below(before, folders_)) {
        std::ifstream file(before + '/' + path, std::ios::binary);
        files_[path] = {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
}

void CrashReplay::write_state(const std::string& into, std::size_t cut, std::uint64_t seed) const {
    Disk disk;
    disk.names.folders = folders_;
    std::uint64_t inode = 1;
    for (const auto& [path, bytes] : files_) {
        disk.nodes[inode].durable = bytes;
        disk.names.files[path] = inode++;
    }
    for (std::size_t n = 0; n < cut; ++n) disk.apply(steps_[n]);
    Chance chance(seed);
    chance.settle_names(disk);
    fs::remove_all(into);
    fs::create_directories(into);
    for (const auto& folder : disk.names.folders)
        if (disk.names.reachable(folder)) fs::create_directories(into + '/' + folder);
    for (const auto& [path, number] : disk.names.files)
        if (disk.names.reachable(path))
            std::ofstream(into + '/' + path, std::ios::binary) << chance.bytes_of(disk.nodes[number]);
}

}  // namespace riverlight::test
