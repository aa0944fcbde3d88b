#include "content/segment/place_json.hpp"

#include <algorithm>
#include <set>

#include "content/base/json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

std::vector<LanguageShare> read_languages(JsonFields& place) {
    std::vector<LanguageShare> languages;
    int sum = 0;
    for (const auto& item : place.array("languages", 20)) {
        const auto number = std::to_string(languages.size() + 1);
        JsonFields fields(item, place.where().in("languages." + number, "languages"));
        LanguageShare one{fields.text("language", 35),
                          static_cast<int>(fields.integer_or("share", 100, 1, 100))};
        if (!is_language(one.language))
            throw ReadError(ReadFault::malformed, fields.where().in("language", {}),
                            "'" + one.language + "' is not a BCP 47 tag");
        one.fallback = fields.texts_or_none("fallback", 10);
        for (const auto& next : one.fallback)
            if (!is_language(next))
                throw ReadError(ReadFault::malformed, fields.where().in("fallback", {}),
                                "fallback '" + next + "' is not a BCP 47 tag");
        fields.closed();
        sum += one.share;
        languages.push_back(std::move(one));
    }
    const auto where = place.where().in("languages", {});
    if (languages.empty()) throw ReadError(ReadFault::missing, where, "needs at least one language");
    if (sum > 100)
        throw ReadError(
            ReadFault::out_of_range, where,
            "the shares of its languages add up to " + std::to_string(sum) + " percent, more than 100");
    return languages;
}

std::vector<QuietHours> read_quiet(JsonFields& place) {
    std::vector<QuietHours> quiet;
    if (!place.optional("quiet")) return quiet;
    for (const auto& item : place.array("quiet", 8)) {
        const auto number = std::to_string(quiet.size() + 1);
        JsonFields fields(item, place.where().in("quiet." + number, "quiet"));
        QuietHours hours{fields.text("daypart", 63), {}};
        if (fields.optional("gain_db")) {
            hours.gain_db = fields.number_or("gain_db", 0);
            if (!(*hours.gain_db >= -60 && *hours.gain_db < 0))
                fields.refuse("gain_db", ReadFault::out_of_range,
                              "must be from -60 to below 0; leave it out for no sound at all");
        }
        fields.closed();
        quiet.push_back(std::move(hours));
    }
    return quiet;
}

std::vector<OpenHours> read_open(JsonFields& place) {
    std::vector<OpenHours> open;
    for (const auto& text : place.texts_or_none("open", most_open_hours)) {
        const auto hours = parse_open_hours(text);
        if (!hours)
            throw ReadError(ReadFault::malformed, place.where().in("open"),
                            "'" + text.substr(0, 40) +
                                "' is not valid; write local hours with or without weekdays, such as "
                                "[\"mon-fri 08:00-20:00\", \"sat 09:00-13:00\"], or leave it out if the "
                                "place is always open");
        open.push_back(*hours);
    }
    return open;
}

std::vector<std::string> read_signs(JsonFields& place) {
    auto signs = place.texts_or_none("signs", 8);
    for (const auto& sign : signs)
        if (!is_language(sign))
            throw ReadError(
                ReadFault::malformed, place.where().in("signs"),
                "'" + sign.substr(0, 40) +
                    "' is not a sign language; write its ISO 639-3 code, such as tsq for Thailand's");
    return signs;
}

PicturePreference read_picture(JsonFields& place) {
    PicturePreference preference;
    if (!place.optional("picture")) return preference;
    JsonFields fields(place.object("picture"), place.where().in("picture"));
    preference.height = static_cast<int>(
        fields.integer_or("height", preference.height, least_picture_height, most_picture_height));
    if (fields.optional("codecs"))
        preference.codecs = fields.texts_or_none("codecs", std::size(picture_codecs));
    fields.closed();
    std::set<std::string> seen;
    for (const auto& codec : preference.codecs)
        if (std::count(std::begin(picture_codecs), std::end(picture_codecs), codec) == 0 ||
            !seen.insert(codec).second)
            throw ReadError(
                ReadFault::malformed, fields.where().in("codecs"),
                "'" + codec.substr(0, 16) +
                    "' is not a codec, or is listed twice; list those that the screen's board decodes, the "
                    "preferred one first, such as [\"hevc\", \"h264\"]");
    if (preference.codecs.empty())
        throw ReadError(ReadFault::missing, fields.where().in("codecs"),
                        "is empty; leave it out for [\"h264\"]");
    return preference;
}

