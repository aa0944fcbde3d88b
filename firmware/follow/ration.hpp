#pragma once
#include <mutex>
#include <optional>
#include <string>

#include "content/sync/sync.hpp"
#include "firmware/config/sync_config.hpp"
#include "firmware/follow/budget.hpp"

/// When and how fast a board may fetch what can wait.
namespace riverlight::firmware {

struct Ration {
    content::BandwidthLimit pace;
    std::optional<Instant> opens;  ///< where it is closed: when that changes by the clock; none: not known
    bool spent = false;            ///< closed because the month's budget is used up
    bool clockless = false;        ///< closed because windows need a clock, which is not set yet
};

/// A tenth of the budget is kept for what always passes: metadata, withdrawals, takeovers.
[[nodiscard]] std::uint64_t budget_for_media(std::uint64_t budget);

/// Pure. `zone` is the place's, `used` the bytes received this month. Where the clock is only a floor,
/// windows are closed until the board has been up for a day; then it goes at the lowest of the rates, so that
/// a board whose clock never comes still follows its channel.
[[nodiscard]] Ration ration_at(const SyncConfig& rules, const ClockReading& clock, const std::string& zone,
                               std::uint64_t used);

/// `Waits for 01:00 to fetch 12 files (340 MiB).` Empty where nothing waits.
[[nodiscard]] std::string waiting_words(const Ration& ration, const content::DeferredMedia& waiting,
                                        Instant now, const std::string& zone);

/// The rules at work: asked by a visit's thread while it fetches and by the loop's. Safe from both, as long
/// as `clock` is.
class Rationing {
  public:
    Rationing(SyncConfig rules, std::string budget_file, std::function<ClockReading()> clock);

    /// The place's zone, as the release that is being fetched has it.
    void zone_is(const std::string& zone);
    [[nodiscard]] Ration now();
    void received(std::uint64_t bytes);
    void save() { budget_.save(); }
    [[nodiscard]] std::string words(const content::DeferredMedia& waiting);
    /// `Of this month's 500 MiB, 123 MiB are used.` Empty where there is no budget.
    [[nodiscard]] std::string budget_words();

  private:
    [[nodiscard]] std::string zone();

    const SyncConfig rules_;
    Budget budget_;
    std::function<ClockReading()> clock_;
    std::mutex mutex_;
    std::string zone_;  // guarded by mutex_; empty: not known yet
};

}  // namespace riverlight::firmware
