#include "firmware/status/page.hpp"

#include "content/airing/health.hpp"
#include "content/base/json.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;
using http::html;

std::string local(const BoardView& view, Instant at) {
    return view.zone.empty() ? to_rfc3339(at) : scheduler::local_text(at, view.zone);
}

json::value report_json(const BoardView& view) {
    if (!view.report) return nullptr;
    return json::object{{"state", to_text(view.report->state)},
                        {"fingerprint", view.report->fingerprint},
                        {"fault", view.report->fault}};
}

/// The members that the status JSON shares with the health report (content/airing/health.hpp).
json::object common_json(const BoardView& view) {
    json::array alarms;
    for (const auto& text : alarms_of(view)) alarms.emplace_back(text);
    json::value until = nullptr;
    if (!view.release.empty()) until = to_rfc3339(view.signed_until);
    return {{"format", 1},
            {"board", view.board},
            {"at", to_rfc3339(view.clock.now)},
            {"version", view.version},
            {"mode", to_text(view.mode)},
            {"clock", to_text(view.clock.state)},
            {"clock_error_ms", view.clock.error ? view.clock.error->count() : -1},
            {"release", view.release},
            {"signed_until", std::move(until)},
            {"queue", view.journal.last - view.journal.receipted},
            {"alarms", std::move(alarms)}};
}

json::object outlet_json(const OutletView& o) {
    json::value on = nullptr;
    if (o.on_air)
        on = json::object{{"airing", o.on_air->airing},
                          {"segment", o.on_air->segment},
                          {"locale", o.on_air->locale_aired},
                          {"campaign", o.on_air->campaign},
                          {"started", to_rfc3339(o.on_air->started.value_or(Instant{}))}};
    return {{"id", o.id}, {"on_air", std::move(on)}, {"slate", o.slate}};
}

json::array outputs_json(const OutletView& o) {
    json::array out;
    for (const auto& output : o.outputs) {
        json::object figures;
        for (const auto& [key, value] : output.figures) figures[key] = value;
        out.push_back(json::object{{"name", output.name},
                                   {"sending", output.sending},
                                   {"words", output.words},
                                   {"trouble", output.trouble},
                                   {"figures", std::move(figures)}});
    }
    return out;
}

std::string_view to_text(StickNote::State state) {
    return state == StickNote::State::reading ? "reading"
           : state == StickNote::State::done  ? "done"
                                              : "failed";
}

json::value stick_json(const BoardView& view) {
    if (!view.stick) return nullptr;
    return json::object{{"state", to_text(view.stick->state)},
                        {"words", view.stick->words},
                        {"at", to_rfc3339(view.stick->at)}};
}

std::string status_json(const BoardView& view) {
    auto status = common_json(view);
    status["place"] = view.place;
    status["journal"] = view.journal.last;
    status["office"] = report_json(view);
    status["stick"] = stick_json(view);
    status["fetching"] = view.fetching;
    json::array outlets;
    for (const auto& o : view.outlets) {
        auto outlet = outlet_json(o);
        json::array next;
        for (const auto& p : o.next)
            next.push_back(json::object{{"airing", p.id},
                                        {"segment", p.segment},
                                        {"locale", p.locale},
                                        {"start", to_rfc3339(p.start)}});
        outlet["next"] = std::move(next);
        outlet["outputs"] = outputs_json(o);
        outlet["frames"] = o.frames;
        outlet["late_frames"] = o.late_frames;
        outlet["player_bytes"] = o.resident_bytes;
        outlet["player_restarts"] = o.restarts;
        outlets.push_back(std::move(outlet));
    }
    status["outlets"] = std::move(outlets);
    return pretty_json(status);
}

/// A label's value (Prometheus text format 0.0.4).
std::string label(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += c == '"' || c == '\\' ? std::string{'\\', c} : c == '\n' ? " " : std::string{c};
    return out;
}

/// Each output of each feed: whether it sends, and what it counted.
std::string output_metrics(const BoardView& view) {
    std::string out =
        "# HELP riverlight_output_sending 1 where the stream leaves by this output\n"
        "# TYPE riverlight_output_sending gauge\n";
    std::map<std::string, std::string> by_figure;
    for (const auto& o : view.outlets)
        for (const auto& output : o.outputs) {
            const auto labels = "{outlet=\"" + o.id + "\",output=\"" + label(output.name) + "\"} ";
            out += "riverlight_output_sending" + labels + (output.sending ? "1\n" : "0\n");
            for (const auto& [key, value] : output.figures)
                by_figure[key] += "riverlight_output_" + key + labels + std::to_string(value) + '\n';
        }
    for (const auto& [key, lines] : by_figure)
        out += "# TYPE riverlight_output_" + key +
               (key == "receivers" || key == "srt_rtt_ms" ? " gauge\n" : " counter\n") + lines;
    return out;
}

