#include "player/cue/events.hpp"

#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "player/cue/message.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::player {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

/// Largest integer that every reader of JSON represents exactly.
constexpr std::int64_t most = std::int64_t{1} << 53;

/// What a player says may quote a library or a file's name.
json::value parse_words(std::string_view line) {
    auto value = is_utf8(line) ? parse_message(line) : parse_message(plain_text(line));
    make_plain(value);
    return value;
}

/// Text for people; too long, it is cut.
std::string words(JsonFields& fields, std::string_view key, std::size_t longest) {
    return plain_text(fields.text_or(key, "", longest_line), longest);
}

json::object text_map(const std::map<std::string, std::string>& map) {
    json::object out;
    for (const auto& [key, value] : map) out[key] = value;
    return out;
}

std::map<std::string, std::string> read_map(JsonFields& fields, std::string_view key) {
    std::map<std::string, std::string> out;
    if (!fields.optional(key)) return out;
    for (const auto& member : fields.object(key)) {
        if (!member.value().is_string())
            throw Error(std::string(message_name) + ": '" + std::string(key) + "' holds only texts");
        out.emplace(member.key(), member.value().get_string());
    }
    return out;
}

MediaChoice read_took(JsonFields& f) {
    return MediaChoice::from_wire(f.integer_or("took", 0, 0, std::int64_t{most_alternatives}));
}

content::AiringStatus read_status(JsonFields& f) {
    const auto text = f.text("status", 32);
    const auto status = content::parse_airing_status(text);
    if (!status) throw Error(std::string(message_name) + ": status '" + text + "' is unknown");
    return *status;
}

/// `{"length_ms","shown_ms","missed_ms","end"}`.
std::optional<content::Shown> read_shown(JsonFields& fields) {
    const auto* value = fields.optional("shown");
    if (!value) return {};
    constexpr std::int64_t longest = 86'400'000;
    JsonFields f(*value, std::string(message_name) + ": shown");
    content::Shown shown;
    if (const auto length = f.integer_or("length_ms", -1, -1, longest); length >= 0)
        shown.length = milliseconds{length};
    shown.shown = milliseconds{f.integer("shown_ms", 0, longest)};
    shown.missed = milliseconds{f.integer_or("missed_ms", 0, 0, longest)};
    shown.end_shown = f.boolean_or("end", false);
    f.closed();
    return shown;
}

json::object with_shown(json::object event, const std::optional<content::Shown>& shown) {
    if (!shown) return event;
    json::object o{
        {"shown_ms", shown->shown.count()}, {"missed_ms", shown->missed.count()}, {"end", shown->end_shown}};
    if (shown->length) o["length_ms"] = shown->length->count();
    event["shown"] = std::move(o);
    return event;
}

OffAir read_off_air(JsonFields& f) {
    OffAir e{f.text("airing", 128),
             require_instant(f, "instant"),
             read_status(f),
             words(f, "reason", 4096),
             f.integer_or("frames", 0, 0, most),
             f.integer_or("lost", 0, 0, most),
             f.integer_or("repeated", 0, 0, most),
             f.integer_or("samples", 0, 0, most),
             read_map(f, "evidence"),
             read_took(f),
             read_shown(f)};
    f.closed();
    return e;
}

json::array write_outputs(const std::vector<OutputState>& outputs) {
    json::array out;
    for (const auto& o : outputs) {
        json::object figures;
        for (const auto& [key, value] : o.figures) figures[key] = value;
        out.push_back(json::object{{"name", o.name},
                                   {"sending", o.sending},
                                   {"words", o.words},
                                   {"trouble", o.trouble},
                                   {"figures", std::move(figures)}});
    }
    return out;
}

