#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/system_report.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/store.hpp"

/// What pages and JSON show of boards and airings.
namespace riverlight::office {

struct OutletNow {
    std::string id, segment, locale, campaign;  ///< segment empty: the slate
};

/// A board as people see it. One member for each fact that its page and its JSON show.
struct BoardSummary {
    BoardRow row;
    std::string place_name, country, zone = "UTC";
    std::string clock, release;
    std::optional<std::chrono::milliseconds> clock_error;  ///< absent: unknown
    std::int64_t queue = 0;                                ///< airings that the office lacks
    std::optional<Instant> signed_until;
    std::vector<OutletNow> outlets;
    std::vector<std::string> alarms;
    std::optional<content::SystemReport> system{};  ///< none: not updated by the channel, or not reported
    std::optional<Instant> twins_since{};           ///< two devices report as this board
    std::vector<TwinDevice> devices{};              ///< of a board with twins
    std::optional<Applicant> applicant{};           ///< a device that asks to take its place
    bool quiet = false;                             ///< active, and not heard for five minutes
    bool behind = false;                            ///< plays another release than the current one
};
[[nodiscard]] BoardSummary summarise_board(const BoardRow& row, const Release* release, Instant now);

/// One page of airings.
struct AiringSlice {
    std::vector<AiringRow> rows;
    std::optional<Cursor> next;  ///< nothing: these are the last
};
/// At most `count` airings that match, from the row after `after` on.
[[nodiscard]] AiringSlice airings_from(const OfficeStore& store, const AiringFilter& filter,
                                       const std::optional<Cursor>& after, std::size_t count,
                                       AiringOrder order = AiringOrder::newest);

/// Names of the six countries; the code itself for others.
[[nodiscard]] std::string country_name(const std::string& code);

}  // namespace riverlight::office
