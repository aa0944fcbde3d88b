#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/html/html.hpp"
#include "tools/office/access.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/views.hpp"

/// The office's pages: plain HTML, readable at 360 px, complete without scripts.
namespace riverlight::office {

using html::Html;

/// `message` says why a sign-in was refused; empty: none was tried.
[[nodiscard]] Html sign_in_page(const std::string& message, bool has_users);

/// A claim code that was just made; it is shown once.
struct NewClaimCode {
    std::string code, place;
};

struct BoardsPage {
    std::vector<BoardSummary> boards;
    std::vector<AlarmRow> alarms;
    std::string channel_fault;        ///< why the channel could not be read; empty: it could
    std::vector<std::string> places;  ///< for which a claim code can be made
    std::optional<NewClaimCode> new_code;
    std::string error;  ///< why what was asked for was not done; empty: nothing was refused
    Instant now{};
};
[[nodiscard]] Html boards_page(const BoardsPage& page, const Session& session);

// More than 12 members: what the page shows, one for each part of it.
struct AiringsPage {
    AiringFilter filter;
    AiringOrder order = AiringOrder::newest;
    std::vector<AiringRow> rows;
    std::vector<std::string> countries, locales, campaigns, segments, boards;
    std::int64_t count = 0;  ///< at most `count_cap`
    std::int64_t count_cap = 0;
    std::optional<Cursor> next;  ///< nothing: this is the last page
    const ChannelFollower* channel = nullptr;
    std::optional<std::chrono::local_days> pruned_before;  ///< of earlier days no airings are left
};
[[nodiscard]] Html airings_page(const AiringsPage& page, const Session& session);

struct PlannedPage {
    std::chrono::local_days day{};
    std::string country;  ///< empty: all
    std::vector<CountryDay> countries;
    std::vector<std::pair<std::chrono::local_days, Tally>> days;  ///< the days up to `day`, oldest first
    std::vector<std::string> channel_countries;
    std::string release, channel_fault;
    std::optional<std::chrono::local_days> pruned_before;  ///< of earlier days only sums are left
};
[[nodiscard]] Html planned_page(const PlannedPage& page, const Session& session);

struct QuarantinePage {
    std::map<Doubt, std::int64_t> doubts;  ///< how many records, by why
    std::vector<AiringRow> rows;           ///< in doubt, the newest first
    std::optional<Cursor> next;            ///< nothing: these are the last
    std::int64_t refused_count = 0;
    std::vector<RefusedRecord> refused;  ///< the newest first
};
/// What boards sent and the office does not believe, or did not accept.
[[nodiscard]] Html quarantine_page(const QuarantinePage& page, const Session& session);

[[nodiscard]] Html message_page(const std::string& title, const std::string& text,
                                const std::optional<Session>& session);

/// What was planned as a stacked bar, in SVG; its parts are in its title for people who cannot see it.
[[nodiscard]] Html tally_bar(const Tally& tally);

/// How pages name a status.
[[nodiscard]] std::string status_name(content::AiringStatus status);

}  // namespace riverlight::office