/// The fields that only a screen may have.
void read_screen(JsonFields& named, Place& place) {
    place.quiet = read_quiet(named);
    place.subtitles = named.boolean_or("subtitles", true);
    place.open = read_open(named);
    place.picture = read_picture(named);
    if (place.outlet == OutletKind::screen) return;
    if (!place.quiet.empty() || !place.subtitles)
        throw ReadError(ReadFault::misplaced, named.where().in(place.subtitles ? "quiet" : "subtitles", {}),
                        "'quiet' and 'subtitles' are for screens; a feed's renditions contain their sound "
                        "and subtitles and are sent unchanged");
    if (!place.open.empty())
        named.refuse("open", ReadFault::misplaced, "is for screens; a feed is always on");
    if (place.picture != PicturePreference{})
        named.refuse("picture", ReadFault::misplaced, "is for screens; a feed's pictures follow its profile");
}

}  // namespace

Place read_place(const json::value& value, const Where& where, const std::string& country) {
    JsonFields fields(value, where.in("places", "place"));
    Place place;
    place.id = fields.text("id", 63);
    if (!is_id(place.id))
        throw ReadError(ReadFault::malformed, where.in("places.id", "place '" + place.id + '\''),
                        "an id is lower-case letters, digits and hyphens");
    JsonFields named(value, where.in("places." + place.id, "place " + place.id));
    static_cast<void>(named.optional("id"));
    place.name = named.text("name", 200);
    place.country = country;
    place.province = named.text_or("province", "", 16);
    place.zone = named.text("zone", 64);
    place.venue = named.text_or("venue", "", 64);
    place.tags = named.texts_or_none("tags", 50);
    place.languages = read_languages(named);
    place.schedule = named.text("schedule", 63);
    if (!is_id(place.schedule)) named.refuse("schedule", ReadFault::malformed, "must be an id");
    const auto outlet = parse_outlet_kind(named.text_or("outlet", "screen", 8));
    if (!outlet) named.refuse("outlet", ReadFault::malformed, "must be screen or feed");
    place.outlet = *outlet;
    place.signs = read_signs(named);
    read_screen(named, place);
    named.closed();
    return place;
}

json::object write_place(const Place& p) {
    json::array languages;
    for (const auto& l : p.languages) {
        json::object one{{"language", l.language}, {"share", l.share}};
        if (!l.fallback.empty()) one["fallback"] = json::array(l.fallback.begin(), l.fallback.end());
        languages.push_back(std::move(one));
    }
    json::object out{{"id", p.id},
                     {"name", p.name},
                     {"province", p.province},
                     {"zone", p.zone},
                     {"venue", p.venue},
                     {"tags", json::array(p.tags.begin(), p.tags.end())},
                     {"languages", std::move(languages)},
                     {"schedule", p.schedule},
                     {"outlet", to_text(p.outlet)}};
    json::array quiet;
    for (const auto& q : p.quiet) {
        quiet.push_back(json::object{{"daypart", q.daypart}});
        if (q.gain_db) quiet.back().as_object()["gain_db"] = *q.gain_db;
    }
    if (!p.signs.empty()) out["signs"] = json::array(p.signs.begin(), p.signs.end());
    if (!quiet.empty()) out["quiet"] = std::move(quiet);
    if (!p.subtitles) out["subtitles"] = false;
    if (p.picture != PicturePreference{})
        out["picture"] = {{"height", p.picture.height},
                          {"codecs", json::array(p.picture.codecs.begin(), p.picture.codecs.end())}};
    if (!p.open.empty()) {
        auto& open = out["open"].emplace_array();
        for (const auto& hours : p.open) open.emplace_back(open_hours_text(hours));
    }
    return out;
}

}  // namespace riverlight::content
