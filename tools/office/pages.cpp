#include "tools/office/pages.hpp"

#include <array>

#include "content/base/crypto.hpp"
#include "firmware/http/server.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::office {
namespace {

using http::html;
using namespace std::chrono;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> sections{
    {{"/boards", "Boards"}, {"/airings", "Airings"}, {"/planned", "Planned against aired"}}};

std::string hidden(const Session& session) {
    return "<input type=\"hidden\" name=\"form_token\" value=\"" + session.form_token + "\">";
}

std::string layout(const std::string& title, std::string_view active, const Session* session,
                   const std::string& content) {
    std::string out =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>" +
        html(title) +
        " · Riverlight office</title><link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" "
        "href=\"/style.css\"><script src=\"/app.js\" "
        "defer></script></head><body><a class=\"skip\" href=\"#main\">Skip to content</a><header><div><a "
        "class=\"logo\" href=\"/\">Riverlight office</a>";
    if (session) {
        out += "<nav aria-label=\"Pages\">";
        for (const auto& [path, name] : sections)
            out += "<a href=\"" + std::string(path) + "\"" +
                   (path == active ? " aria-current=\"page\"" : "") + ">" + std::string(name) + "</a>";
        out += "</nav><form class=\"who\" method=\"post\" action=\"/sign-out\">" + hidden(*session) +
               "<span>" + html(session->user) + "</span><button>Sign out</button></form>";
    }
    return out +
           "</div></header><main id=\"main\"><p id=\"lost\" class=\"bad\" role=\"status\" hidden>The office "
           "does "
           "not answer; what you see may be old.</p>" +
           content + "</main></body></html>\n";
}

std::string ago(Instant then, Instant now) {
    const auto s = duration_cast<seconds>(now - then).count();
    if (s < 60) return s < 0 ? "just now" : std::to_string(s) + " s ago";
    if (s < 3600) return std::to_string(s / 60) + " min ago";
    if (s < 86400) return std::to_string(s / 3600) + " h ago";
    return std::to_string(s / 86400) + " days ago";
}

std::string chip(std::string_view mood, std::string_view text) {
    return "<span class=\"chip " + std::string(mood) + "\">" + html(text) + "</span>";
}

std::string board_chip(const BoardView& b) {
    if (b.row.state == BoardState::pending) return chip("warn", "waiting for approval");
    if (b.row.state == BoardState::retired) return chip("soft", "retired");
    if (b.quiet) return chip("bad", "not heard");
    return b.alarms.empty() ? chip("well", "well") : chip("warn", "needs a look");
}

std::string on_air_cell(const BoardView& b) {
    if (b.outlets.empty()) return "<span class=\"soft\">not told yet</span>";
    std::string out;
    for (const auto& o : b.outlets)
        out += "<div>" +
               (o.segment.empty() ? "the slate"
                                  : html(o.segment) + " <small>" + html(o.locale) + ", " + html(o.campaign) +
                                        " on " + html(o.id) + "</small>") +
               "</div>";
    return out;
}

std::string clock_cell(const BoardView& b) {
    if (b.clock.empty()) return "";
    const auto error =
        b.clock_error_ms >= 0 ? "<small>within " + std::to_string(b.clock_error_ms) + " ms</small>" : "";
    if (b.clock == "synchronised") return "synchronised" + std::string(error);
    if (b.clock == "unsynchronised") return chip("warn", "not synchronised") + error;
    return chip("bad", "not set");
}

std::string channel_cell(const BoardView& b, Instant now) {
    if (!b.row.heard) return "";
    if (b.release.empty()) return chip("bad", "none yet");
    std::string out = "<span class=\"mono\">" + html(b.release) + "</span>";
    if (b.signed_until && *b.signed_until < now) return out + " " + chip("bad", "signatures ended");
    if (b.behind) return out + " " + chip("warn", "not the newest");
    return out;
}

std::string td(std::string_view label, const std::string& content, std::string_view cls = "") {
    return "<td data-label=\"" + std::string(label) + "\"" +
           (cls.empty() ? "" : " class=\"" + std::string(cls) + "\"") + ">" +
           (content.empty() ? "" : "<div>" + content + "</div>") + "</td>";
}

std::string approve_form(const BoardView& b, const Session& session) {
    const auto fingerprint = key_fingerprint(b.row.public_key);
    return "<section class=\"note\"><h2>" + html(b.row.board) +
           " wants to join</h2><p>Compare with the board's own status page, or ask "
           "whoever stands before it. Its fingerprint is</p><p class=\"code mono\">" +
           fingerprint + "</p><form class=\"row\" method=\"post\" action=\"/boards/" + html(b.row.board) +
           "/approve\">" + hidden(session) + "<input type=\"hidden\" name=\"fingerprint\" value=\"" +
           fingerprint + "\"><button>The fingerprints match: approve</button></form></section>";
}

std::string choice(std::string_view value, std::string_view text, std::string_view chosen) {
    return "<option value=\"" + html(value) + "\"" + (value == chosen ? " selected" : "") + ">" + html(text) +
           "</option>";
}

std::string choices(std::string_view name, std::string_view label, const std::vector<std::string>& values,
                    const std::string& chosen, std::string (*word)(const std::string&) = nullptr) {
    std::string out = "<label>" + std::string(label) + "<select name=\"" + std::string(name) + "\">" +
                      choice("", "all", chosen);
    bool listed = chosen.empty();
    for (const auto& value : values) {
        out += choice(value, word ? word(value) : value, chosen);
        listed = listed || value == chosen;
    }
    if (!listed) out += choice(chosen, chosen, chosen);
    return out + "</select></label>";
}

std::string date_field(std::string_view name, std::string_view label, const std::optional<local_days>& day) {
    return "<label>" + std::string(label) + "<input type=\"date\" name=\"" + std::string(name) +
           "\" value=\"" + (day ? to_iso(*day) : "") + "\"></label>";
}

std::string status_chip(const std::string& status) {
    const auto mood = status == "aired"                                  ? "well"
                      : status == "truncated" || status == "substituted" ? "warn"
                                                                         : "bad";
    return chip(mood, status_word(status));
}

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

}  // namespace