std::vector<OutputState> read_outputs(JsonFields& f) {
    std::vector<OutputState> outputs;
    if (!f.optional("outputs")) return outputs;
    for (const auto& value : f.array("outputs", most_outputs)) {
        JsonFields o(value, std::string(message_name) + ": output");
        OutputState state;
        state.name = o.text("name", 2048);
        state.sending = o.boolean_or("sending", false);
        state.words = words(o, "words", 2048);
        state.trouble = o.boolean_or("trouble", false);
        const json::value figures(o.object("figures"));
        JsonFields numbers(figures, std::string(message_name) + ": output's figures");
        for (const auto& member : figures.get_object())
            if (state.figures.size() < 16)
                state.figures.emplace(member.key(), numbers.integer(member.key(), -most, most));
        o.closed();
        outputs.push_back(std::move(state));
    }
    return outputs;
}

Health read_health(JsonFields& f) {
    Health e{f.integer("frames", 0, most),
             f.integer_or("late_frames", 0, 0, most),
             f.integer_or("resident_bytes", 0, 0, most),
             f.boolean_or("on_slate", false),
             read_map(f, "evidence"),
             read_outputs(f)};
    f.closed();
    return e;
}

struct WriteEvent {
    json::object operator()(const Ready& e) const { return {{"type", "ready"}, {"airing", e.airing}}; }
    json::object operator()(const OnAir& e) const {
        return {{"type", "on_air"},
                {"airing", e.airing},
                {"instant", to_rfc3339(e.instant)},
                {"frame", e.frame},
                {"took", e.took.to_wire()}};
    }
    json::object operator()(const Progress& e) const {
        return with_shown({{"type", "progress"}, {"airing", e.airing}, {"frames", e.frames}}, e.shown);
    }
    json::object operator()(const OffAir& e) const {
        return with_shown({{"type", "off_air"},
                           {"airing", e.airing},
                           {"instant", to_rfc3339(e.instant)},
                           {"status", to_text(e.status)},
                           {"reason", e.reason},
                           {"frames", e.frames},
                           {"lost", e.lost},
                           {"repeated", e.repeated},
                           {"samples", e.samples},
                           {"evidence", text_map(e.evidence)},
                           {"took", e.took.to_wire()}},
                          e.shown);
    }
    json::object operator()(const Trouble& e) const {
        json::object out{{"type", "trouble"}, {"what", e.what}, {"airing", e.airing}};
        if (e.about == Trouble::About::rights) out["rights"] = true;
        return out;
    }
    json::object operator()(const Proved& e) const {
        return {{"type", "proved"}, {"path", e.path}, {"fault", e.fault}};
    }
    json::object operator()(const Health& e) const {
        return {{"type", "health"},
                {"frames", e.frames},
                {"late_frames", e.late_frames},
                {"resident_bytes", e.resident_bytes},
                {"on_slate", e.on_slate},
                {"evidence", text_map(e.evidence)},
                {"outputs", write_outputs(e.outputs)}};
    }
};

}  // namespace

Event parse_event(std::string_view line) {
    const auto value = parse_words(line);
    JsonFields f(value, message_name);
    const auto type = f.text("type", 32);
    if (type == "ready") return Ready{f.text("airing", 128)};
    if (type == "on_air") {
        const auto airing = f.text("airing", 128);
        const auto at = require_instant(f, "instant");
        const auto frame = f.integer("frame", 0, most);
        return OnAir{airing, at, frame, read_took(f)};
    }
    if (type == "progress") {
        const auto airing = f.text("airing", 128);
        const auto frames = f.integer("frames", 0, most);
        return Progress{airing, frames, read_shown(f)};
    }
    if (type == "off_air") return read_off_air(f);
    if (type == "trouble") {
        const auto said = words(f, "what", 8192);
        const auto airing = f.text_or("airing", "", 128);
        return Trouble{said, airing,
                       f.boolean_or("rights", false) ? Trouble::About::rights : Trouble::About::playing};
    }
    if (type == "health") return read_health(f);
    if (type == "proved") {
        const auto path = f.text("path", 4096);
        return Proved{path, words(f, "fault", 8192)};
    }
    throw Error(std::string(message_name) + ": unknown event '" + type + "'");
}

std::string to_line(const Event& event) {
    json::value value = std::visit(WriteEvent{}, event);
    make_plain(value);
    return json::serialize(value);
}

}  // namespace riverlight::player
