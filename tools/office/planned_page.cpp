#include <array>

#include "content/http/server.hpp"
#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"

namespace riverlight::office {
namespace {

using http::html;
using namespace parts;
using namespace std::chrono;

std::string nice_date(local_days day) {
    static constexpr std::array<std::string_view, 7> days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                          "Thursday", "Friday", "Saturday"};
    static constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                             "May",       "June",     "July",     "August",
                                                             "September", "October",  "November", "December"};
    const year_month_day date(day);
    return std::string(days.at(weekday(day).c_encoding())) + " " + std::to_string(unsigned(date.day())) +
           " " + std::string(months.at(unsigned(date.month()) - 1)) + " " + std::to_string(int(date.year()));
}

std::string share(const Tally& t) {
    const auto percent = percent_aired(t);
    return percent < 0 ? "–" : std::to_string(percent) + " %";
}

std::string legend() {
    std::string out = "<ul class=\"legend\">";
    for (const auto& [cls, word] :
         std::array<std::pair<std::string_view, std::string_view>, 5>{{{"aired", "aired"},
                                                                       {"partly", "in part"},
                                                                       {"missed", "not aired, with a reason"},
                                                                       {"silent", "nothing heard"},
                                                                       {"upcoming", "still to come"}}})
        out +=
            "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect width=\"10\" height=\"10\" rx=\"2\" "
            "class=\"" +
            std::string(cls) + "\"/></svg>" + std::string(word) + "</li>";
    return out + "</ul>";
}

std::string number_cells(const Tally& t) {
    return td("Due", std::to_string(t.due()), "n") + td("Aired", std::to_string(t.aired), "n") +
           td("In part", std::to_string(t.partly), "n") + td("Not aired", std::to_string(t.missed), "n") +
           td("Nothing heard", std::to_string(t.silent), "n") + td("Share aired", share(t), "n");
}

/// Where no board reports there is nothing to count, which is not the same as nought.
std::string no_numbers() {
    std::string out;
    for (int i = 0; i < 6; ++i) out += "<td></td>";
    return out;
}

constexpr std::string_view number_heads =
    "<th class=\"n\">Due</th><th class=\"n\">Aired</th><th class=\"n\">In part</th><th class=\"n\">Not "
    "aired</th>"
    "<th class=\"n\">Nothing heard</th><th class=\"n\">Share aired</th>";

/// `first` names what a row stands for.
std::string tally_table(std::string_view first, const std::string& rows) {
    return table("<th>" + std::string(first) + "</th><th>Planned</th>" + std::string(number_heads), rows);
}

std::string tally_row(std::string_view label, const std::string& what, const Tally& tally) {
    return "<tr>" + td(label, what) + td("Planned", bar(tally)) + number_cells(tally) + "</tr>";
}

std::string of_country(const PlannedPage& page) {
    return page.country.empty() ? std::string() : ", " + html(country_name(page.country));
}

std::string figures(const PlannedPage& page) {
    Tally all;
    for (const auto& country : page.countries) all += country.tally;
    std::string out = "<section><h2>" + nice_date(page.day) + of_country(page) +
                      "</h2><div class=\"figures\"><div><span class=\"big\" id=\"share\">" + share(all) +
                      "</span><small>of what was due aired</small></div>";
    for (const auto& [count, word] :
         std::array<std::pair<int, std::string_view>, 6>{{{all.due(), "due"},
                                                          {all.aired, "aired"},
                                                          {all.partly, "in part"},
                                                          {all.missed, "not aired"},
                                                          {all.silent, "nothing heard"},
                                                          {all.upcoming, "still to come"}}})
        out += "<div><strong>" + std::to_string(count) + "</strong><small>" + std::string(word) +
               "</small></div>";
    return out + "</div></section>";
}

