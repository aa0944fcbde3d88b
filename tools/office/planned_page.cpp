#include <array>
#include <set>

#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"

namespace riverlight::office {
namespace {

using html::Url;
using namespace std::chrono;

/// A part of a tally: its class in the style sheet, its name, its count.
struct TallyPart {
    std::string_view style, name, legend;
    int Tally::*count;
};
constexpr std::array<TallyPart, 5> tally_parts{
    {{"aired", "aired", "aired", &Tally::aired},
     {"partly", "in part", "in part", &Tally::partly},
     {"missed", "not aired", "not aired, with a reason", &Tally::missed},
     {"silent", "nothing heard", "nothing heard", &Tally::silent},
     {"upcoming", "still to come", "still to come", &Tally::upcoming}}};

/// Tuesday 24 November 2026.
std::string long_date(local_days day) {
    static constexpr std::array<std::string_view, 7> days{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                          "Thursday", "Friday", "Saturday"};
    static constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                             "May",       "June",     "July",     "August",
                                                             "September", "October",  "November", "December"};
    const year_month_day date(day);
    return std::string(days.at(weekday(day).c_encoding())) + " " + std::to_string(unsigned(date.day())) +
           " " + std::string(months.at(unsigned(date.month()) - 1)) + " " + std::to_string(int(date.year()));
}

std::string percent_text(const std::optional<int>& percent) {
    return percent ? std::to_string(*percent) + " %" : "–";
}

Html legend() {
    Html items;
    for (const auto& part : tally_parts)
        items += Html(
            "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect width=\"10\" height=\"10\" rx=\"2\" "
            "class=\"{}\"/></svg>{}</li>",
            part.style, part.legend);
    return Html("<ul class=\"legend\">{}</ul>", items);
}

/// `first` names what a row is about.
Html tally_table(std::string_view first, const Html& rows) {
    return table(
        Html("<th>{}</th><th>Planned</th><th class=\"n\">Due</th><th class=\"n\">Aired</th>"
             "<th class=\"n\">In part</th><th class=\"n\">Not aired</th><th class=\"n\">Nothing heard</th>"
             "<th class=\"n\">Share aired</th><th class=\"n\">Shown</th>",
             first),
        rows);
}

Html tally_row(std::string_view label, const Html& subject, const Tally& t) {
    return Html(
        "<tr>{}{}{}{}{}{}{}{}{}</tr>", cell(label, subject), cell("Planned", tally_bar(t)),
        number_cell("Due", Html("{}", t.due())), number_cell("Aired", Html("{}", t.aired)),
        number_cell("In part", Html("{}", t.partly)), number_cell("Not aired", Html("{}", t.missed)),
        number_cell("Nothing heard", Html("{}", t.silent)),
        number_cell("Share aired", Html("{}", percent_text(percent_aired(t)))),
        number_cell("Shown", Html("{}<small>of {}</small>", time_text(t.shown), time_text(t.due_time))));
}

/// Where no board reports there are no numbers, which differs from zero.
Html row_without_board(std::string_view label, const Html& subject) {
    return Html("<tr>{}{}<td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>",
                cell(label, subject),
                cell("Planned", Html("<span class=\"soft\">no board reports from here</span>")));
}

/// The end of a heading, where one country is chosen.
std::string country_suffix(const PlannedPage& page) {
    return page.country.empty() ? std::string() : ", " + country_name(page.country);
}

Html figure(int count, std::string_view name) {
    return Html("<div><strong>{}</strong><small>{}</small></div>", count, name);
}

Html figures(const PlannedPage& page) {
    Tally all;
    for (const auto& country : page.countries) all += country.tally;
    Html counts = figure(all.due(), "due");
    for (const auto& part : tally_parts) counts += figure(all.*part.count, part.name);
    return Html(
        "<section><h2>{}{}</h2><div class=\"figures\"><div><span class=\"big\" id=\"share\">{}</span>"
        "<small>of what was due aired</small></div><div><strong id=\"shown\">{}</strong><small>of the time "
        "due "
        "was shown: {} of {}</small></div>{}</div></section>",
        long_date(page.day), country_suffix(page), percent_text(percent_aired(all)),
        percent_text(percent_shown(all)), time_text(all.shown), time_text(all.due_time), counts);
}

Html by_country(const PlannedPage& page) {
    Html rows;
    for (const auto& c : page.countries) {
        const Html link("<a href=\"{}\">{}</a>",
                        Url("/planned").with("day", to_iso(page.day)).with("country", c.country),
                        country_name(c.country));
        rows += c.places.empty() ? row_without_board("Country", link) : tally_row("Country", link, c.tally);
    }
    return Html("<section><h2>By country</h2>{}{}</section>", legend(), tally_table("Country", rows));
}

/// The day split by one part of what was promised.
Html by_subject(const PlannedPage& page, Split split, std::string_view title) {
    std::map<std::string, Tally> tallies;
    for (const auto& country : page.countries)
        for (const auto& [key, tally] : split_by(split, country.by_subject)) tallies[key] += tally;
    std::erase_if(tallies, [](const auto& one) { return one.second.planned() == 0; });
    if (tallies.empty()) return {};
    Html rows;
    for (const auto& [key, tally] : tallies) rows += tally_row(title, Html::text(key), tally);
    return Html("<section><h2>By {}{}</h2>{}</section>", title, country_suffix(page),
                tally_table(title, rows));
}

Html by_day(const PlannedPage& page) {
    Html rows;
    for (const auto& [day, tally] : page.days) {
        auto url = Url("/planned").with("day", to_iso(day));
        if (!page.country.empty()) url = url.with("country", page.country);
        rows += tally_row("Day", Html("<a class=\"day\" href=\"{}\">{}</a>", url, to_iso(day)), tally);
    }
    return Html("<section><h2>By day{}</h2>{}{}</section>", country_suffix(page), legend(),
                tally_table("Day", rows));
}

Html reasons_of(const PlaceSum& place) {
    Html items;
    for (const auto& [reason, count] : place.reasons) items += Html("<li>{} × {}</li>", count, reason);
    const auto& t = place.tally;
    if (t.filler > 0) items += Html("<li>{} × fillers aired, {}</li>", t.filler, time_text(t.filler_time));
    if (t.unplanned > 0)
        items += Html("<li>{} × aired though in no plan, {}</li>", t.unplanned, time_text(t.unplanned_time));
    return items.empty() ? items : Html("<ul class=\"reasons\">{}</ul>", items);
}

Html by_place(const PlannedPage& page) {
    Html rows;
    std::string without_board;
    std::size_t waiting = 0;
    for (const auto& c : page.countries) {
        for (const auto& p : c.places)
            rows += tally_row("Place",
                              Html("<strong>{}</strong><small>{}, {}</small>{}", p.name, p.place,
                                   country_name(c.country), reasons_of(p)),
                              p.tally);
        waiting += c.being_planned.size();
        for (const auto& place : c.without_board)
            without_board += (without_board.empty() ? "" : ", ") + place;
    }
    return Html(
        "<section><h2>By place</h2>{}{}{}<p class=\"soft\">Days are local to each place. Release now: "
        "<span class=\"mono\">{}</span>.</p></section>",
        rows.empty() ? Html() : tally_table("Place", rows),
        waiting == 0 ? Html()
                     : Html("<p class=\"soft\">The day of {} more is not planned yet. The office plans today "
                            "and tomorrow, one place after the other.</p>",
                            waiting),
        without_board.empty() ? Html()
                              : Html("<p class=\"soft\">No board reports from {}.</p>", without_board),
        page.release);
}

/// Downloads every promise with its outcome.
Html export_form(const PlannedPage& page) {
    const auto hidden = page.country.empty()
                            ? Html()
                            : Html("<input type=\"hidden\" name=\"country\" value=\"{}\">", page.country);
    std::set<std::string> places, locales, campaigns;
    for (const auto& country : page.countries) {
        for (const auto& place : country.places) places.insert(place.place);
        for (const auto& [subject, _] : country.by_subject) {
            locales.insert(subject.locale);
            campaigns.insert(subject.campaign);
        }
    }
    const auto choice = [](std::string_view name, std::string_view label,
                           const std::set<std::string>& values) {
        return select_field(name, label, {values.begin(), values.end()}, "");
    };
    return Html(
        "<section><h2>Every promise and what became of it</h2><form class=\"filter\" method=\"get\" "
        "action=\"{}\">{}{}{}{}{}{}<button>Export as CSV</button><button class=\"plain\" "
        "formaction=\"{}\">Export as Excel</button><button class=\"plain\" formaction=\"{}\">Export as JSON "
        "lines</button></form></section>",
        Url("/planned.csv"), date_field("from", "From day", page.day),
        date_field("until", "Until day", page.day), choice("place", "Place", places),
        choice("language", "Language", locales), choice("campaign", "Campaign", campaigns), hidden,
        Url("/planned.xlsx"), Url("/planned.jsonl"));
}

}  // namespace

