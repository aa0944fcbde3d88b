#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/fleet/fleet_device.hpp"
#include "tools/fleet/scenario.hpp"

namespace riverlight::fleet {

/// One place's board: its devices, and the trouble that it has. One thread at a time.
class FleetBoard {
  public:
    /// `trouble`: null for none.
    FleetBoard(const Scenario& scenario, content::Place place, const Trouble* trouble,
               const Releases& releases, LedgerSubjects& subjects);
    FleetBoard(const FleetBoard&) = delete;

    [[nodiscard]] const content::Place& place() const { return place_; }
    [[nodiscard]] const std::string& id() const { return place_.id; }
    [[nodiscard]] const PlaceLedger& ledger() const { return ledger_; }
    [[nodiscard]] const std::vector<std::unique_ptr<FleetDevice>>& devices() const { return devices_; }
    /// Whether its card was copied: two devices report by its name.
    [[nodiscard]] bool has_clone() const { return devices_.size() > 1; }
    /// When another device takes the board's place; nothing: never.
    [[nodiscard]] std::optional<Instant> replaced_at() const;

    /// The power comes for the first time.
    void start(Instant at);
    /// Does what is due until then, and nothing after the last day.
    void run_until(Instant until);
    /// The device that stood here is gone, and another stands in its place, with a key of its own.
    FleetDevice& replace_device(Instant at);

  private:
    /// Something that happens to the board.
    struct Event {
        Instant at{};
        std::function<void()> happen;
    };
    FleetDevice& add_device(const std::string& key_seed);
    void plan_events();
    void plan_cuts(const PowerCuts& cuts);
    void plan_wrong_clock(const WrongClock& wrong);
    void plan_clone(const ClonedCard& clone);
    void plan_restart(Instant off, Instant on, std::chrono::seconds behind = {}, Instant fixed = {});
    [[nodiscard]] Instant opening(int day) const;
    [[nodiscard]] std::chrono::minutes open_for() const;

    const Scenario& scenario_;
    const content::Place place_;
    const Trouble* const trouble_;
    const Releases& releases_;
    const Instant over_;  ///< the end of the last day
    PlaceLedger ledger_;
    std::vector<std::unique_ptr<FleetDevice>> devices_;  ///< those that report; the first is the board
    std::vector<std::unique_ptr<FleetDevice>> gone_;
    std::vector<Event> events_;  ///< by time; those that happened are removed
    std::minstd_rand chance_;
};

}  // namespace riverlight::fleet
