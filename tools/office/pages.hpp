#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tools/office/access.hpp"
#include "tools/office/views.hpp"

/// The office's pages as HTML: plain, readable at 360 px, whole without scripts. Text from outside goes
/// through http::html.
namespace riverlight::office {

[[nodiscard]] std::string sign_in_page(const std::string& complaint, bool has_users);

struct BoardsPage {
    std::vector<BoardView> boards;
    std::vector<AlarmRow> alarms;
    std::string release, fault;            ///< of the channel
    std::vector<std::string> places;       ///< that may be given a claim code
    std::string new_code, new_code_place;  ///< shown once
    std::string complaint;
    Instant now{};
};
[[nodiscard]] std::string boards_page(const BoardsPage& page, const Session& session);

struct AiringsPage {
    AiringFilter filter;
    std::vector<AiringRow> rows;
    std::vector<std::string> countries, locales, campaigns, segments, boards;
    std::int64_t count = 0;  ///< at most `count_cap`
    std::int64_t count_cap = 0;
    std::string query;  ///< the filter as a query string, for links
    std::string next;   ///< cursor; empty: the last page
    const Programme* programme = nullptr;
};
[[nodiscard]] std::string airings_page(const AiringsPage& page, const Session& session);

struct PlannedPage {
    std::chrono::local_days day{};
    std::string country;  ///< empty: all
    std::vector<CountryDay> countries;
    std::vector<std::pair<std::chrono::local_days, Tally>> days;  ///< the days up to `day`, oldest first
    std::vector<std::string> choices;                             ///< countries of the channel
    std::string release, fault;
};
[[nodiscard]] std::string planned_page(const PlannedPage& page, const Session& session);

[[nodiscard]] std::string message_page(const std::string& title, const std::string& text,
                                       const std::optional<Session>& session);

/// A stacked bar of what was planned, as SVG: the parts by their share, told in words to who cannot see it.
[[nodiscard]] std::string bar(const Tally& tally);

/// The word for a status, as it is on pages.
[[nodiscard]] std::string status_word(content::AiringStatus status);

}  // namespace riverlight::office
