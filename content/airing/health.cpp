#include "content/airing/health.hpp"

#include <algorithm>
#include <initializer_list>

#include "content/airing/record_reader.hpp"
#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 64, longest_airing = 128, longest_release = 128, longest_alarm = 2000;
constexpr std::size_t most_outlets = 16, most_alarms = 100;
/// Bytes that all alarms may have together: with every character escaped they fit the body beside 16 outlets.
constexpr std::size_t longest_alarms = 16U << 10;

void make_plain(std::initializer_list<std::string*> texts, std::size_t longest) {
    for (auto* text : texts) *text = plain_text(*text, longest);
}

HealthReport::Outlet writable(HealthReport::Outlet outlet) {
    make_plain({&outlet.id}, longest_id);
    if (auto& on = outlet.on_air) {
        make_plain({&on->airing}, longest_airing);
        make_plain({&on->segment, &on->locale, &on->campaign}, longest_id);
        on->started = writable_instant(on->started);
    }
    return outlet;
}

std::vector<std::string> writable_alarms(const std::vector<std::string>& alarms) {
    std::vector<std::string> out;
    std::size_t bytes = 0;
    for (const auto& alarm : alarms) {
        auto text = plain_text(alarm, longest_alarm);
        bytes += text.size();
        if (out.size() == most_alarms || bytes > longest_alarms) break;
        out.push_back(std::move(text));
    }
    return out;
}

json::object write_outlet(const HealthReport::Outlet& o) {
    json::value on = nullptr;
    if (o.on_air)
        on = json::object{{"airing", o.on_air->airing},
                          {"segment", o.on_air->segment},
                          {"locale", o.on_air->locale},
                          {"campaign", o.on_air->campaign},
                          {"started", to_rfc3339(o.on_air->started)}};
    return {{"id", o.id}, {"on_air", std::move(on)}, {"slate", o.on_slate}};
}

HealthReport::Outlet read_outlet(const json::value& value) {
    JsonFields o(value, "outlet");
    HealthReport::Outlet outlet{o.text("id", longest_id), {}, o.boolean_or("slate", false)};
    if (const auto* on = o.optional("on_air")) {
        JsonFields a(*on, "on_air");
        outlet.on_air = {a.text_or("airing", "", longest_airing), a.text_or("segment", "", longest_id),
                         a.text_or("locale", "", longest_id), a.text_or("campaign", "", longest_id),
                         from_rfc3339(a.text_or("started", "", 64)).value_or(Instant{})};
    }
    return outlet;
}

SystemReport writable(SystemReport system) {
    make_plain({&system.version, &system.slot, &system.target}, longest_id);
    if (auto& last = system.last) {
        make_plain({&last->version}, longest_id);
        last->at = writable_instant(last->at);
    }
    return system;
}

json::object write_system(const SystemReport& system) {
    json::object out{{"version", system.version},
                     {"slot", system.slot},
                     {"state", system.state ? to_text(*system.state) : ""},
                     {"wait", system.wait ? to_text(*system.wait) : ""},
                     {"target", system.target}};
    if (const auto& last = system.last)
        out["last"] = json::object{
            {"version", last->version}, {"fault", to_text(last->fault)}, {"at", to_rfc3339(last->at)}};
    return out;
}

SystemReport read_system(const json::value& value) {
    JsonFields s(value, "system");
    SystemReport system{s.text_or("version", "", longest_id),
                        s.text_or("slot", "", longest_id),
                        parse_update_state(s.text_or("state", "", longest_id)),
                        parse_update_wait(s.text_or("wait", "", longest_id)),
                        s.text_or("target", "", longest_id),
                        {}};
    if (const auto* last = s.optional("last")) {
        JsonFields l(*last, "last");
        system.last = {l.text_or("version", "", longest_id),
                       parse_update_fault(l.text_or("fault", "", longest_id)),
                       from_rfc3339(l.text_or("at", "", 64)).value_or(Instant{})};
    }
    return system;
}

json::object signed_part(const HealthAnswer& answer, const std::string& office) {
    return {{"format", 1},
            {"board", answer.board},
            {"run", answer.run},
            {"two_boards", answer.two_boards ? to_rfc3339(*answer.two_boards) : ""},
            {"enrol_anew", answer.enrol_anew},
            {"office", office}};
}

