#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "content/store/content_set.hpp"
#include "firmware/outlet/programme.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "tools/fleet/scenario.hpp"

namespace riverlight::fleet {

/// One release, as boards have it.
struct FleetRelease {
    Instant published{};
    std::shared_ptr<const content::ContentSet> content;  // shared with every programme
    std::map<std::string, scheduler::Schedule> schedules;

    /// What an outlet at a place plays from.
    [[nodiscard]] std::shared_ptr<const firmware::Programme> programme_of(const content::Place& place) const;
    [[nodiscard]] const scheduler::Schedule& schedule_of(const content::Place& place) const;
};

/// The fleet's channel: a signed tree of a scenario's places and segments, published and read as every
/// channel is. Its media are a few bytes each, since nothing plays them.
class FleetChannel {
  public:
    /// Makes keys, source and tree in `folder`, or finds them there. Throws Error.
    FleetChannel(std::string folder, const Scenario& scenario);
    /// Publishes the release and reads it back, verified.
    [[nodiscard]] std::shared_ptr<const FleetRelease> publish(const ScenarioRelease& release, Instant now);

    [[nodiscard]] std::string url() const { return "file://" + folder_ + "/tree"; }
    [[nodiscard]] std::string root() const { return folder_ + "/tree/metadata/1.root.json"; }

  private:
    std::string folder_;
};

/// The ids of a scenario's places, `kh-00017`, in the order of boards: the countries take turns by weight.
[[nodiscard]] std::vector<std::string> place_ids(const Scenario& scenario);

}  // namespace riverlight::fleet
