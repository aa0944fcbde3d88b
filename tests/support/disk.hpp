#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// Watches a folder: records every system call that this program makes below it, can make calls fail, and can
/// replay the writes as a power cut would leave them. tests/support/disk.cpp replaces libc's open, write,
/// fsync, rename, … for the whole program, including the C++ library's calls. Only one watch at a time; only
/// one thread may use the watched folder at a time.
namespace riverlight::test {

/// One thing done to the watched folder, in order.
struct DiskStep {
    enum class Kind {
        create,
        write,
        resize,
        sync_file,
        sync_folder,
        rename,
        remove,
        make_folder,
        remove_folder
    };
    Kind kind{};
    std::string path, to;     ///< below the folder; `to` of a rename
    std::uint64_t inode = 0;  ///< of create, write, resize, sync_file
    std::uint64_t at = 0;     ///< of write; the new size of resize
    std::string bytes;
};

class DiskWatch {
  public:
    /// Watches `folder` (absolute) until destroyed. Files already there count as durable.
    explicit DiskWatch(std::string folder);
    ~DiskWatch();
    DiskWatch(const DiskWatch&) = delete;

    /// Number of calls so far that could fail, reads included.
    [[nodiscard]] std::uint64_t calls() const;
    /// Makes the `nth` call from now (0: the next) fail with `error`, and with `for_good` all calls after it.
    void fail(std::uint64_t nth, int error, bool for_good);
    /// True once a call has failed that way.
    [[nodiscard]] bool failed() const;
    void fail_no_more();
    [[nodiscard]] const std::vector<DiskStep>& steps() const;

  private:
    std::string folder_;
};

/// Replays recorded steps on the folder's earlier content, to produce any state that a power cut can leave.
class CrashReplay {
  public:
    /// `before` is a copy of the folder as it was when the watch began.
    CrashReplay(const std::string& before, std::vector<DiskStep> steps);
    [[nodiscard]] std::size_t steps() const { return steps_.size(); }
    /// Writes to `into` (emptied first) a state that a power cut right before step `cut` can leave. Synced
    /// data is there. `seed` decides for each unsynced write, in any order, if it is complete, torn or lost,
    /// and how many of the first unsynced name changes of each folder are there.
    void leave(const std::string& into, std::size_t cut, std::uint64_t seed) const;

  private:
    struct Node {
        std::string durable;
        std::vector<DiskStep> waiting;  ///< writes and sizes not synced yet
    };
    std::map<std::string, std::string> files_;  ///< before: path → bytes
    std::set<std::string> folders_;
    std::vector<DiskStep> steps_;
};

}  // namespace riverlight::test
