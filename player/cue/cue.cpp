#include "player/cue/cue.hpp"

#include <cassert>

#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::player {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr const char* what = "player message";

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
            throw Error(std::string(what) + ": '" + std::string(key) + "' holds only texts");
        out.emplace(member.key(), member.value().get_string());
    }
    return out;
}

std::optional<Instant> read_instant(JsonFields& fields, std::string_view key) {
    if (!fields.optional(key)) return {};
    const auto at = from_rfc3339(fields.text(key, 64));
    if (!at) throw Error(std::string(what) + ": '" + std::string(key) + "' is not an RFC 3339 instant");
    return at;
}

json::object write_strap(const Strap& s) {
    json::object out{{"label", s.label}, {"number", s.number}};
    if (s.crawl) out["crawl"] = true;
    return out;
}

json::object write_rendition(const Rendition& r) {
    return {{"path", r.path}, {"parameters", r.parameters}};
}

json::object write_sign(const Sign& s) {
    return {{"path", s.path}, {"language", s.language}};
}

json::object write_alternative(const Alternative& a) {
    const auto& m = a.media;
    json::object out{{"picture", m.picture},
                     {"sound", m.sound},
                     {"subtitles", m.subtitles},
                     {"locale", m.locale},
                     {"gain_db", m.gain_db}};
    if (m.strap) out["strap"] = write_strap(*m.strap);
    if (m.rendition) out["rendition"] = write_rendition(*m.rendition);
    if (m.sign) out["sign"] = write_sign(*m.sign);
    if (!a.filler) return out;
    out["filler"] = a.filler->segment;
    if (a.filler->length.count() > 0) out["length_ms"] = a.filler->length.count();
    return out;
}

json::array write_quiet(const std::vector<Quiet>& quiet) {
    json::array out;
    for (const auto& q : quiet) {
        json::object one{{"from", to_rfc3339(q.from)}, {"until", to_rfc3339(q.until)}};
        if (q.gain_db) one["gain_db"] = *q.gain_db;
        out.push_back(std::move(one));
    }
    return out;
}

json::object write_cue(const Cue& c, const char* type) {
    json::object out{{"type", type},
                     {"airing", c.airing},
                     {"picture", c.media.picture},
                     {"sound", c.media.sound},
                     {"subtitles", c.media.subtitles},
                     {"gain_db", c.media.gain_db},
                     {"locale", c.media.locale},
                     {"late", c.late == Cue::Late::skip ? "skip" : "join"}};
    if (c.media.strap) out["strap"] = write_strap(*c.media.strap);
    if (c.media.rendition) out["rendition"] = write_rendition(*c.media.rendition);
    if (c.start) out["start"] = to_rfc3339(*c.start);
    if (c.stop) out["stop"] = to_rfc3339(*c.stop);
    if (c.offset.count() > 0) out["offset_ms"] = c.offset.count();
    if (c.duration) out["duration_ms"] = c.duration->count();
    if (!c.quiet.empty()) out["quiet"] = write_quiet(c.quiet);
    if (!c.subtitled) out["subtitled"] = false;
    if (c.media.sign) out["sign"] = write_sign(*c.media.sign);
    json::array alternatives;
    for (const auto& a : c.alternatives) alternatives.push_back(write_alternative(a));
    if (!alternatives.empty()) out["instead"] = std::move(alternatives);
    return out;
}

double read_gain(JsonFields& fields) {
    const auto gain = fields.number_or("gain_db", 0);
    if (!(gain >= -40 && gain <= 40)) throw Error(std::string(what) + ": 'gain_db' is outside −40…+40");
    return gain;
}

std::optional<Strap> read_strap(JsonFields& fields) {
    if (!fields.optional("strap")) return {};
    JsonFields strap(fields.object("strap"), std::string(what) + ": strap");
    Strap out{strap.text_or("label", "", 1000), strap.text_or("number", "", 100),
              strap.boolean_or("crawl", false)};
    strap.closed();
    return out;
}

