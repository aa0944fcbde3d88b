#pragma once
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "content/sync/sync.hpp"
#include "firmware/config/sync_config.hpp"
#include "firmware/follow/monthly_budget.hpp"

/// When and how fast a board may download media that can wait.
namespace riverlight::firmware {

enum class ClosedReason {
    window,        ///< no window of [sync] is open
    budget_spent,  ///< the month's budget is used up
    clock_not_set  ///< windows need a clock, and it is not set yet
};

/// What the policy allows at one moment.
struct BandwidthDecision {
    content::BandwidthLimit limit;
    std::optional<ClosedReason> closed;  ///< none: downloads are allowed
    std::optional<Instant> opens;        ///< when a closed one opens; none: unknown
};

/// The part of a budget that media may use: a tenth is kept for metadata, withdrawals and takeovers.
[[nodiscard]] std::uint64_t budget_for_media(std::uint64_t budget);

/// Pure. `zone` is the place's, empty if not known yet; `used` the bytes received this month. If the clock is
/// only a floor, windows are closed until the board has been up for a day. After that the lowest of the rates
/// applies, so that a board whose clock is never set still follows its channel.
[[nodiscard]] BandwidthDecision decide_bandwidth(const SyncConfig& rules, const ClockReading& clock,
                                                 const std::string& zone, std::uint64_t used);

/// `Waits for 01:00 to fetch 12 files (340 MiB).` Empty if nothing is deferred.
[[nodiscard]] std::string describe_deferred(const BandwidthDecision& decision,
                                            const content::DeferredMedia& deferred, Instant now,
                                            const std::string& zone);

/// The policy of a running board. The visit's thread asks it while it downloads, the loop's for the status
/// page. Safe from any thread if `clock` is.
class BandwidthPolicy {
  public:
    BandwidthPolicy(SyncConfig rules, std::string budget_file, std::function<ClockReading()> clock);

    /// The place's zone, from the release that is being downloaded.
    void set_zone(const std::string& zone);
    [[nodiscard]] BandwidthDecision decide();
    void count_received(std::uint64_t bytes);
    void save() { budget_.save(); }
    /// describe_deferred() at this moment.
    [[nodiscard]] std::string describe(const content::DeferredMedia& deferred);
    /// `Of this month's 500 MiB, 123 MiB are used.` Empty if there is no budget.
    [[nodiscard]] std::string describe_budget();

  private:
    [[nodiscard]] std::string zone();

    const SyncConfig rules_;
    MonthlyBudget budget_;
    std::function<ClockReading()> clock_;
    std::mutex mutex_;
    std::string zone_;  // guarded by mutex_; empty: not known yet
};

}  // namespace riverlight::firmware
