#include "content/http/server.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"

namespace riverlight::office {
namespace {

using content::AiringStatus;
using http::html;
using namespace parts;
using namespace std::chrono;

std::string status_chip(AiringStatus status) {
    switch (status) {
        case AiringStatus::aired:
            return chip("well", status_word(status));
        case AiringStatus::truncated:
        case AiringStatus::substituted:
            return chip("warn", status_word(status));
        case AiringStatus::skipped:
        case AiringStatus::failed:
        case AiringStatus::interrupted:
            break;
    }
    return chip("bad", status_word(status));
}

std::string filter_form(const AiringsPage& page) {
    std::vector<std::string> statuses;
    for (const auto status : content::every_airing_status) statuses.emplace_back(to_text(status));
    const auto word = [](const std::string& text) {
        const auto status = content::parse_airing_status(text);
        return status ? status_word(*status) : text;
    };
    const auto& f = page.filter;
    return "<form class=\"filter\" method=\"get\">" + date_field("from", "From day", f.from) +
           date_field("until", "Until day", f.until) +
           choices("country", "Country", page.countries, f.country, country_name) +
           choices("language", "Language", page.locales, f.locale) +
           choices("campaign", "Campaign", page.campaigns, f.campaign) +
           choices("segment", "Segment", page.segments, f.segment) +
           choices("status", "Status", statuses, f.status, word) +
           choices("board", "Board", page.boards, f.board) + "<button>Show</button></form>";
}

std::string when_cell(const AiringRow& row, const std::string& zone) {
    const auto& r = row.record;
    const auto at = scheduler::local_text(row.placed ? row.placed->started : time_of(r), zone);
    std::string out = html(at.substr(0, 10)) + " <strong>" + html(at.substr(11)) + "</strong>";
    if (row.placed)
        return out + "<small>placed in time later; its clock was not set, and said " +
               html(scheduler::local_text(*r.started, zone)) + "</small>";
    if (r.started && r.planned_start && floor<seconds>(*r.started) != floor<seconds>(*r.planned_start))
        out += "<small>began " + html(scheduler::local_text(*r.started, zone).substr(11)) + "</small>";
    if (r.clock == content::ClockState::floor) out += "<small>clock not set</small>";
    if (r.clock == content::ClockState::unsynchronised) out += "<small>clock not synchronised</small>";
    return out;
}

std::string language_cell(const AiringRecord& r) {
    if (r.locale_aired.empty() || r.locale_asked.empty() || r.locale_aired == r.locale_asked)
        return html(r.locale_aired.empty() ? r.locale_asked : r.locale_aired);
    return html(r.locale_aired) + "<small>asked: " + html(r.locale_asked) + "</small>";
}

std::string airing_row(const AiringRow& row, const std::string& zone) {
    const auto& r = row.record;
    const auto country = row.country.empty() ? "" : ", " + html(country_name(row.country));
    const auto reason = r.reason.empty() ? "" : "<small>" + html(r.reason) + "</small>";
    return "<tr>" + td("Time at the place", when_cell(row, zone)) +
           td("Board", html(r.board) + "<small>" + html(r.outlet) + country + "</small>") +
           td("Segment", html(r.segment)) + td("Language", language_cell(r)) +
           td("Campaign", html(r.campaign)) +
           td("Status", (r.status ? status_chip(*r.status) : "") + reason) + "</tr>";
}

/// A partner's file of one place's day.
std::string as_run_form(const AiringsPage& page) {
    const auto release = page.programme ? page.programme->release() : nullptr;
    if (!release) return {};
    std::string places;
    for (const auto& [code, country] : release->content.catalogue.countries)
        for (const auto& place : country.places) places += choice(place.id, place.id, "");
    return "<section><h2>As-run list of a place's day</h2><p>Every planned airing, and what became of it: "
           "for a TV partner's traffic department.</p><form class=\"filter\" method=\"get\" "
           "action=\"/as-run\">" +
           date_field("day", "Day", page.filter.from) + "<label>Place<select name=\"place\">" + places +
           "</select></label><label>Format<select name=\"format\">" + choice("csv", "CSV", "csv") +
           choice("bxf", "BXF (SMPTE ST 2021)", "csv") + choice("ccms", "CCMS (SCTE 118-3)", "csv") +
           "</select></label><button>Download</button></form></section>";
}

std::string count_words(const AiringsPage& page) {
    if (page.count >= page.count_cap) return "more than " + std::to_string(page.count_cap - 1) + " airings";
    return std::to_string(page.count) + (page.count == 1 ? " airing" : " airings");
}

}  // namespace

std::string airings_page(const AiringsPage& page, const Session& session) {
    std::string out =
        "<h1>Airings</h1><p class=\"lead\">What boards recorded, newest first: every airing, and every "
        "planned one "
        "that did not happen with its reason.</p><section>" +
        filter_form(page) + "</section><section><div class=\"row\"><strong id=\"count\">" +
        count_words(page) + "</strong><a class=\"button plain\" href=\"/airings.csv?" + html(page.query) +
        "\">Export as CSV</a></div>";
    std::string rows;
    for (const auto& row : page.rows)
        rows += airing_row(row, page.programme ? page.programme->facts(row.record.place).zone : "UTC");
    out += rows.empty()
               ? "<p>None yet that fits. Boards hand over what they recorded within seconds, or when they "
                 "next have a network.</p>"
               : table(
                     "<th>Time at the place</th><th>Board</th><th>Segment</th><th>Language</th>"
                     "<th>Campaign</th><th>Status</th>",
                     rows);
    if (!page.next.empty())
        out += "<p><a class=\"button plain\" rel=\"next\" href=\"/airings?" + html(page.query) +
               (page.query.empty() ? "" : "&amp;") + "after=" + html(page.next) + "\">Older</a></p>";
    return layout("Airings", "/airings", &session, out + "</section>" + as_run_form(page));
}

}  // namespace riverlight::office
