#include "player/cue/cue_json.hpp"

#include "content/base/error.hpp"
#include "player/cue/message.hpp"

namespace riverlight::player {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

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

double read_gain(JsonFields& fields) {
    const auto gain = fields.number_or("gain_db", 0);
    if (!(gain >= -40 && gain <= 40))
        throw Error(std::string(message_name) + ": 'gain_db' is outside −40…+40");
    return gain;
}

std::optional<Strap> read_strap(JsonFields& fields) {
    if (!fields.optional("strap")) return {};
    JsonFields strap(fields.object("strap"), std::string(message_name) + ": strap");
    Strap out{strap.text_or("label", "", 1000), strap.text_or("number", "", 100),
              strap.boolean_or("crawl", false)};
    strap.closed();
    return out;
}

std::optional<Rendition> read_rendition(JsonFields& fields) {
    if (!fields.optional("rendition")) return {};
    JsonFields rendition(fields.object("rendition"), std::string(message_name) + ": rendition");
    Rendition out{rendition.text("path"), rendition.text_or("parameters", "", 64)};
    rendition.closed();
    return out;
}

std::optional<Sign> read_sign(JsonFields& fields) {
    if (!fields.optional("sign")) return {};
    JsonFields sign(fields.object("sign"), std::string(message_name) + ": sign");
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
        JsonFields a(value, std::string(message_name) + ": instead");
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
        JsonFields q(value, std::string(message_name) + ": quiet");
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

}  // namespace

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

Cue read_cue(JsonFields& fields) {
    Cue c;
    c.airing = fields.text("airing", 128);
    if (c.airing.empty()) throw Error(std::string(message_name) + ": a cue needs its airing's id");
    c.media = read_media(fields);
    c.alternatives = read_alternatives(fields);
    c.quiet = read_quiet(fields);
    c.subtitled = fields.boolean_or("subtitled", true);
    c.start = read_instant(fields, "start");
    c.stop = read_instant(fields, "stop");
    const auto late = fields.text_or("late", "join", 8);
    if (late != "join" && late != "skip") throw Error(std::string(message_name) + ": 'late' is join or skip");
    c.late = late == "skip" ? Cue::Late::skip : Cue::Late::join;
    c.offset = milliseconds{fields.integer_or("offset_ms", 0, 0, 86'400'000)};
    if (fields.optional("duration_ms"))
        c.duration = milliseconds{fields.integer("duration_ms", 1, 86'400'000)};
    fields.closed();
    return c;
}

}  // namespace riverlight::player
