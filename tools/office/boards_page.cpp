#include "content/base/crypto.hpp"
#include "content/http/server.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"

namespace riverlight::office {
namespace {

using http::html;
using namespace parts;
using namespace std::chrono;

std::string ago(Instant then, Instant now) {
    const auto s = duration_cast<seconds>(now - then).count();
    if (s < 60) return s < 0 ? "just now" : std::to_string(s) + " s ago";
    if (s < 3600) return std::to_string(s / 60) + " min ago";
    if (s < 86400) return std::to_string(s / 3600) + " h ago";
    return std::to_string(s / 86400) + " days ago";
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

std::string approve_form(const BoardView& b, const Session& session) {
    const auto fingerprint = key_fingerprint(b.row.public_key);
    return "<section class=\"note\"><h2>" + html(b.row.board) +
           " wants to join</h2><p>Compare with the board's own status page, or ask "
           "whoever stands before it. Its fingerprint is</p><p class=\"code mono\">" +
           fingerprint + "</p><form class=\"row\" method=\"post\" action=\"/boards/" + html(b.row.board) +
           "/approve\">" + hidden(session) + "<input type=\"hidden\" name=\"fingerprint\" value=\"" +
           fingerprint + "\"><button>The fingerprints match: approve</button></form></section>";
}

std::string board_row(const BoardView& b, Instant now) {
    std::string wrong, heard = "never";
    if (b.row.state == BoardState::active)
        for (const auto& alarm : b.alarms) wrong += "<small class=\"warn\">" + html(alarm) + "</small>";
    if (b.row.heard)
        heard = ago(*b.row.heard, now) + "<small>" + html(scheduler::local_text(*b.row.heard, b.zone)) +
                " there</small>";
    const auto where = html(b.place_name) + (b.country.empty() ? "" : ", " + html(country_name(b.country)));
    return "<tr>" +
           td("Board", "<strong><a href=\"/airings?board=" + html(b.row.board) + "\">" + html(b.row.board) +
                           "</a></strong><small>" + where + "</small>") +
           td("State", board_chip(b) + wrong) + td("Last heard", heard) +
           td("On air now", b.quiet || b.row.state != BoardState::active ? "" : on_air_cell(b)) +
           td("Clock", clock_cell(b)) + td("Channel", channel_cell(b, now)) +
           td("Waiting airings", std::to_string(b.queue), "n") + "</tr>";
}

/// What changes by itself and is fetched anew.
std::string live_part(const BoardsPage& page, const Session& session) {
    std::string out = channel_trouble(page.fault), rows;
    for (const auto& alarm : page.alarms)
        out += trouble("<strong>" + html(alarm.board) + "</strong>: " + html(alarm.text) + " <small>" +
                       ago(alarm.at, page.now) + "</small>");
    for (const auto& b : page.boards) {
        if (b.row.state == BoardState::pending) out += approve_form(b, session);
        rows += board_row(b, page.now);
    }
    out += "<section><h2>All boards</h2>";
    if (rows.empty())
        return out +
               "<p>None has enrolled yet. Make a claim code below and put it into the board's "
               "settings.</p></section>";
    return out +
           table(
               "<th>Board</th><th>State</th><th>Last heard</th><th>On air "
               "now</th><th>Clock</th><th>Channel</th>"
               "<th class=\"n\">Waiting airings</th>",
               rows) +
           "</section>";
}

std::string new_code(const BoardsPage& page) {
    return "<section class=\"note\" id=\"new-code\"><h2>Claim code for " + html(page.new_code_place) +
           "</h2><p class=\"code mono\">" + html(page.new_code) +
           "</p><p>Put it into the board's settings under [office] as claim_code. It works once, for 30 "
           "days, and "
           "is not shown again.</p></section>";
}

/// A form that sends one choice.
std::string one_choice(const Session& session, std::string_view action, std::string_view name,
                       std::string_view label, const std::string& options, const std::string& button) {
    return "<form class=\"filter\" method=\"post\" action=\"" + std::string(action) + "\">" +
           hidden(session) + "<label>" + std::string(label) + "<select name=\"" + std::string(name) +
           "\" required><option value=\"\">choose</option>" + options + "</select></label>" + button +
           "</form>";
}

}  // namespace

std::string boards_page(const BoardsPage& page, const Session& session) {
    std::string out =
        "<h1>Boards</h1><p class=\"lead\">Every screen and feed that reports here: when it was last heard, "
        "what it "
        "shows now, and what is wrong.</p>";
    if (!page.complaint.empty()) out += "<p class=\"bad\" role=\"alert\">" + html(page.complaint) + "</p>";
    if (!page.new_code.empty()) out += new_code(page);
    out += "<div id=\"live\" data-live=\"/boards\">" + live_part(page, session) + "</div>";
    std::string places, active;
    for (const auto& place : page.places) places += choice(place, place, "");
    for (const auto& b : page.boards)
        if (b.row.state == BoardState::active) active += choice(b.row.board, b.row.board, "");
    out += "<section><h2>New board</h2>" +
           one_choice(session, "/claims", "place", "Place", places, "<button>Make a claim code</button>") +
           "</section>";
    if (!active.empty())
        out +=
            "<section><h2>Retire a board</h2><p class=\"soft\">It may report no more; what it reported "
            "stays.</p>" +
            one_choice(session, "/boards/retire", "board", "Board", active,
                       "<button class=\"plain\">Retire</button>") +
            "</section>";
    return layout("Boards", "/boards", &session, out);
}

}  // namespace riverlight::office
