#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tools/office/comparer.hpp"
#include "tools/office/views.hpp"

/// The JSON beside every page, as assets/openapi.json describes it.
namespace riverlight::office {

[[nodiscard]] boost::json::value boards_json(const OfficeStore& store, Instant now);
/// `next` is the cursor of the page after this one; empty: the last.
[[nodiscard]] boost::json::value airings_json(const std::vector<AiringRow>& rows, const std::string& next);
/// How many records are in doubt, by why, and the newest that were not accepted.
[[nodiscard]] boost::json::value quarantine_json(const AiringStore& airings);
[[nodiscard]] boost::json::value planned_json(std::chrono::local_days day, const std::string& release,
                                              const std::vector<CountryDay>& countries);

}  // namespace riverlight::office
