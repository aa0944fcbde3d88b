#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "tools/publisher/source.hpp"

/// Finds schedules, places and days by what the user typed. Every function throws Error that names the
/// nearest known name if nothing matches.
namespace riverlight::cli {

/// Prints findings to stderr, one per line. Returns how many are errors.
int print_findings(const std::vector<scheduler::Finding>& findings);

/// `what` is the name of a schedule in `source`, or a file: .toml, or .json as published in a channel.
[[nodiscard]] scheduler::Schedule schedule_named(const publisher::ChannelSource& source,
                                                 const std::string& what);
[[nodiscard]] const content::Place& place_named(const publisher::ChannelSource& source,
                                                const std::string& id);
/// All places that follow the schedule, by id.
[[nodiscard]] std::vector<const content::Place*> places_following(const publisher::ChannelSource& source,
                                                                  const std::string& schedule);
/// Parses `text` as a date. If it is empty, returns the current broadcast day in the zone: before `day_start`
/// that is yesterday's.
[[nodiscard]] std::chrono::local_days day_named(const std::string& text, const std::string& zone,
                                                std::chrono::minutes day_start);

}  // namespace riverlight::cli
