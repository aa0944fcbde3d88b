#include "player/cue/commands.hpp"

#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "player/cue/cue_json.hpp"
#include "player/cue/message.hpp"

namespace riverlight::player {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

json::object write_guide(const Guide& guide) {
    json::array items;
    for (const auto& item : guide.items) {
        json::object one{{"start", to_rfc3339(item.start)},
                         {"duration_ms", item.duration.count()},
                         {"language", item.language.text()},
                         {"title", item.title},
                         {"text", item.text}};
        if (item.rating)
            one["rating"] = json::object{{"country", item.rating->country.text()},
                                         {"minimum_age", item.rating->minimum_age}};
        items.push_back(std::move(one));
    }
    return {{"type", "guide"}, {"items", std::move(items)}};
}

LanguageCode read_language(JsonFields& item) {
    const auto code = LanguageCode::from_text(item.text_or("language", "und", 3));
    if (!code) throw Error(item.what() + ": 'language' is not three letters of ISO 639-2");
    return *code;
}

std::optional<GuideRating> read_rating(JsonFields& item) {
    if (!item.optional("rating")) return {};
    JsonFields rating(item.object("rating"), item.what() + ": rating");
    const auto country = CountryCode::from_text(rating.text("country", 3));
    if (!country) throw Error(rating.what() + ": 'country' is not three letters of ISO 3166-1");
    const auto age = static_cast<int>(rating.integer("minimum_age", 4, 18));
    rating.closed();
    return GuideRating{*country, age};
}

Guide read_guide(JsonFields& fields) {
    Guide guide;
    for (const auto& value : fields.array("items")) {
        JsonFields item(value, std::string(message_name) + ": guide");
        const auto start = read_instant(item, "start");
        if (!start) throw Error(std::string(message_name) + ": a guide's item needs its 'start'");
        guide.items.push_back({*start, milliseconds{item.integer("duration_ms", 0, 86'400'000)},
                               read_language(item), item.text_or("title", "", 400),
                               item.text_or("text", "", 400), read_rating(item)});
        item.closed();
    }
    if (guide.items.size() > 200) throw Error(std::string(message_name) + ": a guide has at most 200 items");
    fields.closed();
    return guide;
}

Avail read_avail(JsonFields& fields) {
    const auto start = read_instant(fields, "start");
    if (!start) throw Error(std::string(message_name) + ": an avail needs its 'start'");
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

}  // namespace

Command parse_command(std::string_view line) {
    const auto value = parse_message(line);
    JsonFields fields(value, message_name);
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
        if (!fields.optional("on"))
            throw Error(std::string(message_name) + ": 'panel' needs 'on', true or false");
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
    throw Error(std::string(message_name) + ": unknown command '" + type +
                "'; cue, drop, takeover, guide, avail, panel, notice, prove and quit are known");
}

std::string to_line(const Command& command) {
    return json::serialize(std::visit(WriteCommand{}, command));
}

}  // namespace riverlight::player