std::string status_word(const std::string& status) {
    if (status == "truncated") return "cut short";
    if (status == "substituted") return "replaced";
    if (status == "skipped") return "not aired";
    return status;
}

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

std::string sign_in_page(const std::string& complaint, bool has_users) {
    std::string out = "<section class=\"login\"><h1>Sign in</h1>";
    if (!has_users)
        out +=
            "<p>Nobody can sign in yet. Make the first user with <code>riverlight-office user add NAME "
            "--state "
            "FOLDER</code>.</p>";
    if (!complaint.empty()) out += "<p class=\"bad\" role=\"alert\">" + html(complaint) + "</p>";
    out +=
        "<form method=\"post\" action=\"/sign-in\"><label>User<input name=\"user\" autocomplete=\"username\" "
        "autocapitalize=\"none\" required autofocus></label><label>Password<input name=\"password\" "
        "type=\"password\" autocomplete=\"current-password\" required></label><button>Sign "
        "in</button></form></section>";
    return layout("Sign in", "", nullptr, out);
}

std::string message_page(const std::string& title, const std::string& text,
                         const std::optional<Session>& session) {
    return layout(title, "", session ? &*session : nullptr,
                  "<section><h1>" + html(title) + "</h1><p>" + html(text) +
                      "</p><p><a class=\"button\" href=\"/\">Go on</a></p></section>");
}