std::optional<Rendition> read_rendition(JsonFields& fields) {
    if (!fields.optional("rendition")) return {};
    JsonFields rendition(fields.object("rendition"), std::string(what) + ": rendition");
    Rendition out{rendition.text("path"), rendition.text_or("parameters", "", 64)};
    rendition.closed();
    return out;
}

std::optional<Sign> read_sign(JsonFields& fields) {
    if (!fields.optional("sign")) return {};
    JsonFields sign(fields.object("sign"), std::string(what) + ": sign");
    Sign out{sign.text("path"), sign.text_or("language", "", 35)};
    sign.closed();
    if (out.path.empty()) return {};
    return out;
}

/// Gain outside its range, or a member of the wrong shape, throws Error.
Media read_media(JsonFields& fields) {
    Media m;
    m.picture = fields.text_or("picture", "");
    m.sound = fields.text_or("sound", "");
    m.subtitles = fields.text_or("subtitles", "");
    m.locale = fields.text_or("locale", "en", 35);
    m.gain_db = read_gain(fields);
    m.strap = read_strap(fields);
    m.rendition = read_rendition(fields);
    m.sign = read_sign(fields);
    return m;
}

std::vector<Alternative> read_alternatives(JsonFields& fields) {
    std::vector<Alternative> out;
    if (!fields.optional("instead")) return out;
    for (const auto& value : fields.array("instead", most_alternatives)) {
        JsonFields a(value, std::string(what) + ": instead");
        Alternative alternative{read_media(a), {}};
        const auto segment = a.text_or("filler", "", 63);
        const milliseconds length{a.integer_or("length_ms", 0, 0, 86'400'000)};
        if (!segment.empty()) alternative.filler = Alternative::Filler{segment, length};
        a.closed();
        out.push_back(std::move(alternative));
    }
    return out;
}

std::vector<Quiet> read_quiet(JsonFields& fields) {
    std::vector<Quiet> out;
    if (!fields.optional("quiet")) return out;
    for (const auto& value : fields.array("quiet", most_quiet)) {
        JsonFields q(value, std::string(what) + ": quiet");
        const auto from = read_instant(q, "from"), until = read_instant(q, "until");
        if (!from || !until) throw Error(q.what() + ": needs 'from' and 'until'");
        out.push_back({*from, *until, {}});
        if (q.optional("gain_db")) out.back().gain_db = q.number_or("gain_db", 0);
        if (out.back().gain_db && !(*out.back().gain_db >= -60 && *out.back().gain_db < 0))
            throw Error(q.what() + ": 'gain_db' is not from −60 to below 0");
        q.closed();
    }
    return out;
}

Cue read_cue(JsonFields& fields) {
    Cue c;
    c.airing = fields.text("airing", 128);
    if (c.airing.empty()) throw Error(std::string(what) + ": a cue needs its airing's id");
    c.media = read_media(fields);
    c.alternatives = read_alternatives(fields);
    c.quiet = read_quiet(fields);
    c.subtitled = fields.boolean_or("subtitled", true);
    c.start = read_instant(fields, "start");
    c.stop = read_instant(fields, "stop");
    const auto late = fields.text_or("late", "join", 8);
    if (late != "join" && late != "skip") throw Error(std::string(what) + ": 'late' is join or skip");
    c.late = late == "skip" ? Cue::Late::skip : Cue::Late::join;
    c.offset = milliseconds{fields.integer_or("offset_ms", 0, 0, 86'400'000)};
    if (fields.optional("duration_ms"))
        c.duration = milliseconds{fields.integer("duration_ms", 1, 86'400'000)};
    fields.closed();
    return c;
}

json::value parse_line(std::string_view line) {
    return parse_json(line, what, {.bytes = longest_line, .depth = 5, .values = 2000});
}

Instant need_instant(JsonFields& fields) {
    const auto at = read_instant(fields, "instant");
    if (!at) throw Error(std::string(what) + ": needs 'instant'");
    return *at;
}

constexpr std::int64_t most = std::int64_t{1} << 53;

