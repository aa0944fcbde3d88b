#include "scheduler/calendar/calendar.hpp"
#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/parameters.hpp"
#include "tools/traffic/as_run.hpp"

namespace riverlight::office {
namespace {

using content::AiringStatus;
using html::Url;
using namespace std::chrono;

Html status_chip(AiringStatus status) {
    switch (status) {
        case AiringStatus::aired:
            return chip(Mood::good, status_name(status));
        case AiringStatus::truncated:
        case AiringStatus::substituted:
            return chip(Mood::warning, status_name(status));
        case AiringStatus::skipped:
        case AiringStatus::failed:
        case AiringStatus::interrupted:
            break;
    }
    return chip(Mood::bad, status_name(status));
}

std::string status_text_name(const std::string& text) {
    const auto status = content::parse_airing_status(text);
    return status ? status_name(*status) : text;
}

Html filter_form(const AiringsPage& page) {
    std::vector<std::string> statuses;
    for (const auto status : content::every_airing_status) statuses.emplace_back(to_text(status));
    const auto& f = page.filter;
    return Html("<form class=\"filter\" method=\"get\">{}{}{}{}{}{}{}{}{}{}<button>Show</button></form>",
                date_field("from", "From day", f.from), date_field("until", "Until day", f.until),
                select_field("country", "Country", page.countries, f.country, country_name),
                select_field("language", "Language", page.locales, f.locale),
                select_field("campaign", "Campaign", page.campaigns, f.campaign),
                select_field("segment", "Segment", page.segments, f.segment),
                select_field("status", "Status", statuses, f.status, status_text_name),
                select_field("board", "Board", page.boards, f.board),
                select_field("doubt", "In doubt", {"yes"}, f.in_doubt ? "yes" : "",
                             [](const std::string&) { return std::string("what counts nowhere"); }),
                select_field("overclaims", "Claims", {"yes"}, f.overclaims ? "yes" : "",
                             [](const std::string&) { return std::string("more than was shown"); }));
}

/// A start that the starts beside it contradict.
Html contradiction_note(const AiringRow& row) {
    if (!row.start_off) return {};
    const auto error = row.record.clock_error;
    return Html("<small class=\"warn\">{}; its clock: {}, {}</small>", traffic::start_text(*row.start_off),
                to_text(row.record.clock),
                error ? "within " + std::to_string(error->count()) + " ms" : "error unknown");
}

Html time_note(const AiringRow& row, const std::string& zone) {
    const auto& r = row.record;
    if (row.placed)
        return Html("<small>corrected later; the board's clock was not set and said {}</small>",
                    scheduler::local_text(*r.started, zone));
    Html out;
    if (r.started && r.planned_start && floor<seconds>(*r.started) != floor<seconds>(*r.planned_start))
        out += Html("<small>began {}</small>", scheduler::local_text(*r.started, zone).substr(11));
    switch (r.clock) {
        case content::ClockState::floor:
            return out + Html("<small>clock not set</small>");
        case content::ClockState::unsynchronised:
            return out + Html("<small>clock not synchronised</small>");
        case content::ClockState::synchronised:
            return out;
    }
    return out;
}

Html time_cell(const AiringRow& row, const std::string& zone) {
    const auto at = scheduler::local_text(from_rfc3339(row.at).value_or(Instant{}), zone);
    return Html("{} <strong>{}</strong>{}{}", at.substr(0, 10), at.substr(11), time_note(row, zone),
                contradiction_note(row));
}

Html language_cell(const AiringRecord& r) {
    if (r.locale_aired.empty()) return Html::text(r.locale_asked);
    if (r.locale_asked.empty() || r.locale_aired == r.locale_asked) return Html::text(r.locale_aired);
    return Html("{}<small>asked: {}</small>", r.locale_aired, r.locale_asked);
}

/// How much of the item was shown.
Html shown_cell(const AiringRow& row) {
    if (!row.record.started) return {};
    return Html("{}<small>of {}</small>", time_text(row.assessed.shown), time_text(row.assessed.length));
}

/// What the evidence supports; where the record claims more, both.
Html status_cell(const AiringRow& row) {
    const auto& r = row.record;
    Html out = row.assessed.status ? status_chip(*row.assessed.status) : Html();
    if (row.doubt)
        out += Html(" ") + chip(Mood::bad, "in doubt") +
               Html("<small class=\"warn\">its record {}; it counts nowhere</small>", describe(*row.doubt));
    if (row.assessed.overclaims)
        out += Html(" ") + chip(Mood::bad, "claims more") +
               Html("<small class=\"warn\">{}</small>", traffic::overclaim_text(r, row.assessed));
    return r.reason.empty() ? out : out + Html("<small>{}</small>", r.reason);
}

Html airing_row(const AiringRow& row, const std::string& zone) {
    const auto& r = row.record;
    const auto where = r.outlet + (row.country.empty() ? "" : ", " + country_name(row.country));
    return Html("<tr>{}{}{}{}{}{}{}</tr>", cell("Time at the place", time_cell(row, zone)),
                cell("Board", Html("{}<small>{}</small>", r.board, where)),
                cell("Segment", Html::text(r.segment)), cell("Language", language_cell(r)),
                cell("Campaign", Html::text(r.campaign)), number_cell("Shown", shown_cell(row)),
                cell("Status", status_cell(row)));
}

Html airing_table(const AiringsPage& page) {
    if (page.rows.empty())
        return Html(
            "<p>No airing matches yet. Boards report within seconds, or when they next have a network.</p>");
    Html rows;
    for (const auto& row : page.rows)
        rows += airing_row(row, page.channel ? page.channel->place_facts(row.record.place).zone : "UTC");
    return table(Html("<th>Time at the place</th><th>Board</th><th>Segment</th><th>Language</th>"
                      "<th>Campaign</th><th class=\"n\">Shown</th><th>Status</th>"),
                 rows);
}

/// Downloads the as-run list of one place's day.
Html as_run_form(const AiringsPage& page) {
    const auto release = page.channel ? page.channel->release() : nullptr;
    if (!release) return {};
    Html places;
    for (const auto& [code, country] : release->content.catalogue.countries)
        for (const auto& place : country.places) places += option(place.id, place.id);
    const auto formats = option("csv", "CSV", true) + option("bxf", "BXF (SMPTE ST 2021)") +
                         option("ccms", "CCMS (SCTE 118-3)");
    return Html(
        "<section><h2>As-run list of a place's day</h2><p>Every planned airing and what became of it, for a "
        "TV "
        "partner's traffic department.</p><form class=\"filter\" method=\"get\" action=\"{}\">{}<label>Place"
        "<select name=\"place\">{}</select></label><label>Format<select name=\"format\">{}</select></label>"
        "<button>Download</button></form></section>",
        Url("/as-run"), date_field("day", "Day", page.filter.from), places, formats);
}

std::string count_text(const AiringsPage& page) {
    if (page.count >= page.count_cap) return "more than " + std::to_string(page.count_cap - 1) + " airings";
    return std::to_string(page.count) + (page.count == 1 ? " airing" : " airings");
}

}  // namespace

Html airings_page(const AiringsPage& page, const Session& session) {
    const bool newest = page.order == AiringOrder::newest;
    Html next;
    if (page.next)
        next = Html("<p><a class=\"button plain\" rel=\"next\" href=\"{}\">{}</a></p>",
                    with_order(with_filter(Url("/airings"), page.filter), page.order)
                        .with("after", cursor_text(*page.next)),
                    newest ? "Older" : "Newer");
    const auto other = newest ? AiringOrder::oldest : AiringOrder::newest;
    const Html turn("<a class=\"button plain\" href=\"{}\">{}</a>",
                    with_order(with_filter(Url("/airings"), page.filter), other),
                    newest ? "Oldest first" : "Newest first");
    const Html content(
        "<h1>Airings</h1><p class=\"lead\">What boards recorded: every airing, and every "
        "planned one "
        "that did not happen with its reason.</p><section>{}{}</section><section><div class=\"row\">"
        "<strong id=\"count\">{}</strong>{}{}</div>{}{}</section>{}",
        filter_form(page), pruned_note(page.pruned_before), count_text(page), turn,
        export_links(
            [&](const std::string& ending) { return with_filter(Url("/airings.{}", ending), page.filter); }),
        airing_table(page), next, as_run_form(page));
    return layout("Airings", Section::airings, &session, content);
}

}  // namespace riverlight::office