std::string metrics(const BoardView& view) {
    std::string out;
    const auto metric = [&](std::string_view name, std::string_view type, std::string_view help) {
        out += "# HELP riverlight_" + std::string(name) + ' ' + std::string(help) + "\n# TYPE riverlight_" +
               std::string(name) + ' ' + std::string(type) + '\n';
    };
    const auto value = [&](std::string_view name, const std::string& label, std::int64_t number) {
        out += "riverlight_" + std::string(name) + label + ' ' + std::to_string(number) + '\n';
    };
    const auto each = [&](std::string_view name, std::string_view type, std::string_view help,
                          const auto& number) {
        metric(name, type, help);
        for (const auto& o : view.outlets) value(name, "{outlet=\"" + o.id + "\"}", number(o));
    };
    metric("mode", "gauge",
           "1 for the mode the board runs in: normal, no-state (state folder unusable), safe");
    for (const auto mode : {Mode::normal, Mode::no_state, Mode::safe})
        value("mode", "{mode=\"" + std::string(to_text(mode)) + "\"}", view.mode == mode);
    metric("journal_airings", "counter", "Airings recorded in this epoch");
    value("journal_airings", "", view.journal.last);
    metric("journal_queue", "gauge", "Airings the office has no receipt for");
    value("journal_queue", "", view.journal.last - view.journal.receipted);
    metric("clock_synchronised", "gauge", "1 where a time source disciplines the clock");
    value("clock_synchronised", "", view.clock.state == content::ClockState::synchronised);
    metric("channel_signed_until_seconds", "gauge",
           "When the channel's signatures end, Unix time; 0: no channel yet");
    value("channel_signed_until_seconds", "",
          view.release.empty() ? 0 : view.signed_until.time_since_epoch().count() / 1'000'000);
    each("outlet_frames_total", "counter", "Frames that left the player",
         [](const auto& o) { return o.frames; });
    each("outlet_late_frames_total", "counter", "Frames more than one frame late",
         [](const auto& o) { return o.late_frames; });
    each("outlet_on_slate", "gauge", "1 where nothing but the slate is on",
         [](const auto& o) -> std::int64_t { return o.slate; });
    // A feed's own check of what leaves (player/feed/monitor.hpp): numbers as its player gives them.
    for (const auto& o : view.outlets)
        for (const auto& [key, text] : o.evidence)
            if (!key.starts_with("output_") && text.find_first_not_of("0123456789.-") == text.npos)
                out += "riverlight_feed_" + key + "{outlet=\"" + o.id + "\"} " + text + '\n';
    out += output_metrics(view);
    each("player_resident_bytes", "gauge", "Memory of the player",
         [](const auto& o) { return o.resident_bytes; });
    each("player_restarts_total", "counter", "Times the player was started anew",
         [](const auto& o) { return o.restarts; });
    return out;
}

