#include "firmware/status/page.hpp"

#include "content/html/page.hpp"
#include "firmware/status/alarms.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {
namespace {

using html::Html;
using html::Url;
using namespace std::chrono_literals;

/// By the place's clock; UTC until the place is known.
std::string local_time(const BoardView& view, Instant at) {
    return view.place.zone.empty() ? to_rfc3339(at) : scheduler::local_text(at, view.place.zone);
}

/// The same without the date, where the place is known.
std::string local_hour(const BoardView& view, Instant at) {
    return local_time(view, at).substr(view.place.zone.empty() ? 0 : 11);
}

Html fact(std::string_view name, const Html& value) {
    return Html("<dt>{}</dt><dd>{}</dd>", name, value);
}

Html fact(std::string_view name, std::string_view value) {
    return fact(name, Html::text(value));
}

Html alarm_box(const AlarmText& text) {
    const auto facts =
        fact("Meanwhile", text.meanwhile) + fact("What to do", text.todo) + fact("Whom to call", text.call);
    const auto technician =
        text.technician.empty()
            ? Html()
            : Html("<p class=\"technician\"><small>For the technician: {}</small></p>", text.technician);
    return Html(
        "<div class=\"alarm\"><p class=\"bad\"><strong>{}</strong></p><dl class=\"pairs\">{}</dl>{}</div>",
        text.what, facts, technician);
}

Html alarms_section(const BoardView& view) {
    Html alarms;
    for (const auto& alarm : list_alarms(view)) alarms += alarm_box(alarm.text);
    if (alarms.empty()) alarms = Html("<p class=\"well\">All is well.</p>");
    return Html("<section id=\"alarms\" data-live=\"{}\" aria-live=\"polite\">{}</section>", Url("/"),
                alarms);
}

Html on_air(const BoardView& view, const OutletView& o) {
    if (o.on_air)
        return Html("{} ({}), since {}", o.on_air->segment, o.on_air->locale_aired,
                    local_time(view, o.on_air->started.value_or(Instant{})));
    return Html::text(o.closed ? "nothing: the place is closed" : "the slate");
}

Html next_airings(const BoardView& view, const OutletView& o) {
    if (o.next.empty()) return Html::text("nothing is planned");
    Html items;
    for (const auto& planned : o.next)
        items +=
            Html("<li>{} {} ({})</li>", local_hour(view, planned.start), planned.segment, planned.locale);
    return Html("<ul>{}</ul>", items);
}

/// Of a feed: whether it sends on each of its outputs, and where its HLS is.
Html feed_facts(const OutletView& o) {
    if (o.outputs.empty()) return {};
    Html items;
    for (const auto& output : o.outputs)
        items += Html("<li>{}: <span class=\"{}\">{}{}</span></li>", output.name,
                      output.trouble ? "bad" : "well", output.sending ? "sending" : "not sending",
                      output.words.empty() ? std::string{} : "; " + output.words);
    auto facts = fact("Outputs", Html("<ul>{}</ul>", items));
    if (o.hls.empty()) return facts;
    const Url playlist("/outlet/{}/live.m3u8", o.id);
    return facts + fact("HLS", Html("<a href=\"{}\">{}</a>", playlist, playlist));
}

Html outlet_section(const BoardView& view, const OutletView& o) {
    const Url picture("/outlet/{}.jpg", o.id);
    const auto facts = fact("On air", on_air(view, o)) + fact("Next", next_airings(view, o)) + feed_facts(o);
    return Html(
        "<section><h2>{}</h2><img class=\"screen\" alt=\"What {} shows now\" width=\"640\" height=\"360\" "
        "src=\"{}\" data-src=\"{}\"><div id=\"on-{}\" data-live=\"{}\"><dl "
        "class=\"pairs\">{}</dl></div></section>",
        o.id, o.id, picture, picture, o.id, Url("/"), facts);
}

std::string clock_text(const ClockReading& clock) {
    return std::string(to_text(clock.state)) +
           (clock.error ? ", within " + std::to_string(clock.error->count()) + " ms" : "");
}

std::string release_text(const BoardView& view) {
    if (!view.release) return "none yet";
    return view.release->name + ", signed until " + local_time(view, view.release->signed_until);
}

std::string office_text(const BoardView& view) {
    if (!view.report) return "none is set up; the journal stays here";
    return std::string(to_text(view.report->state)) + ", fingerprint of this board " +
           view.report->fingerprint;
}

std::string stick_text(const BoardView& view) {
    if (!view.stick) return "none was put in yet";
    return view.stick->message + " (" + local_time(view, view.stick->at) + ")";
}

std::string slot_text(const SlotReport& slots, SystemSlot slot) {
    const auto& record = slots.state.of(slot);
    return "slot " + std::string(to_text(slot)) + " is " + std::string(to_text(record.trust));
}

/// Versions and slots.
std::string system_text(const SystemView& system) {
    auto text = system.report.version;
    if (!system.slots) return text + "; nothing is known of the slots yet";
    const auto running = system.slots->running;
    text += ", " + slot_text(*system.slots, running) + "; " + slot_text(*system.slots, other_slot(running));
    return text + (system.other_version.empty() ? "" : ", version " + system.other_version);
}

/// What is waiting, and until when.
std::string update_text(const BoardView& view) {
    const auto& system = *view.system;
    if (!system.looked_after) return "waits until the board runs as usual";
    auto text = content::describe_update(system.report);
    if (text.empty()) return "the channel has no newer version for this board";
    if (system.next_idle) text += " The place is closed next at " + local_time(view, *system.next_idle) + '.';
    return text + (system.trouble.empty() ? "" : " Why: " + system.trouble + '.');
}

Html system_facts(const BoardView& view) {
    if (!view.system) return fact("System", "updated by its packages, not by the channel");
    auto facts = fact("System", system_text(*view.system)) + fact("Update", update_text(view));
    const auto& last = view.system->report.last;
    if (!last) return facts;
    return facts + fact("Last update", content::describe_last_update(view.system->report) + " (" +
                                           local_time(view, last->at) + ")");
}

Html facts_section(const BoardView& view) {
    auto facts = fact("Board", view.place.id) +
                 fact("Local time", local_time(view, view.clock.now) + " " + view.place.zone) +
                 fact("Clock", clock_text(view.clock)) + fact("Channel", release_text(view));
    if (!view.fetching.empty()) facts += fact("Fetching", view.fetching);
    facts += fact("Journal", std::to_string(view.journal.last) + " airings, " +
                                 std::to_string(view.journal.last - view.journal.receipted) +
                                 " not yet with the office");
    facts += fact("Office", office_text(view)) + fact("Stick", stick_text(view)) +
             fact("Version", view.version) + system_facts(view);
    return Html("<section id=\"facts\" data-live=\"{}\"><dl class=\"pairs\">{}</dl></section>", Url("/"),
                facts);
}

}  // namespace

Html status_page(const BoardView& view) {
    auto content = Html("<h1>{}</h1>", view.place.name.empty() ? view.place.id : view.place.name);
    content += alarms_section(view);
    for (const auto& outlet : view.outlets) content += outlet_section(view, outlet);
    content += facts_section(view);
    return html::served_page({.title = "Board status · Riverlight",
                              .name = "Riverlight",
                              .header = {},
                              .content = content,
                              .refresh = html::Refresh{3s, "The board does not answer."}});
}

}  // namespace riverlight::firmware