/// Fills `r` field by field: what was read stays if a later one throws.
void read_into(HealthReport& r, JsonFields& f) {
    r.board = f.text_or("board", "", longest_id);
    r.run = f.text_or("run", "", longest_id);
    r.after = f.text_or("after", "", longest_id);
    r.version = f.text_or("version", "", longest_id);
    r.mode = f.text_or("mode", "", longest_id);
    r.at = from_rfc3339(f.text_or("at", "", 64)).value_or(Instant{});
    r.clock = parse_clock_state(f.text_or("clock", "", 64));
    if (const auto error = f.integer_or("clock_error_ms", -1, -1, most); error >= 0)
        r.clock_error = std::chrono::milliseconds(error);
    r.release = f.text_or("release", "", longest_release);
    r.queue = f.integer_or("queue", 0, 0, most);
    if (const auto free = f.integer_or("disk_free_bytes", -1, -1, most); free >= 0) r.disk_free_bytes = free;
    r.signed_until = from_rfc3339(f.text_or("signed_until", "", 64));
    r.alarms = f.texts_or_none("alarms", most_alarms);
    for (const auto& item : f.array("outlets", most_outlets)) r.outlets.push_back(read_outlet(item));
    if (const auto* system = f.optional("system")) r.system = read_system(*system);
}

}  // namespace

HealthReport writable(HealthReport r) {
    make_plain({&r.board, &r.run, &r.after, &r.version, &r.mode}, longest_id);
    make_plain({&r.release}, longest_release);
    r.at = writable_instant(r.at);
    if (r.signed_until) r.signed_until = writable_instant(*r.signed_until);
    if (r.clock_error && (r.clock_error->count() < 0 || r.clock_error->count() > most)) r.clock_error.reset();
    if (r.disk_free_bytes && (*r.disk_free_bytes < 0 || *r.disk_free_bytes > most)) r.disk_free_bytes.reset();
    r.queue = std::clamp(r.queue, std::int64_t{0}, most);
    if (r.outlets.size() > most_outlets) r.outlets.resize(most_outlets);
    for (auto& outlet : r.outlets) outlet = writable(std::move(outlet));
    r.alarms = writable_alarms(r.alarms);
    if (r.system) r.system = writable(std::move(*r.system));
    return r;
}

std::string write_health(const HealthReport& report) {
    const auto r = writable(report);
    json::array alarms, outlets;
    for (const auto& alarm : r.alarms) alarms.emplace_back(alarm);
    for (const auto& outlet : r.outlets) outlets.push_back(write_outlet(outlet));
    json::object out{
        {"format", 1},
        {"board", r.board},
        {"at", to_rfc3339(r.at)},
        {"version", r.version},
        {"mode", r.mode},
        {"clock", r.clock ? to_text(*r.clock) : ""},
        {"clock_error_ms", r.clock_error ? r.clock_error->count() : -1},
        {"release", r.release},
        {"signed_until", r.signed_until ? json::value(to_rfc3339(*r.signed_until)) : json::value(nullptr)},
        {"queue", r.queue},
        {"disk_free_bytes", r.disk_free_bytes.value_or(-1)},
        {"outlets", std::move(outlets)},
        {"alarms", std::move(alarms)}};
    if (!r.run.empty()) out["run"] = r.run;
    if (!r.after.empty()) out["after"] = r.after;
    if (r.system) out["system"] = write_system(*r.system);
    return canonical_json(out);
}

ReadHealth read_health(std::string_view text) {
    ReadHealth read;
    try {
        const auto value = parse_json(text, "health", {longest_health, 8, 5000});
        JsonFields f(value, "health");
        f.format(1);
        read_into(read.report, f);
    } catch (const Error& e) {
        read.fault = e.what();
    }
    return read;
}

std::string write_health_answer(const HealthAnswer& answer, const SigningKey& office_key) {
    if (!answer.two_boards && !answer.enrol_anew) return canonical_json(json::object{{"format", 1}});
    auto out = signed_part(answer, office_key.public_hex());
    const auto signature = office_key.sign(canonical_json(out));
    out["signature"] = signature;
    return canonical_json(out);
}

HealthAnswer read_health_answer(std::string_view text, std::string_view office_public_hex) {
    try {
        const auto value = parse_json(text, "health answer", {4096, 4, 100});
        JsonFields f(value, "health answer");
        f.format(1);
        HealthAnswer answer{f.text("board", longest_id), f.text("run", longest_id),
                            from_rfc3339(f.text_or("two_boards", "", 64)), f.boolean_or("enrol_anew", false)};
        const auto signature = f.text("signature", 128);
        const auto signed_bytes = canonical_json(signed_part(answer, std::string(office_public_hex)));
        return verify_signature(office_public_hex, signed_bytes, signature) ? answer : HealthAnswer{};
    } catch (const Error&) {
        return {};
    }
}

}  // namespace riverlight::content