constexpr std::string_view head = R"html(<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Board status · Riverlight</title><style>
:root{color-scheme:light dark;--ink:#12262b;--paper:#f4f7f6;--card:#fff;--line:#d5dfdd;--good:#17705a;--bad:#a4341f}
@media(prefers-color-scheme:dark){:root{--ink:#e6efee;--paper:#0e1a1d;--card:#16262a;--line:#2b4046;--good:#6fd2b0;--bad:#ff9b83}}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:60rem;margin:auto;padding:1rem}h1{font-size:1.4rem;margin:.3rem 0}h2{font-size:1.1rem;margin:0 0 .5rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem;margin:1rem 0}
img{width:100%;height:auto;max-width:40rem;border-radius:.4rem;display:block;background:#000;aspect-ratio:16/9}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.6rem 0}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
.well{color:var(--good)}.wrong{color:var(--bad)}ul{margin:.3rem 0;padding-left:1.2rem}</style><main>
)html";

// The picture and the words are fetched anew; without scripts the page stands as it was loaded.
constexpr std::string_view script = R"html(<script>
setInterval(()=>{document.querySelectorAll('img[data-src]').forEach(i=>{const n=new Image();n.onload=()=>i.src=n.src;n.src=i.dataset.src+'?'+Date.now()})},1000);
setInterval(async()=>{try{const t=await(await fetch('/')).text();const d=new DOMParser().parseFromString(t,'text/html');
document.querySelectorAll('[data-live]').forEach(e=>{const n=d.getElementById(e.id);if(n&&n.innerHTML!==e.innerHTML)e.innerHTML=n.innerHTML})}catch{
document.getElementById('alarms').innerHTML='<p class="wrong">The board does not answer.</p>'}},3000)</script></main></html>
)html";

/// How a feed's outputs stand.
std::string outputs_on_page(const OutletView& o) {
    if (o.outputs.empty()) return {};
    std::string out = "<dt>Outputs</dt><dd><ul>";
    for (const auto& output : o.outputs)
        out += "<li>" + html(output.name) +
               (output.trouble ? ": <span class=\"wrong\">" : ": <span class=\"well\">") +
               (output.sending ? "sending" : "not sending") +
               (output.words.empty() ? "" : "; " + html(output.words)) + "</span></li>";
    out += "</ul></dd>";
    if (!o.hls.empty())
        out += "<dt>HLS</dt><dd><a href=\"/outlet/" + html(o.id) + "/live.m3u8\">/outlet/" + html(o.id) +
               "/live.m3u8</a></dd>";
    return out;
}

std::string page(const BoardView& view) {
    std::string out(head);
    out += "<h1>" + html(view.place_name.empty() ? view.place : view.place_name) +
           "</h1><section id=\"alarms\" data-live aria-live=\"polite\">";
    const auto alarms = alarms_of(view);
    if (alarms.empty()) out += "<p class=\"well\">All is well.</p>";
    for (const auto& text : alarms) out += "<p class=\"wrong\">" + html(text) + "</p>";
    out += "</section>";
    for (const auto& o : view.outlets) {
        const auto picture = "/outlet/" + html(o.id) + ".jpg";
        out += "<section><h2>" + html(o.id) + "</h2><img alt=\"What " + html(o.id) +
               " shows now\" width=\"640\" height=\"360\" src=\"" + picture + "\" data-src=\"" + picture +
               "\"><div id=\"on-" + html(o.id) + "\" data-live><dl><dt>On air</dt><dd>";
        out += o.on_air ? html(o.on_air->segment) + " (" + html(o.on_air->locale_aired) + "), since " +
                              html(local(view, o.on_air->started.value_or(Instant{})))
               : o.closed ? "nothing: the place is closed"
                          : "the slate";
        out += "</dd><dt>Next</dt><dd>";
        if (o.next.empty())
            out += "nothing is planned";
        else {
            out += "<ul>";
            for (const auto& p : o.next)
                out += "<li>" + html(local(view, p.start).substr(view.zone.empty() ? 0 : 11)) + " " +
                       html(p.segment) + " (" + html(p.locale) + ")</li>";
            out += "</ul>";
        }
        out += "</dd>" + outputs_on_page(o) + "</dl></div></section>";
    }
    out += "<section id=\"facts\" data-live><dl><dt>Board</dt><dd>" + html(view.board) +
           "</dd><dt>Local time</dt><dd>" + html(local(view, view.clock.now)) + " " + html(view.zone) +
           "</dd><dt>Clock</dt><dd>" + html(to_text(view.clock.state)) +
           (view.clock.error ? ", within " + std::to_string(view.clock.error->count()) + " ms" : "") +
           "</dd><dt>Channel</dt><dd>" +
           (view.release.empty()
                ? "none yet"
                : html(view.release) + ", signed until " + html(local(view, view.signed_until))) +
           (view.fetching.empty() ? "" : "</dd><dt>Fetching</dt><dd>" + html(view.fetching)) +
           "</dd><dt>Journal</dt><dd>" + std::to_string(view.journal.last) + " airings, " +
           std::to_string(view.journal.last - view.journal.receipted) +
           " not yet with the office</dd><dt>Office</dt><dd>" +
           (view.report
                ? html(to_text(view.report->state)) + ", fingerprint of this board " + html(view.report->fingerprint)
                : "none is set up; the journal stays here") +
           "</dd><dt>Stick</dt><dd>" +
           (view.stick ? html(view.stick->words) + " (" + html(local(view, view.stick->at)) + ")"
                       : "none was put in yet") +
           "</dd><dt>Version</dt><dd>" + html(view.version) + "</dd></dl></section>";
    return out + std::string(script);
}

}  // namespace

std::string health_json(const BoardView& view, std::int64_t disk_free) {
    content::HealthReport report;
    report.board = view.board;
    report.at = view.clock.now;
    report.version = view.version;
    report.mode = to_text(view.mode);
    report.clock = view.clock.state;
    report.clock_error = view.clock.error;
    report.release = view.release;
    if (!view.release.empty()) report.signed_until = view.signed_until;
    report.queue = view.journal.last - view.journal.receipted;
    if (disk_free >= 0) report.disk_free_bytes = disk_free;
    report.alarms = alarms_of(view);
    for (const auto& o : view.outlets) {
        content::HealthReport::Outlet outlet{o.id, {}, o.slate};
        if (const auto& on = o.on_air)
            outlet.on_air = {on->airing, on->segment, on->locale_aired, on->campaign,
                             on->started.value_or(Instant{})};
        report.outlets.push_back(std::move(outlet));
    }
    return content::write_health(report);
}

std::vector<std::string> alarms_of(const BoardView& view) {
    std::vector<std::string> out;
    const bool normal = view.mode == Mode::normal;  // else the notices say more
    if (view.release.empty() && normal)
        out.emplace_back("No channel has arrived yet, so the slate is shown.");
    if (!view.syncing.empty()) out.push_back(view.syncing);
    out.insert(out.end(), view.notices.begin(), view.notices.end());
    for (const auto& o : view.outlets)
        if (!o.journal_fault.empty())
            out.push_back("What airs on " + o.id + " is kept in memory only: " + o.journal_fault);
    for (const auto& o : view.outlets)
        if (o.slate && !o.on_air && !o.closed && !view.release.empty())
            out.push_back("Outlet " + o.id + " shows the slate." +
                          (o.trouble.empty() ? "" : " " + o.trouble));
    for (const auto& o : view.outlets)
        for (const auto& output : o.outputs)
            if (output.trouble)
                out.push_back("Outlet " + o.id + ", " + output.name + ": " + output.words + ".");
    if (view.report && !view.report->fault.empty()) out.push_back("Office: " + view.report->fault + ".");
    if (!view.clock.fault.empty())
        out.push_back(view.clock.fault);
    else if (view.clock.state == content::ClockState::floor)
        out.emplace_back("The clock is not set; airings are kept with the latest time that is sure.");
    if (normal && !view.release.empty() && view.clock.now > view.signed_until)
        out.emplace_back(
            "The channel's signatures have ended; what is here goes on playing. Connect the board to its "
            "channel.");
    return out;
}

namespace {

/// A file of an outlet's HLS, by the names its player gives them; nothing for any other path.
std::optional<http::Response> hls_response(std::string_view path, const OutletView& o) {
    const auto folder = "/outlet/" + o.id + '/';
    if (o.hls.empty() || !path.starts_with(folder)) return {};
    const auto name = path.substr(folder.size());
    const auto number =
        name.starts_with("live-") && name.ends_with(".ts") ? name.substr(5, name.size() - 8) : "";
    const bool segment = !number.empty() && number.find_first_not_of("0123456789") == number.npos;
    if (!segment && name != "live.m3u8") return {};
    http::Response response;
    response.file = o.hls + '/' + std::string(name);
    response.type = segment ? "video/mp2t" : "application/vnd.apple.mpegurl";  // RFC 8216, 10
    // A segment's name never comes again; the list is another every few seconds.
    response.headers = {{"Cache-Control", segment ? "public, max-age=3600, immutable" : "no-cache"},
                        {"Access-Control-Allow-Origin", "*"}};  // for players on a partner's own pages
    return response;
}

}  // namespace

http::Response status_response(const http::Request& request, const BoardView& view) {
    if (request.method != "GET" && request.method != "HEAD")
        return http::problem(405, "method", "Only GET is answered here", request.method);
    http::Response response;
    response.headers.emplace_back("Cache-Control", "no-store");
    if (request.path == "/") {
        response.type = "text/html; charset=utf-8";
        response.headers.emplace_back(
            "Content-Security-Policy",
            "default-src 'none'; img-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; script-src "
            "'unsafe-inline'; base-uri 'none'; form-action 'none'");
        response.body = page(view);
        return response;
    }
    if (request.path == "/v1/status") {
        response.type = "application/json";
        response.body = status_json(view);
        return response;
    }
    if (request.path == "/metrics") {
        response.type = "text/plain; version=0.0.4; charset=utf-8";
        response.body = metrics(view);
        return response;
    }
    for (const auto& o : view.outlets) {
        if (auto hls = hls_response(request.path, o)) return *hls;
        if (request.path != "/outlet/" + o.id + ".jpg") continue;
        response.type = "image/jpeg";
        response.file = o.snapshot;
        return response;
    }
    return http::problem(404, "not-found", "There is no such page", request.path);
}

}  // namespace riverlight::firmware
