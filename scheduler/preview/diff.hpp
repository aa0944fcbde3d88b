#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// What a new schedule changes, for whom: two plans of the same place and day held against each other.
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

/// How a campaign fares on one day.
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

/// Airings meet by their ids; those that are left over meet by booking and segment, in order of time.
/// Both plans are of one place and day (asserted).
[[nodiscard]] DayChange compare_plans(const Plan& before, const Plan& after);

/// A line for each campaign of each place and day that changes, and under it each airing (fillers only where
/// `all`; at most 20 of a campaign where not); at the end each campaign over all of them. Says so where
/// nothing changes.
[[nodiscard]] std::string diff_text(const std::vector<DayChange>& days, bool all);

/// {"format":1,"days":[…],"campaigns":{…}}, canonical, with every change; a newline at the end.
[[nodiscard]] std::string diff_json(const std::vector<DayChange>& days);

}  // namespace riverlight::scheduler