std::string boards_page(const BoardsPage& page, const Session& session) {
    std::string out =
        "<h1>Boards</h1><p class=\"lead\">Every screen and feed that reports here: when it was last heard, "
        "what it "
        "shows now, and what is wrong.</p>";
    if (!page.complaint.empty()) out += "<p class=\"bad\" role=\"alert\">" + html(page.complaint) + "</p>";
    if (!page.new_code.empty())
        out += "<section class=\"note\" id=\"new-code\"><h2>Claim code for " + html(page.new_code_place) +
               "</h2><p class=\"code mono\">" + html(page.new_code) +
               "</p><p>Put it into the board's settings under [office] as claim_code. It works once, for 30 "
               "days, and is not "
               "shown again.</p></section>";
    out += "<div id=\"live\" data-live=\"/boards\">";
    if (!page.fault.empty())
        out += "<section class=\"note bad-note\"><p class=\"bad\">The channel could not be read: " +
               html(page.fault) + "</p></section>";
    for (const auto& alarm : page.alarms)
        out += "<section class=\"note bad-note\"><p class=\"bad\"><strong>" + html(alarm.board) +
               "</strong>: " + html(alarm.text) + " <small>" + ago(alarm.at, page.now) +
               "</small></p></section>";
    for (const auto& b : page.boards)
        if (b.row.state == BoardState::pending) out += approve_form(b, session);
    out += "<section><h2>All boards</h2>";
    if (page.boards.empty()) {
        out += "<p>None has enrolled yet. Make a claim code below and put it into the board's settings.</p>";
    } else {
        out +=
            "<table class=\"stack\"><thead><tr><th>Board</th><th>State</th><th>Last heard</th><th>On air "
            "now</th><th>Clock</th><th>Channel</th><th class=\"n\">Waiting airings</th></tr></thead><tbody>";
        for (const auto& b : page.boards) {
            std::string wrong;
            if (b.row.state == BoardState::active)
                for (const auto& alarm : b.alarms)
                    wrong += "<small class=\"warn\">" + html(alarm) + "</small>";
            out += "<tr>" +
                   td("Board", "<strong><a href=\"/airings?board=" + html(b.row.board) + "\">" +
                                   html(b.row.board) + "</a></strong><small>" + html(b.place_name) +
                                   (b.country.empty() ? "" : ", " + html(country_name(b.country))) +
                                   "</small>") +
                   td("State", board_chip(b) + wrong) +
                   td("Last heard", b.row.heard ? ago(*b.row.heard, page.now) + "<small>" +
                                                      html(scheduler::local_text(*b.row.heard, b.zone)) +
                                                      " there</small>"
                                                : "never") +
                   td("On air now", b.quiet || b.row.state != BoardState::active ? "" : on_air_cell(b)) +
                   td("Clock", clock_cell(b)) + td("Channel", channel_cell(b, page.now)) +
                   td("Waiting airings", std::to_string(b.queue), "n") + "</tr>";
        }
        out += "</tbody></table>";
    }
    out +=
        "</section></div><section><h2>New board</h2><form class=\"filter\" method=\"post\" "
        "action=\"/claims\">" +
        hidden(session) + "<label>Place<select name=\"place\" required><option value=\"\">choose</option>";
    for (const auto& place : page.places) out += choice(place, place, "");
    out += "</select></label><button>Make a claim code</button></form></section>";
    std::string retire;
    for (const auto& b : page.boards)
        if (b.row.state == BoardState::active) retire += choice(b.row.board, b.row.board, "");
    if (!retire.empty())
        out +=
            "<section><h2>Retire a board</h2><p class=\"soft\">It may report no more; what it reported "
            "stays.</p><form "
            "class=\"filter\" method=\"post\" action=\"/boards/retire\">" +
            hidden(session) +
            "<label>Board<select name=\"board\" required><option value=\"\">choose</option>" + retire +
            "</select></label><button class=\"plain\">Retire</button></form></section>";
    return layout("Boards", "/boards", &session, out);
}

