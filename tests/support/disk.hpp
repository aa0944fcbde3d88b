#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// A watched folder of the disk: every system call that this program makes below it is seen, and may be made
/// to fail; what was written can be replayed as a power cut would leave it. tests/support/disk.cpp stands in
/// front of libc (open, write, fsync, rename, …) for the whole program, the C++ library's own calls among
/// them. One watch at a time; the watched folder is used from one thread at a time.
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
    /// Watches `folder` (absolute) until it goes out of scope. What lies there already is durable.
    explicit DiskWatch(std::string folder);
    ~DiskWatch();
    DiskWatch(const DiskWatch&) = delete;

    /// Calls seen so far, reading ones too (those that can fail).
    [[nodiscard]] std::uint64_t calls() const;
    /// The `nth` call from now on (0: the next) fails with `error`; and all after it, where `for_good`.
    void fail(std::uint64_t nth, int error, bool for_good);
    /// Whether that has happened.
    [[nodiscard]] bool failed() const;
    void fail_no_more();
    [[nodiscard]] const std::vector<DiskStep>& steps() const;

  private:
    std::string folder_;
};

/// What was on the disk before, and what was done to it: every state that a power cut can leave.
class CrashReplay {
  public:
    /// `before` is a copy of the folder as it was when the watch began.
    CrashReplay(const std::string& before, std::vector<DiskStep> steps);
    [[nodiscard]] std::size_t steps() const { return steps_.size(); }
    /// Writes to `into` (emptied) a state that a cut right before step `cut` may leave: what was synced is
    /// there; of what was not, by `seed`, each write is there, torn or lost, in any order, and of each
    /// folder's own changes only the first few are.
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
