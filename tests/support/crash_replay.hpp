#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/disk_step.hpp"

namespace riverlight::test {

/// Replays recorded steps on the folder's earlier content, to produce any state that a power cut can leave.
class CrashReplay {
  public:
    /// `before` is a copy of the folder as it was when the watch began.
    CrashReplay(const std::string& before, std::vector<DiskStep> steps);
    [[nodiscard]] std::size_t steps() const { return steps_.size(); }
    /// Writes to `into` (emptied first) a state that a power cut right before step `cut` can leave. Synced
    /// data is there. `seed` decides for each unsynced write, in any order, if it is complete, torn or lost,
    /// and how many of the first unsynced name changes of each folder are there.
    void write_state(const std::string& into, std::size_t cut, std::uint64_t seed) const;

  private:
    std::map<std::string, std::string> files_;  ///< before: path → bytes
    std::set<std::string> folders_;
    std::vector<DiskStep> steps_;
};

}  // namespace riverlight::test
