#include "firmware/status/json.hpp"

#include <utility>

#include "content/airing/health.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "firmware/status/alarms.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

/// The heads are texts: their signatures are over these bytes.
json::value changed_past_json(const std::optional<content::AuditFinding>& finding) {
    if (!finding) return nullptr;
    return json::object{{"result", content::to_text(finding->result)},
                        {"since", to_rfc3339(finding->since)},
                        {"found", to_rfc3339(finding->found)},
                        {"before", finding->before},
                        {"after", finding->after}};
}

json::value report_json(const BoardView& view) {
    if (!view.report) return nullptr;
    return json::object{
        {"state", to_text(view.report->state)},
        {"fingerprint", view.report->fingerprint},
        {"fault", view.report->fault},
        {"run", view.report->run},
        {"changed_past", changed_past_json(view.report->changed_past)},
        {"two_boards",
         view.report->two_boards ? json::value(to_rfc3339(*view.report->two_boards)) : json::value(nullptr)}};
}

json::object alarm_json(const Alarm& alarm) {
    return {{"concern", to_text(alarm.notice.concern)},
            {"outlet", alarm.notice.outlet},
            {"count", alarm.notice.count},
            {"what", alarm.text.what},
            {"meanwhile", alarm.text.meanwhile},
            {"todo", alarm.text.todo},
            {"call", alarm.text.call},
            {"technician", alarm.text.technician}};
}

/// The members that the status JSON shares with the health report (content/airing/health.hpp).
json::object common_json(const BoardView& view) {
    json::array alarms, details;
    for (const auto& alarm : list_alarms(view)) {
        alarms.emplace_back(one_line(alarm.text));
        details.push_back(alarm_json(alarm));
    }
    json::value until = nullptr;
    if (view.release) until = to_rfc3339(view.release->signed_until);
    return {{"format", 1},
            {"board", view.place.id},
            {"at", to_rfc3339(view.clock.now)},
            {"version", view.version},
            {"mode", to_text(view.mode)},
            {"clock", to_text(view.clock.state)},
            {"clock_error_ms", view.clock.error ? view.clock.error->count() : -1},
            {"release", view.release ? view.release->name : ""},
            {"signed_until", std::move(until)},
            {"queue", view.journal.last - view.journal.receipted},
            {"alarms", std::move(alarms)},
            {"alarm_details", std::move(details)}};
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

json::value stick_json(const BoardView& view) {
    if (!view.stick) return nullptr;
    return json::object{{"state", to_text(view.stick->state)},
                        {"words", view.stick->message},
                        {"at", to_rfc3339(view.stick->at)}};
}

json::object slot_json(const SystemView& system, SystemSlot slot) {
    const bool runs = slot == system.slots->running;
    const auto& record = system.slots->state.of(slot);
    return {{"slot", to_text(slot)},
            {"version", runs ? system.report.version : system.other_version},
            {"trust", to_text(record.trust)},
            {"fault", to_text(record.fault)}};
}

json::value last_update_json(const SystemView& system) {
    const auto& last = system.report.last;
    if (!last) return nullptr;
    return json::object{{"version", last->version},
                        {"fault", content::to_text(last->fault)},
                        {"at", to_rfc3339(last->at)},
                        {"words", content::describe_last_update(system.report)},
                        {"why", system.why}};
}

json::value system_json(const BoardView& view) {
    if (!view.system) return nullptr;
    const auto& system = *view.system;
    json::value running = nullptr, other = nullptr, next = nullptr;
    if (system.slots) {
        running = slot_json(system, system.slots->running);
        other = slot_json(system, other_slot(system.slots->running));
    }
    if (system.next_idle) next = to_rfc3339(*system.next_idle);
    const auto& report = system.report;
    return json::object{{"compatible", system.compatible},
                        {"looked_after", system.looked_after},
                        {"version", report.version},
                        {"running", std::move(running)},
                        {"other", std::move(other)},
                        {"update", json::object{{"state", report.state ? to_text(*report.state) : ""},
                                                {"wait", report.wait ? to_text(*report.wait) : ""},
                                                {"version", report.target},
                                                {"words", content::describe_update(report)},
                                                {"why", system.trouble},
                                                {"place_closes", std::move(next)}}},
                        {"last_update", last_update_json(system)}};
}

}  // namespace

std::string status_json(const BoardView& view) {
    auto status = common_json(view);
    status["place"] = view.place.id;
    status["journal"] = view.journal.last;
    status["office"] = report_json(view);
    status["stick"] = stick_json(view);
    status["system"] = system_json(view);
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
        outlet["closed"] = o.closed;
        outlet["frames"] = o.frames;
        outlet["late_frames"] = o.late_frames;
        outlet["player_bytes"] = o.resident_bytes;
        outlet["player_restarts"] = o.restarts;
        outlets.push_back(std::move(outlet));
    }
    status["outlets"] = std::move(outlets);
    json::value value(std::move(status));
    make_plain(value);
    return pretty_json(value);
}

std::string health_json(const BoardView& view, std::optional<std::uint64_t> disk_free) {
    content::HealthReport report;
    report.board = view.place.id;
    if (view.report) {
        report.run = view.report->run;
        report.after = view.report->after;
    }
    report.at = view.clock.now;
    report.version = view.version;
    report.mode = to_text(view.mode);
    report.clock = view.clock.state;
    report.clock_error = view.clock.error;
    if (view.release) {
        report.release = view.release->name;
        report.signed_until = view.release->signed_until;
    }
    report.queue = view.journal.last - view.journal.receipted;
    if (disk_free) report.disk_free_bytes = static_cast<std::int64_t>(*disk_free);
    for (const auto& alarm : list_alarms(view)) report.alarms.push_back(one_line(alarm.text));
    for (const auto& o : view.outlets) {
        content::HealthReport::Outlet outlet{o.id, {}, o.slate};
        if (const auto& on = o.on_air)
            outlet.on_air = {on->airing, on->segment, on->locale_aired, on->campaign,
                             on->started.value_or(Instant{})};
        report.outlets.push_back(std::move(outlet));
    }
    if (view.system) report.system = view.system->report;
    return content::write_health(report);
}

}  // namespace riverlight::firmware
