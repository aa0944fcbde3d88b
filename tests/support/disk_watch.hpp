#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/disk_step.hpp"

/// Watches a folder: records every system call that this program makes below it, and can make calls fail.
/// tests/support/disk_watch.cpp replaces libc's open, write, fsync, rename, … for the whole program,
/// including the C++ library's calls. Only one watch at a time; only one thread may use the watched folder at
/// a time.
namespace riverlight::test {

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

}  // namespace riverlight::test