MediaChoice read_took(JsonFields& f) {
    return MediaChoice::from_wire(f.integer_or("took", 0, 0, std::int64_t{most_alternatives}));
}

content::AiringStatus read_status(JsonFields& f) {
    const auto text = f.text("status", 32);
    const auto status = content::parse_airing_status(text);
    if (!status) throw Error(std::string(what) + ": status '" + text + "' is unknown");
    return *status;
}

OffAir read_off_air(JsonFields& f) {
    OffAir e{f.text("airing", 128),
             need_instant(f),
             read_status(f),
             f.text_or("reason", ""),
             f.integer_or("frames", 0, 0, most),
             f.integer_or("lost", 0, 0, most),
             f.integer_or("repeated", 0, 0, most),
             f.integer_or("samples", 0, 0, most),
             read_map(f, "evidence"),
             read_took(f)};
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
        JsonFields o(value, std::string(what) + ": output");
        OutputState state;
        state.name = o.text("name", 2048);
        state.sending = o.boolean_or("sending", false);
        state.words = o.text_or("words", "", 2048);
        state.trouble = o.boolean_or("trouble", false);
        const json::value figures(o.object("figures"));
        JsonFields numbers(figures, std::string(what) + ": output's figures");
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

json::object write_guide(const Guide& guide) {
    json::array items;
    for (const auto& item : guide.items)
        items.push_back(json::object{{"start", to_rfc3339(item.start)},
                                     {"duration_ms", item.duration.count()},
                                     {"language", item.language},
                                     {"title", item.title},
                                     {"text", item.text}});
    return {{"type", "guide"}, {"items", std::move(items)}};
}

Guide read_guide(JsonFields& fields) {
    Guide guide;
    for (const auto& value : fields.array("items")) {
        JsonFields item(value, std::string(what) + ": guide");
        const auto start = read_instant(item, "start");
        if (!start) throw Error(std::string(what) + ": a guide's item needs its 'start'");
        guide.items.push_back({*start, milliseconds{item.integer("duration_ms", 0, 86'400'000)},
                               item.text_or("language", "und", 3), item.text_or("title", "", 400),
                               item.text_or("text", "", 400)});
        item.closed();
    }
    if (guide.items.size() > 200) throw Error(std::string(what) + ": a guide has at most 200 items");
    fields.closed();
    return guide;
}

Avail read_avail(JsonFields& fields) {
    const auto start = read_instant(fields, "start");
    if (!start) throw Error(std::string(what) + ": an avail needs its 'start'");
    Avail avail{fields.integer("event", 0, 0xffffffff), *start,
                milliseconds{fields.integer("duration_ms", 1, 86'400'000)}};
    fields.closed();
    return avail;
}

struct WriteCommand {
    json::object operator()(const Cue& c) const { return write_cue(c, "cue"); }
    json::object operator()(const Takeover& t) const { return write_cue(t.cue, "takeover"); }
    json::object operator()(const Drop& d) const { return {{"type", "drop"}, {"airing", d.airing}}; }
    json::object operator()(const Guide& g) const { return write_guide(g); }
    json::object operator()(const Avail& a) const {
        return {{"type", "avail"},
                {"event", a.event},
                {"start", to_rfc3339(a.start)},
                {"duration_ms", a.duration.count()}};
    }
    json::object operator()(const Prove& p) const {
        return {{"type", "prove"}, {"path", p.path}, {"parameters", p.parameters}};
    }
    json::object operator()(const Panel& p) const { return {{"type", "panel"}, {"on", p.on}}; }
    json::object operator()(const Notice& n) const {
        return {{"type", "notice"}, {"text", n.text}, {"locale", n.locale}};
    }
    json::object operator()(const Quit& q) const { return {{"type", "quit"}, {"drain", q.drain}}; }
};

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
        return {{"type", "progress"}, {"airing", e.airing}, {"frames", e.frames}};
    }
    json::object operator()(const OffAir& e) const {
        return {{"type", "off_air"},
                {"airing", e.airing},
                {"instant", to_rfc3339(e.instant)},
                {"status", to_text(e.status)},
                {"reason", e.reason},
                {"frames", e.frames},
                {"lost", e.lost},
                {"repeated", e.repeated},
                {"samples", e.samples},
                {"evidence", text_map(e.evidence)},
                {"took", e.took.to_wire()}};
    }
    json::object operator()(const Trouble& e) const {
        return {{"type", "trouble"}, {"what", e.what}, {"airing", e.airing}};
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

MediaChoice MediaChoice::from_wire(std::int64_t took) {
    if (took < 0 || took > std::int64_t{most_alternatives})
        throw Error(std::string(what) + ": 'took' names no alternative");
    MediaChoice choice;
    choice.place_ = took;
    return choice;
}

std::size_t MediaChoice::index() const {
    assert(!is_own());
    return static_cast<std::size_t>(place_ - 1);
}

MediaChoice MediaChoice::next() const {
    assert(place_ < std::int64_t{most_alternatives});
    MediaChoice after;
    after.place_ = place_ + 1;
    return after;
}

const Media& media_of(const Cue& cue, MediaChoice choice) {
    if (choice.is_own() || choice.index() >= cue.alternatives.size()) return cue.media;
    return cue.alternatives[choice.index()].media;
}

Command parse_command(std::string_view line) {
    const auto value = parse_line(line);
    JsonFields fields(value, what);
    const auto type = fields.text("type", 32);
    if (type == "cue") return read_cue(fields);
    if (type == "guide") return read_guide(fields);
    if (type == "avail") return read_avail(fields);
    if (type == "takeover") return Takeover{read_cue(fields)};
    if (type == "drop") {
        Drop drop{fields.text("airing", 128)};
        fields.closed();
        return drop;
    }
    if (type == "panel") {
        const bool off = !fields.boolean_or("on", true);
        if (!fields.optional("on")) throw Error(std::string(what) + ": 'panel' needs 'on', true or false");
        fields.closed();
        return Panel{!off};
    }
    if (type == "notice") {
        const auto text = fields.text_or("text", "", 500);
        Notice notice{text, fields.text_or("locale", "en", 35)};
        fields.closed();
        return notice;
    }
    if (type == "quit") {
        Quit quit{fields.boolean_or("drain", false)};
        fields.closed();
        return quit;
    }
    if (type == "prove") {
        const auto path = fields.text("path", 4096);
        Prove prove{path, fields.text_or("parameters", "", 128)};
        fields.closed();
        return prove;
    }
    throw Error(std::string(what) + ": unknown command '" + type +
                "'; cue, drop, takeover, guide, avail, panel, notice, prove and quit are known");
}

Event parse_event(std::string_view line) {
    const auto value = parse_line(line);
    JsonFields f(value, what);
    const auto type = f.text("type", 32);
    if (type == "ready") return Ready{f.text("airing", 128)};
    if (type == "on_air") {
        const auto airing = f.text("airing", 128);
        const auto at = need_instant(f);
        const auto frame = f.integer("frame", 0, most);
        return OnAir{airing, at, frame, read_took(f)};
    }
    if (type == "progress") {
        const auto airing = f.text("airing", 128);
        return Progress{airing, f.integer("frames", 0, most)};
    }
    if (type == "off_air") return read_off_air(f);
    if (type == "trouble") {
        const auto said = f.text("what", 8192);
        return Trouble{said, f.text_or("airing", "", 128)};
    }
    if (type == "health") return read_health(f);
    if (type == "proved") {
        const auto path = f.text("path", 4096);
        return Proved{path, f.text_or("fault", "", 8192)};
    }
    throw Error(std::string(what) + ": unknown event '" + type + "'");
}

std::string to_line(const Command& command) {
    return json::serialize(std::visit(WriteCommand{}, command));
}

std::string to_line(const Event& event) {
    return json::serialize(std::visit(WriteEvent{}, event));
}

}  // namespace riverlight::player