std::string by_country(const PlannedPage& page) {
    std::string rows;
    for (const auto& c : page.countries) {
        const auto link = "<a href=\"/planned?day=" + to_iso(page.day) + "&amp;country=" + html(c.country) +
                          "\">" + html(country_name(c.country)) + "</a>";
        rows += c.places.empty()
                    ? "<tr>" + td("Country", link) +
                          td("Planned", "<span class=\"soft\">no board reports from here</span>") +
                          no_numbers() + "</tr>"
                    : tally_row("Country", link, c.tally);
    }
    return "<section><h2>By country</h2>" + legend() + tally_table("Country", rows) + "</section>";
}

std::string by_day(const PlannedPage& page) {
    std::string rows;
    for (const auto& [day, tally] : page.days)
        rows += tally_row("Day",
                          "<a class=\"day\" href=\"/planned?day=" + to_iso(day) +
                              (page.country.empty() ? "" : "&amp;country=" + html(page.country)) + "\">" +
                              to_iso(day) + "</a>",
                          tally);
    return "<section><h2>By day" + of_country(page) + "</h2>" + legend() + tally_table("Day", rows) +
           "</section>";
}

std::string reasons_of(const Comparison& comparison) {
    std::string out;
    for (const auto& [reason, count] : comparison.reasons)
        out += "<li>" + std::to_string(count) + " × " + html(reason) + "</li>";
    if (comparison.tally.unplanned > 0)
        out +=
            "<li>" + std::to_string(comparison.tally.unplanned) + " × aired from another release's plan</li>";
    return out.empty() ? out : "<ul class=\"reasons\">" + out + "</ul>";
}

std::string by_place(const PlannedPage& page) {
    std::string rows, without;
    for (const auto& c : page.countries) {
        for (const auto& p : c.places)
            rows += tally_row("Place",
                              "<strong>" + html(p.name) + "</strong><small>" + html(p.place) + ", " +
                                  html(country_name(c.country)) + "</small>" + reasons_of(p.comparison),
                              p.comparison.tally);
        for (const auto& place : c.without_board) without += (without.empty() ? "" : ", ") + html(place);
    }
    std::string out = "<section><h2>By place</h2>";
    if (!rows.empty()) out += tally_table("Place", rows);
    if (!without.empty()) out += "<p class=\"soft\">No board reports from " + without + ".</p>";
    return out + "<p class=\"soft\">Days are local to each place. Release now: <span class=\"mono\">" +
           html(page.release) + "</span>.</p></section>";
}

}  // namespace

std::string bar(const Tally& t) {
    const std::array<std::tuple<int, std::string_view, std::string_view>, 5> parts{
        {{t.aired, "aired", "aired"},
         {t.partly, "partly", "in part"},
         {t.missed, "missed", "not aired"},
         {t.silent, "silent", "nothing heard"},
         {t.upcoming, "upcoming", "still to come"}}};
    std::string rects, words;
    const auto total = std::max(1, t.planned());
    double x = 0;
    for (const auto& [count, cls, word] : parts) {
        if (count == 0) continue;
        const auto width = 1000.0 * count / total;
        rects += "<rect x=\"" + std::to_string(x) + "\" width=\"" + std::to_string(width) +
                 "\" height=\"10\" class=\"" + std::string(cls) + "\"/>";
        words += (words.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(word);
        x += width;
    }
    if (words.empty()) words = "nothing planned";
    return "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" "
           "aria-label=\"" +
           words + "\"><title>" + words + "</title>" + rects + "</svg>";
}

std::string planned_page(const PlannedPage& page, const Session& session) {
    std::string out =
        "<h1>Planned against aired</h1><p class=\"lead\">What each place's schedule asked for on a day, and "
        "what its "
        "board says became of it.</p><section><form class=\"filter\" method=\"get\">" +
        date_field("day", "Day", page.day) +
        choices("country", "Country", page.choices, page.country, country_name) +
        "<button>Show</button></form></section>";
    out += channel_trouble(page.fault);
    out += page.release.empty() ? "<section><p>No channel has been read yet, so nothing is known of what was "
                                  "planned.</p></section>"
                                : figures(page) + by_country(page) + by_day(page) + by_place(page);
    return layout("Planned against aired", "/planned", &session, out);
}

}  // namespace riverlight::office
