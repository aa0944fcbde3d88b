#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace riverlight::content {

/// Why a source of a channel is suspended.
enum class SourceFault {
    unreachable,  ///< it did not answer, or the connection broke
    bad_content,  ///< it served something that was not signed, or an old release
};

/// Remembers, across visits, which sources of a channel (mirrors and other boards, by base URL) failed, and
/// suspends them for a while. Safe from any thread.
class MirrorHealth {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit MirrorHealth(Clock clock = [] { return std::chrono::steady_clock::now(); })
        : clock_(std::move(clock)) {}

    /// The usable ones of `urls`, in the given order.
    [[nodiscard]] std::vector<std::string> usable(const std::vector<std::string>& urls) const;
    /// All of `urls`: the usable ones first, then the suspended ones, the one whose suspension ends first in
    /// front.
    [[nodiscard]] std::vector<std::string> usable_first(const std::vector<std::string>& urls) const;

    /// Ends a suspension and clears the count of failures.
    void report_success(const std::string& url);
    /// Suspends the source. `unreachable`: for a minute, doubled with each failure, up to an hour.
    /// `bad_content`: for six hours.
    void report_fault(const std::string& url, SourceFault fault, const std::string& why);

    struct Suspended {
        std::string url, why;
        SourceFault fault = SourceFault::unreachable;
        std::chrono::minutes left{};  ///< rounded up
    };
    /// The sources suspended at the moment, by URL.
    [[nodiscard]] std::vector<Suspended> suspended() const;

  private:
    struct State {
        std::string why;
        SourceFault fault = SourceFault::unreachable;
        int failures = 0;
        std::chrono::steady_clock::time_point until{};
    };

    mutable std::mutex mutex_;
    Clock clock_;
    std::map<std::string, State> known_;  // guarded by mutex_
};

}  // namespace riverlight::content
