#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "tools/publisher/source.hpp"

/// What the schedule commands share: finding schedules, places and days by what was typed. Every function
/// throws Error with the nearest known name where nothing is found.
namespace riverlight::cli {

/// Prints findings to stderr, one a line; how many are errors.
int print_findings(const std::vector<scheduler::Finding>& findings);

/// A channel's source. `what` is a schedule's name in it, or a file (.toml, or .json as the channel has it).
[[nodiscard]] scheduler::Schedule schedule_named(const publisher::ChannelSource& source,
                                                 const std::string& what);
[[nodiscard]] const content::Place& place_named(const publisher::ChannelSource& source,
                                                const std::string& id);
/// All places that follow the schedule, by id.
[[nodiscard]] std::vector<const content::Place*> places_following(const publisher::ChannelSource& source,
                                                                  const std::string& schedule);
/// The date typed; where nothing was, the broadcast day that is on in the zone now: before `day_start` still
/// yesterday's.
[[nodiscard]] std::chrono::local_days day_named(const std::string& text, const std::string& zone,
                                                std::chrono::minutes day_start);

}  // namespace riverlight::cli