Html tally_bar(const Tally& t) {
    Html rects;
    std::string words;
    const auto total = std::max(1, t.planned());
    double x = 0;
    for (const auto& part : tally_parts) {
        const auto count = t.*part.count;
        if (count == 0) continue;
        const auto width = 1000.0 * count / total;
        rects += Html("<rect x=\"{}\" width=\"{}\" height=\"10\" class=\"{}\"/>", std::to_string(x),
                      std::to_string(width), part.style);
        words += (words.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(part.name);
        x += width;
    }
    if (words.empty()) words = "nothing planned";
    return Html(
        "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"{}\">"
        "<title>{}</title>{}</svg>",
        words, words, rects);
}

Html planned_page(const PlannedPage& page, const Session& session) {
    const Html form("<form class=\"filter\" method=\"get\">{}{}<button>Show</button></form>",
                    date_field("day", "Day", page.day),
                    select_field("country", "Country", page.channel_countries, page.country, country_name));
    const Html results =
        page.release.empty()
            ? Html("<section><p>The office has not read a channel yet, so it knows no plan.</p></section>")
            : figures(page) + by_country(page) + by_day(page) + by_place(page) +
                  by_subject(page, Split::campaign, "campaign") +
                  by_subject(page, Split::segment, "segment") + by_subject(page, Split::locale, "language") +
                  export_form(page);
    return layout(
        "Planned against aired", Section::planned, &session,
        Html("<h1>Planned against aired</h1><p class=\"lead\">What each place's schedule promised for a day, "
             "its fixed, rotation and block plays, and what became of each. Fillers are air time, not "
             "promises.</p><section>{}{}</section>{}{}",
             form, pruned_note(page.pruned_before), channel_problem(page.channel_fault), results));
}

}  // namespace riverlight::office