std::string airings_page(const AiringsPage& page, const Session& session) {
    static const std::vector<std::string> statuses{"aired",   "truncated", "substituted",
                                                   "skipped", "failed",    "interrupted"};
    const auto& f = page.filter;
    std::string out =
        "<h1>Airings</h1><p class=\"lead\">What boards recorded, newest first: every airing, and every "
        "planned one that "
        "did not happen with its reason.</p><section><form class=\"filter\" method=\"get\">" +
        date_field("from", "From day", f.from) + date_field("until", "Until day", f.until) +
        choices("country", "Country", page.countries, f.country,
                [](const std::string& c) { return country_name(c); }) +
        choices("language", "Language", page.locales, f.locale) +
        choices("campaign", "Campaign", page.campaigns, f.campaign) +
        choices("segment", "Segment", page.segments, f.segment) +
        choices("status", "Status", statuses, f.status, [](const std::string& s) { return status_word(s); }) +
        choices("board", "Board", page.boards, f.board) +
        "<button>Show</button></form></section><section><div class=\"row\"><strong id=\"count\">" +
        (page.count >= page.count_cap ? "more than " + std::to_string(page.count_cap - 1)
                                      : std::to_string(page.count)) +
        (page.count == 1 ? " airing" : " airings") +
        "</strong><a class=\"button plain\" href=\"/airings.csv?" + html(page.query) +
        "\">Export as CSV</a></div>";
    if (page.rows.empty()) {
        out +=
            "<p>None yet that fits. Boards hand over what they recorded within seconds, or when they next "
            "have a network.</p>";
    } else {
        out +=
            "<table class=\"stack\"><thead><tr><th>Time at the "
            "place</th><th>Board</th><th>Segment</th><th>Language</th><th>Campaign"
            "</th><th>Status</th></tr></thead><tbody>";
        for (const auto& row : page.rows) {
            const auto& r = row.record;
            const auto zone = page.programme ? page.programme->facts(r.place).zone : "UTC";
            const auto at = scheduler::local_text(time_of(r), zone);
            std::string when = html(at.substr(0, 10)) + " <strong>" + html(at.substr(11)) + "</strong>";
            if (r.started && r.planned_start &&
                floor<seconds>(*r.started) != floor<seconds>(*r.planned_start))
                when +=
                    "<small>began " + html(scheduler::local_text(*r.started, zone).substr(11)) + "</small>";
            if (r.clock != firmware::ClockState::synchronised)
                when += "<small>clock " +
                        std::string(r.clock == firmware::ClockState::floor ? "not set" : "not synchronised") +
                        "</small>";
            const auto language =
                html(r.locale_aired.empty() ? r.locale_asked : r.locale_aired) +
                (!r.locale_aired.empty() && r.locale_aired != r.locale_asked && !r.locale_asked.empty()
                     ? "<small>asked: " + html(r.locale_asked) + "</small>"
                     : "");
            out += "<tr>" + td("Time at the place", when) +
                   td("Board", html(r.board) + "<small>" + html(r.outlet) +
                                   (row.country.empty() ? "" : ", " + html(country_name(row.country))) +
                                   "</small>") +
                   td("Segment", html(r.segment)) + td("Language", language) +
                   td("Campaign", html(r.campaign)) +
                   td("Status", status_chip(r.status) +
                                    (r.reason.empty() ? "" : "<small>" + html(r.reason) + "</small>")) +
                   "</tr>";
        }
        out += "</tbody></table>";
        if (!page.next.empty())
            out += "<p><a class=\"button plain\" rel=\"next\" href=\"/airings?" + html(page.query) +
                   (page.query.empty() ? "" : "&amp;") + "after=" + html(page.next) + "\">Older</a></p>";
    }
    return layout("Airings", "/airings", &session, out + "</section>");
}

