#include "content/airing/health.hpp"

#include "content/base/error.hpp"
#include "content/base/json.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::int64_t most = std::int64_t{1} << 53;

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
    HealthReport::Outlet outlet{o.text("id", 64), {}, o.boolean_or("slate", false)};
    if (const auto* on = o.optional("on_air")) {
        JsonFields a(*on, "on_air");
        outlet.on_air = {a.text_or("airing", "", 128), a.text_or("segment", "", 64),
                         a.text_or("locale", "", 64), a.text_or("campaign", "", 64),
                         from_rfc3339(a.text_or("started", "", 64)).value_or(Instant{})};
    }
    return outlet;
}

/// Fills `r` field by field: what was read stays if a later one throws.
void read_into(HealthReport& r, JsonFields& f) {
    r.board = f.text_or("board", "", 64);
    r.version = f.text_or("version", "", 64);
    r.mode = f.text_or("mode", "", 64);
    r.at = from_rfc3339(f.text_or("at", "", 64)).value_or(Instant{});
    r.clock = parse_clock_state(f.text_or("clock", "", 64));
    if (const auto error = f.integer_or("clock_error_ms", -1, -1, most); error >= 0)
        r.clock_error = std::chrono::milliseconds(error);
    r.release = f.text_or("release", "", 128);
    r.queue = f.integer_or("queue", 0, 0, most);
    if (const auto free = f.integer_or("disk_free_bytes", -1, -1, most); free >= 0) r.disk_free_bytes = free;
    r.signed_until = from_rfc3339(f.text_or("signed_until", "", 64));
    r.alarms = f.texts_or_none("alarms", 100);
    for (const auto& item : f.array("outlets", 16)) r.outlets.push_back(read_outlet(item));
}

}  // namespace

std::string write_health(const HealthReport& r) {
    json::array alarms, outlets;
    for (const auto& alarm : r.alarms) alarms.emplace_back(alarm);
    for (const auto& outlet : r.outlets) outlets.push_back(write_outlet(outlet));
    return canonical_json(json::object{
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
        {"alarms", std::move(alarms)}});
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

}  // namespace riverlight::content
