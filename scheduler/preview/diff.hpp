#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// What a new schedule changes: compares two plans of the same place and day.
namespace riverlight::scheduler {

enum class ChangeKind {
    gained,  ///< only in the new plan
    lost,    ///< only in the old plan
    moved,   ///< the same booking's airing of the same segment at another time
    altered  ///< at its time, but another segment, locale or length
};
[[nodiscard]] std::string_view to_text(ChangeKind kind);

struct Change {
    ChangeKind kind{};
    std::optional<PlannedAiring> before, after;
};

/// What changes for a campaign on one day.
struct CampaignChange {
    int before = 0, after = 0;  ///< plays
    int gained = 0, lost = 0, moved = 0, altered = 0;
};

struct DayChange {
    std::string place, zone;
    std::chrono::local_days day{};
    std::vector<Change> changes;                      ///< by time
    std::map<std::string, CampaignChange> campaigns;  ///< by id; those with changes
};

/// Pairs airings by id, and the rest by booking and segment, in order of time. Both plans must be of the same
/// place and day.
[[nodiscard]] DayChange compare_plans(const Plan& before, const Plan& after);

}  // namespace riverlight::scheduler
