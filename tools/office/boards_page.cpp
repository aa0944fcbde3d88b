#include "content/base/crypto.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"

namespace riverlight::office {
namespace {

using html::Url;
using namespace std::chrono;

/// How long ago something was, in the largest whole unit.
std::string age_text(Instant then, Instant now) {
    const auto age = floor<seconds>(now - then);
    if (age < 0s) return "just now";
    if (age < 1min) return std::to_string(age.count()) + " s ago";
    if (age < 1h) return std::to_string(floor<minutes>(age).count()) + " min ago";
    if (age < days(1)) return std::to_string(floor<hours>(age).count()) + " h ago";
    return std::to_string(floor<days>(age).count()) + " days ago";
}

Html state_chip(const BoardSummary& b) {
    switch (b.row.state) {
        case BoardState::pending:
            return chip(Mood::warning, "waiting for approval");
        case BoardState::retired:
            return chip(Mood::quiet, "retired");
        case BoardState::active:
            if (b.quiet) return chip(Mood::bad, "no contact");
            if (b.twins_since) return chip(Mood::bad, "two devices");
            return b.alarms.empty() ? chip(Mood::good, "well") : chip(Mood::warning, "needs attention");
    }
    return {};
}

Html on_air_cell(const BoardSummary& b) {
    if (b.outlets.empty()) return Html("<span class=\"soft\">not reported yet</span>");
    Html out;
    for (const auto& o : b.outlets)
        out += o.segment.empty()
                   ? Html("<div>the slate</div>")
                   : Html("<div>{} <small>{}, {} on {}</small></div>", o.segment, o.locale, o.campaign, o.id);
    return out;
}

Html clock_cell(const BoardSummary& b) {
    if (b.clock.empty()) return {};
    const auto error = b.clock_error ? Html("<small>within {} ms</small>", b.clock_error->count()) : Html();
    if (b.clock == "synchronised") return Html("synchronised{}", error);
    if (b.clock == "unsynchronised") return chip(Mood::warning, "not synchronised") + error;
    return chip(Mood::bad, "not set");
}

Html channel_cell(const BoardSummary& b, Instant now) {
    if (!b.row.heard) return {};
    if (b.release.empty()) return chip(Mood::bad, "none yet");
    Html out("<span class=\"mono\">{}</span>", b.release);
    if (b.signed_until && *b.signed_until < now)
        return out + Html(" ") + chip(Mood::bad, "signatures expired");
    if (b.behind) return out + Html(" ") + chip(Mood::warning, "not the newest");
    return out;
}

/// The version of the whole system where the channel updates it, else that of the program.
Html system_cell(const BoardSummary& b) {
    if (!b.system) return Html::text(b.row.version);
    const auto& system = *b.system;
    auto out = Html::text(system.version);
    if (!system.slot.empty()) out += Html("<small>slot {}</small>", system.slot);
    if (const auto words = content::describe_update(system); !words.empty())
        out += Html("<small>{}</small>", words);
    if (system.last && system.last->fault != content::UpdateFault::none)
        out += Html("<small class=\"warn\">{} {} there</small>", content::describe_last_update(system),
                    scheduler::local_text(system.last->at, b.zone));
    return out;
}

Html approve_form(const BoardSummary& b, const std::string& public_key, std::string_view meanwhile,
                  const Session& session) {
    const auto fingerprint = key_fingerprint(public_key);
    return Html(
        "<section class=\"note\"><h2>{} asks to join</h2><p>{}Compare its fingerprint with the one on the "
        "board's own status page, or ask the person who stands in front of it. Its fingerprint is</p><p "
        "class=\"code mono\">{}</p>"
        "<form class=\"row\" method=\"post\" action=\"{}\">{}<input type=\"hidden\" name=\"fingerprint\" "
        "value=\"{}\">"
        "<button>The fingerprints match: approve</button></form>"
        "<form class=\"row\" method=\"post\" action=\"{}\">{}<input type=\"hidden\" name=\"fingerprint\" "
        "value=\"{}\">"
        "<button class=\"plain\">It is none of our devices: decline</button></form></section>",
        b.row.board, meanwhile, fingerprint, Url("/boards/{}/approve", b.row.board),
        form_token_field(session), fingerprint, Url("/boards/{}/decline", b.row.board),
        form_token_field(session), fingerprint);
}

/// Stays until a person says which device is the board.
Html twins_form(const BoardSummary& b, Instant now, const Session& session) {
    Html options;
    for (const auto& device : b.devices)
        options += option(device.run, "run " + device.run + ", last heard " + age_text(device.heard, now) +
                                          ", first heard " + age_text(device.first, now));
    return Html(
        "<section class=\"note\" id=\"twins-{}\"><h2>Two devices report as {}</h2><p role=\"alert\">Its "
        "card, or a "
        "copy of it, is in use in two devices, known since {} there. Both go on playing, and what both air "
        "is "
        "kept.</p><p>Find out which of them belongs to the place: each device's status page names its run. "
        "Choose that one here. The other gives up the key and has to enrol again, with a claim code of the "
        "place "
        "where it stands.</p>"
        "<form class=\"filter\" method=\"post\" action=\"{}\">{}<label>Device that stays<select name=\"run\" "
        "required><option value=\"\">choose</option>{}</select></label><button>This one "
        "stays</button></form></section>",
        b.row.board, b.row.board, scheduler::local_text(*b.twins_since, b.zone),
        Url("/boards/{}/twins", b.row.board), form_token_field(session), options);
}

Html board_row(const BoardSummary& b, Instant now) {
    const bool active = b.row.state == BoardState::active;
    Html alarms;
    if (active)
        for (const auto& alarm : b.alarms) alarms += Html("<small class=\"warn\">{}</small>", alarm);
    const auto heard = b.row.heard ? Html("{}<small>{} there</small>", age_text(*b.row.heard, now),
                                          scheduler::local_text(*b.row.heard, b.zone))
                                   : Html("never");
    const auto where = b.place_name + (b.country.empty() ? "" : ", " + country_name(b.country));
    return Html("<tr>{}{}{}{}{}{}{}{}</tr>",
                cell("Board", Html("<strong><a href=\"{}\">{}</a></strong><small>{}</small>",
                                   Url("/airings").with("board", b.row.board), b.row.board, where)),
                cell("State", state_chip(b) + alarms), cell("Last heard", heard),
                cell("On air now", b.quiet || !active ? Html() : on_air_cell(b)),
                cell("Clock", clock_cell(b)), cell("Channel", channel_cell(b, now)),
                cell("System", active ? system_cell(b) : Html()),
                number_cell("Waiting airings", Html("{}", b.queue)));
}

Html board_table(const BoardsPage& page) {
    if (page.boards.empty())
        return Html(
            "<section><h2>All boards</h2><p>No board has enrolled yet. Make a claim code below and put it "
            "into the "
            "board's settings.</p></section>");
    Html rows;
    for (const auto& b : page.boards) rows += board_row(b, page.now);
    return Html("<section><h2>All boards</h2>{}</section>",
                table(Html("<th>Board</th><th>State</th><th>Last heard</th><th>On air now</th><th>Clock</th>"
                           "<th>Channel</th><th>System</th><th class=\"n\">Waiting airings</th>"),
                      rows));
}

/// The part that the browser fetches again.
Html live_part(const BoardsPage& page, const Session& session) {
    auto out = channel_problem(page.channel_fault);
    for (const auto& alarm : page.alarms)
        out += problem_box(Html("<strong>{}</strong>: {} <small>{}</small>", alarm.board, alarm.text,
                                age_text(alarm.at, page.now)));
    for (const auto& b : page.boards) {
        if (b.twins_since) out += twins_form(b, page.now, session);
        if (b.row.state == BoardState::pending) out += approve_form(b, b.row.public_key, "", session);
        if (b.applicant)
            out +=
                approve_form(b, b.applicant->public_key,
                             "Another device enrolled in its place. The one that reports now goes on until "
                             "you approve this one. ",
                             session);
    }
    return out + board_table(page);
}

Html new_code_box(const NewClaimCode& made) {
    return Html(
        "<section class=\"note\" id=\"new-code\"><h2>Claim code for {}</h2><p class=\"code "
        "mono\">{}</p><p>Put it into "
        "the board's settings under [office] as claim_code. It works once, for 30 days, and is not shown "
        "again.</p></section>",
        made.place, made.code);
}

/// The form of a section that sends one choice.
Html choice_form(const Session& session, const Url& action, std::string_view name, std::string_view label,
                 const Html& options, const Html& button) {
    return Html(
        "<form class=\"filter\" method=\"post\" action=\"{}\">{}<label>{}<select name=\"{}\" required>"
        "<option value=\"\">choose</option>{}</select></label>{}</form>",
        action, form_token_field(session), label, name, options, button);
}

Html new_board_section(const BoardsPage& page, const Session& session) {
    Html options;
    for (const auto& place : page.places) options += option(place, place);
    return Html("<section><h2>New board</h2>{}</section>",
                choice_form(session, Url("/claims"), "place", "Place", options,
                            Html("<button>Make a claim code</button>")));
}

Html retire_section(const BoardsPage& page, const Session& session) {
    Html options;
    for (const auto& b : page.boards)
        if (b.row.state == BoardState::active) options += option(b.row.board, b.row.board);
    if (options.empty()) return {};
    return Html(
        "<section><h2>Retire a board</h2><p class=\"soft\">It may no longer report; what it reported "
        "stays.</p>{}</section>",
        choice_form(session, Url("/boards/retire"), "board", "Board", options,
                    Html("<button class=\"plain\">Retire</button>")));
}

}  // namespace

Html boards_page(const BoardsPage& page, const Session& session) {
    Html out(
        "<h1>Boards</h1><p class=\"lead\">Every screen and feed that reports here: when it last reported, "
        "what it "
        "shows now, and what is wrong.</p>");
    if (!page.error.empty()) out += Html("<p class=\"bad\" role=\"alert\">{}</p>", page.error);
    if (page.new_code) out += new_code_box(*page.new_code);
    out += Html("<div id=\"live\" data-live=\"{}\">{}</div>", Url("/boards"), live_part(page, session));
    return layout("Boards", Section::boards, &session,
                  out + new_board_section(page, session) + retire_section(page, session));
}

}  // namespace riverlight::office