std::string planned_page(const PlannedPage& page, const Session& session) {
    Tally all;
    for (const auto& country : page.countries) all += country.tally;
    std::string out =
        "<h1>Planned against aired</h1><p class=\"lead\">What each place's schedule asked for on a day, and "
        "what its board "
        "says became of it.</p><section><form class=\"filter\" method=\"get\">" +
        date_field("day", "Day", page.day) +
        choices("country", "Country", page.choices, page.country,
                [](const std::string& c) { return country_name(c); }) +
        "<button>Show</button></form></section>";
    if (!page.fault.empty())
        out += "<section class=\"note bad-note\"><p class=\"bad\">The channel could not be read: " +
               html(page.fault) + "</p></section>";
    if (page.release.empty())
        return layout("Planned against aired", "/planned", &session,
                      out +
                          "<section><p>No channel has been read yet, so nothing is known of what was "
                          "planned.</p></section>");
    out += "<section><h2>" + nice_date(page.day) +
           (page.country.empty() ? "" : ", " + html(country_name(page.country))) +
           "</h2><div class=\"figures\"><div><span class=\"big\" id=\"share\">" + share(all) +
           "</span><small>of what was due aired</small></div>" + "<div><strong>" + std::to_string(all.due()) +
           "</strong><small>due</small></div><div><strong>" + std::to_string(all.aired) +
           "</strong><small>aired</small></div><div><strong>" + std::to_string(all.partly) +
           "</strong><small>in part</small></div><div><strong>" + std::to_string(all.missed) +
           "</strong><small>not aired</small></div><div><strong>" + std::to_string(all.silent) +
           "</strong><small>nothing heard</small></div><div><strong>" + std::to_string(all.upcoming) +
           "</strong><small>still to come</small></div></div></section>";
    out += "<section><h2>By country</h2>" + legend() +
           "<table class=\"stack\"><thead><tr><th>Country</th><th>Planned</th>" + std::string(number_heads) +
           "</tr></thead><tbody>";
    for (const auto& c : page.countries)
        out +=
            "<tr>" +
            td("Country", "<a href=\"/planned?day=" + to_iso(page.day) + "&amp;country=" + html(c.country) +
                              "\">" + html(country_name(c.country)) + "</a>") +
            td("Planned",
               c.places.empty() ? "<span class=\"soft\">no board reports from here</span>" : bar(c.tally)) +
            (c.places.empty() ? no_numbers() : number_cells(c.tally)) + "</tr>";
    out += "</tbody></table></section><section><h2>By day" +
           (page.country.empty() ? std::string() : ", " + html(country_name(page.country))) + "</h2>" +
           legend() + "<table class=\"stack\"><thead><tr><th>Day</th><th>Planned</th>" +
           std::string(number_heads) + "</tr></thead><tbody>";
    for (const auto& [day, tally] : page.days)
        out += "<tr>" +
               td("Day", "<a class=\"day\" href=\"/planned?day=" + to_iso(day) +
                             (page.country.empty() ? "" : "&amp;country=" + html(page.country)) + "\">" +
                             to_iso(day) + "</a>") +
               td("Planned", bar(tally)) + number_cells(tally) + "</tr>";
    out +=
        "</tbody></table></section><section><h2>By place</h2><table "
        "class=\"stack\"><thead><tr><th>Place</th><th>Planned</th>" +
        std::string(number_heads) + "</tr></thead><tbody>";
    std::string without;
    for (const auto& c : page.countries) {
        for (const auto& p : c.places) {
            std::string reasons;
            for (const auto& [reason, count] : p.comparison.reasons)
                reasons += "<li>" + std::to_string(count) + " × " + html(reason) + "</li>";
            if (p.comparison.tally.unplanned > 0)
                reasons += "<li>" + std::to_string(p.comparison.tally.unplanned) +
                           " × aired from another release's plan</li>";
            out += "<tr>" +
                   td("Place", "<strong>" + html(p.name) + "</strong><small>" + html(p.place) + ", " +
                                   html(country_name(c.country)) + "</small>" +
                                   (reasons.empty() ? "" : "<ul class=\"reasons\">" + reasons + "</ul>")) +
                   td("Planned", bar(p.comparison.tally)) + number_cells(p.comparison.tally) + "</tr>";
        }
        for (const auto& place : c.without_board) without += (without.empty() ? "" : ", ") + html(place);
    }
    out += "</tbody></table>";
    if (!without.empty()) out += "<p class=\"soft\">No board reports from " + without + ".</p>";
    return layout("Planned against aired", "/planned", &session,
                  out + "<p class=\"soft\">Days are local to each place. Release now: <span class=\"mono\">" +
                      html(page.release) + "</span>.</p></section>");
}

}  // namespace riverlight::office
