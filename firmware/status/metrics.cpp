#include "firmware/status/metrics.hpp"

#include <map>

#include "content/base/plain_text.hpp"
#include "firmware/status/alarms.hpp"

namespace riverlight::firmware {
namespace {

/// A label's value (Prometheus text format 0.0.4).
std::string label(std::string_view text) {
    std::string out;
    for (const char c : plain_text(text)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
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

}  // namespace

std::string metrics_text(const BoardView& view) {
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
           "1 for the mode the board runs in: normal, no-state (state folder unusable), "
           "no-settings (settings unreadable), safe");
    for (const auto mode : {RunMode::normal, RunMode::no_state, RunMode::no_settings, RunMode::safe})
        value("mode", "{mode=\"" + std::string(to_text(mode)) + "\"}", view.mode == mode);
    metric("journal_airings", "counter", "Airings recorded in this epoch");
    value("journal_airings", "", view.journal.last);
    metric("journal_queue", "gauge", "Airings the office has no receipt for");
    value("journal_queue", "", view.journal.last - view.journal.receipted);
    metric("alarm", "gauge", "Alarms by concern; 0 where there is none");
    std::map<Concern, std::int64_t> alarms;
    for (const auto& alarm : list_alarms(view)) ++alarms[alarm.notice.concern];
    for (const auto concern : every_concern)
        value("alarm", "{concern=\"" + std::string(to_text(concern)) + "\"}", alarms[concern]);
    metric("clock_synchronised", "gauge", "1 where a time source disciplines the clock");
    value("clock_synchronised", "", view.clock.state == content::ClockState::synchronised);
    metric("channel_signed_until_seconds", "gauge",
           "When the channel's signatures end, Unix time; 0: no channel yet");
    value("channel_signed_until_seconds", "",
          view.release ? floor<std::chrono::seconds>(view.release->signed_until).time_since_epoch().count()
                       : 0);
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
    each("player_restarts_total", "counter", "Times the player was started again",
         [](const auto& o) { return o.restarts; });
    return out;
}

}  // namespace riverlight::firmware
