#include "content/segment/country.hpp"

#include <algorithm>
#include <set>

#include "content/base/instant.hpp"
#include "content/base/json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr JsonLimits limits{.bytes = 8U << 20, .depth = 8, .values = 2'000'000};

std::vector<DayWindow> read_windows(JsonFields& hours, std::string_view key) {
    std::vector<DayWindow> windows;
    if (!hours.optional(key)) return windows;
    for (const auto& item : hours.array(key, 20)) {
        JsonFields fields(item, hours.what() + ": " + std::string(key));
        const auto from = time_of_day(fields.text("from", 5));
        const auto until = time_of_day(fields.text("until", 5));
        if (!from || !until) throw Error(fields.what() + ": 'from' and 'until' are times of day, HH:MM");
        fields.closed();
        windows.push_back({*from, *until});
    }
    return windows;
}

std::vector<LanguageShare> read_languages(JsonFields& place) {
    std::vector<LanguageShare> languages;
    int sum = 0;
    for (const auto& item : place.array("languages", 20)) {
        JsonFields fields(item, place.what() + ": languages");
        LanguageShare one{fields.text("language", 35),
                          static_cast<int>(fields.integer_or("share", 100, 1, 100))};
        if (!is_language(one.language))
            throw Error(fields.what() + ": '" + one.language + "' is not a BCP 47 tag");
        one.fallback = fields.texts_or_none("fallback", 10);
        for (const auto& next : one.fallback)
            if (!is_language(next))
                throw Error(fields.what() + ": fallback '" + next + "' is not a BCP 47 tag");
        fields.closed();
        sum += one.share;
        languages.push_back(std::move(one));
    }
    if (languages.empty()) throw Error(place.what() + ": needs at least one language");
    if (sum > 100)
        throw Error(place.what() + ": the shares of its languages add up to " + std::to_string(sum) +
                    " percent, more than 100");
    return languages;
}

std::vector<QuietHours> read_quiet(JsonFields& place) {
    std::vector<QuietHours> quiet;
    if (!place.optional("quiet")) return quiet;
    for (const auto& item : place.array("quiet", 8)) {
        JsonFields fields(item, place.what() + ": quiet");
        QuietHours hours{fields.text("daypart", 63), {}};
        if (fields.optional("gain_db")) {
            hours.gain_db = fields.number_or("gain_db", 0);
            if (!(*hours.gain_db >= -60 && *hours.gain_db < 0))
                throw Error(fields.what() +
                            ": 'gain_db' lies from -60 to below 0; leave it out where there is to be no "
                            "sound at all");
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
            throw Error(place.what() + ": open: '" + text.substr(0, 40) +
                        "' is not understood; write local hours with or without weekdays, such as "
                        "[\"mon-fri 08:00-20:00\", \"sat 09:00-13:00\"], or leave it out where the place is "
                        "always open");
        open.push_back(*hours);
    }
    return open;
}

std::vector<std::string> read_signs(JsonFields& place) {
    auto signs = place.texts_or_none("signs", 8);
    for (const auto& sign : signs)
        if (!is_language(sign))
            throw Error(place.what() + ": signs: '" + sign.substr(0, 40) +
                        "' is no sign language; write its ISO 639-3 code, such as tsq for Thailand's");
    return signs;
}

PictureWish read_picture(JsonFields& place) {
    PictureWish wish;
    if (!place.optional("picture")) return wish;
    JsonFields fields(place.object("picture"), place.what() + ": picture");
    wish.height =
        static_cast<int>(fields.integer_or("height", wish.height, least_picture_height, most_picture_height));
    if (fields.optional("codecs")) wish.codecs = fields.texts_or_none("codecs", std::size(picture_codecs));
    fields.closed();
    std::set<std::string> seen;
    for (const auto& codec : wish.codecs)
        if (std::count(std::begin(picture_codecs), std::end(picture_codecs), codec) == 0 ||
            !seen.insert(codec).second)
            throw Error(fields.what() + ": codecs: '" + codec.substr(0, 16) +
                        "' is none, or stands twice; name those that the screen's board decodes, the most "
                        "welcome first, such as [\"hevc\", \"h264\"]");
    if (wish.codecs.empty())
        throw Error(fields.what() + ": codecs: names none; leave it out where it is [\"h264\"]");
    return wish;
}

/// What only a screen can do.
void read_screen(JsonFields& named, Place& place) {
    place.quiet = read_quiet(named);
    place.subtitles = named.boolean_or("subtitles", true);
    place.open = read_open(named);
    place.picture = read_picture(named);
    if (place.outlet == "feed" && (!place.quiet.empty() || !place.subtitles))
        throw Error(named.what() +
                    ": 'quiet' and 'subtitles' are for screens; a feed's renditions have their sound and "
                    "subtitles in them and go out as they are");
    if (place.outlet == "feed" && !place.open.empty())
        throw Error(named.what() + ": 'open' is for screens; a feed has no hours at which nobody may see it");
    if (place.outlet == "feed" && place.picture != PictureWish{})
        throw Error(named.what() + ": 'picture' is for screens; what a feed sends is of its profile");
}

Place read_place(const json::value& value, const std::string& what, const std::string& country) {
    JsonFields fields(value, what + ": place");
    Place place;
    place.id = fields.text("id", 63);
    if (!is_id(place.id))
        throw Error(what + ": place '" + place.id + "': an id is lower-case letters, digits and hyphens");
    JsonFields named(value, what + ": place " + place.id);
    static_cast<void>(named.optional("id"));
    place.name = named.text("name", 200);
    place.country = country;
    place.province = named.text_or("province", "", 16);
    place.zone = named.text("zone", 64);
    place.venue = named.text_or("venue", "", 64);
    place.tags = named.texts_or_none("tags", 50);
    place.languages = read_languages(named);
    place.schedule = named.text("schedule", 63);
    if (!is_id(place.schedule)) throw Error(named.what() + ": 'schedule' must be an id");
    place.outlet = named.text_or("outlet", "screen", 8);
    if (place.outlet != "screen" && place.outlet != "feed")
        throw Error(named.what() + ": 'outlet' must be screen or feed");
    place.signs = read_signs(named);
    read_screen(named, place);
    named.closed();
    return place;
}

std::optional<std::chrono::local_days> read_date(JsonFields& fields, std::string_view key) {
    if (!fields.optional(key)) return {};
    const auto date = date_from_iso(fields.text(key, 10));
    if (!date) throw Error(fields.what() + ": '" + std::string(key) + "' must be a date, YYYY-MM-DD");
    return date;
}

std::optional<Instant> read_instant(JsonFields& fields, std::string_view key) {
    if (!fields.optional(key)) return {};
    const auto at = from_rfc3339(fields.text(key, 40));
    if (!at)
        throw Error(fields.what() + ": '" + std::string(key) +
                    "' must be an instant with its offset, such as 2026-11-23T06:00:00+07:00");
    return at;
}

/// Sets of dates by name; each sorted, each date once.
std::map<std::string, std::vector<std::chrono::local_days>> read_holidays(const json::object& object,
                                                                          const std::string& what) {
    std::map<std::string, std::vector<std::chrono::local_days>> sets;
    JsonFields fields(object, what + ": holidays");
    for (const auto& member : object) {
        const std::string name(member.key());
        if (!is_id(name)) throw Error(fields.what() + ": '" + name + "' must be an id");
        std::vector<std::chrono::local_days> days;
        for (const auto& text : fields.texts_or_none(name, 10'000)) {
            const auto date = date_from_iso(text);
            if (!date) throw Error(fields.what() + ": " + name + ": '" + text + "' is no date, YYYY-MM-DD");
            days.push_back(*date);
        }
        std::sort(days.begin(), days.end());
        days.erase(std::unique(days.begin(), days.end()), days.end());
        sets.emplace(name, std::move(days));
    }
    return sets;
}

/// Opens a country file: format 1 and the country it must be about.
JsonFields open_country(const json::value& value, const std::string& what, const Country& country) {
    JsonFields fields(value, what);
    fields.format(1);
    const auto code = fields.text("country", 2);
    if (!is_country(code) || code != country.code)
        throw Error(what + ": is about country '" + code + "', not " + country.code);
    return fields;
}

json::array write_windows(const std::vector<DayWindow>& windows) {
    json::array out;
    for (const auto& w : windows)
        out.push_back(json::object{{"from", time_of_day_text(w.from)}, {"until", time_of_day_text(w.until)}});
    return out;
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
                     {"outlet", p.outlet}};
    json::array quiet;
    for (const auto& q : p.quiet) {
        quiet.push_back(json::object{{"daypart", q.daypart}});
        if (q.gain_db) quiet.back().as_object()["gain_db"] = *q.gain_db;
    }
    // What stands at its default is left out: older boards read the rest.
    if (!p.signs.empty()) out["signs"] = json::array(p.signs.begin(), p.signs.end());
    if (!quiet.empty()) out["quiet"] = std::move(quiet);
    if (!p.subtitles) out["subtitles"] = false;
    if (p.picture != PictureWish{})
        out["picture"] = {{"height", p.picture.height},
                          {"codecs", json::array(p.picture.codecs.begin(), p.picture.codecs.end())}};
    if (!p.open.empty()) {
        auto& open = out["open"].emplace_array();
        for (const auto& hours : p.open) open.emplace_back(open_hours_text(hours));
    }
    return out;
}

json::object write_holidays(const Country& country) {
    json::object sets;
    for (const auto& [name, days] : country.holidays) {
        json::array dates;
        for (const auto day : days) dates.emplace_back(to_iso(day));
        sets[name] = std::move(dates);
    }
    return sets;
}

}  // namespace

std::string sign_at(const Place& place, const Localisation& localisation) {
    const auto found = std::find_if(place.signs.begin(), place.signs.end(),
                                    [&](const auto& sign) { return localisation.signs.contains(sign); });
    return found == place.signs.end() ? std::string{} : *found;
}

const Place* Country::place(std::string_view id) const {
    const auto found = std::find_if(places.begin(), places.end(), [&](const Place& p) { return p.id == id; });
    return found == places.end() ? nullptr : &*found;
}

void Country::set_last_contact(Instant at) {
    if (offline_days == 0) return;
    const auto day = std::chrono::floor<std::chrono::days>(at).time_since_epoch();
    cleared_until = std::chrono::local_days{day} + std::chrono::days{offline_days};
}

bool Country::cleared(std::string_view segment, int revision, std::string_view locale,
                      std::chrono::local_days day) const {
    if (cleared_until && day > *cleared_until) return false;
    return std::any_of(clearances.begin(), clearances.end(), [&](const Clearance& c) {
        return c.segment == segment && c.revision == revision && (!c.from || *c.from <= day) &&
               (!c.until || day <= *c.until) &&
               std::find(c.locales.begin(), c.locales.end(), locale) != c.locales.end();
    });
}

std::vector<Withdrawal> withdrawn(const Country& had, const Country& has, std::chrono::local_days day) {
    std::set<Withdrawal> out;
    for (const auto& c : had.clearances) {
        for (const auto& locale : c.locales)
            if (had.cleared(c.segment, c.revision, locale, day) &&
                !has.cleared(c.segment, c.revision, locale, day))
                out.insert({c.segment, c.revision, locale});
    }
    return {out.begin(), out.end()};
}

const Hotline* Country::hotline(std::string_view locale) const {
    for (const auto& key : {std::string(locale), std::string("*")}) {
        if (const auto found = hotlines.find(key); found != hotlines.end()) return &found->second;
    }
    return nullptr;
}

const Place* Catalogue::place(std::string_view id) const {
    for (const auto& [code, country] : countries) {
        if (const auto* found = country.place(id)) return found;
    }
    return nullptr;
}

const Country* Catalogue::country_of(const Place& place) const {
    const auto found = countries.find(place.country);
    return found == countries.end() ? nullptr : &found->second;
}

void parse_places(std::string_view text, const std::string& what, Country& country) {
    const auto value = parse_json(text, what, limits);
    auto fields = open_country(value, what, country);
    JsonFields hours(fields.object("hours"), what + ": hours");
    RatingHours read{read_windows(hours, "guidance"), read_windows(hours, "late"),
                     std::chrono::minutes{hours.integer_or("from_children_min", 0, 0, 720)}};
    hours.closed();
    std::map<std::string, std::vector<std::chrono::local_days>> holidays;
    if (fields.optional("holidays")) holidays = read_holidays(fields.object("holidays"), what);
    std::vector<Place> places;
    for (const auto& item : fields.array("places")) {
        places.push_back(read_place(item, what, country.code));
    }
    fields.closed();
    std::vector<std::string_view> ids;
    ids.reserve(places.size());
    for (const auto& place : places) ids.emplace_back(place.id);
    std::sort(ids.begin(), ids.end());
    if (const auto twin = std::adjacent_find(ids.begin(), ids.end()); twin != ids.end()) {
        throw Error(what + ": place '" + std::string(*twin) + "' stands twice");
    }
    country.hours = std::move(read);
    country.holidays = std::move(holidays);
    country.places = std::move(places);
}

void parse_clearances(std::string_view text, const std::string& what, Country& country) {
    const auto value = parse_json(text, what, limits);
    auto fields = open_country(value, what, country);
    std::vector<Clearance> clearances;
    for (const auto& item : fields.array("clearances")) {
        JsonFields one(item, what + ": clearance");
        Clearance c;
        c.segment = one.text("segment", 63);
        c.revision = static_cast<int>(one.integer("revision", 1, 1'000'000));
        c.locales = one.texts_or_none("locales", 200);
        c.from = read_date(one, "from");
        c.until = read_date(one, "until");
        c.embargo = read_instant(one, "embargo");
        c.expiry = read_instant(one, "expiry");
        if (!is_id(c.segment) || c.locales.empty())
            throw Error(one.what() + ": needs a segment's id and at least one locale");
        one.closed();
        clearances.push_back(std::move(c));
    }
    const auto offline_days = fields.integer_or("offline_days", 0, 1, 3650);
    fields.closed();
    country.clearances = std::move(clearances);
    country.offline_days = static_cast<int>(offline_days);
}

void parse_hotlines(std::string_view text, const std::string& what, Country& country) {
    const auto value = parse_json(text, what, limits);
    auto fields = open_country(value, what, country);
    std::map<std::string, Hotline> hotlines;
    for (const auto& member : fields.object("hotlines")) {
        JsonFields one(member.value(), what + ": hotline " + std::string(member.key()));
        Hotline hotline{one.text("number", 64), one.text_or("name", "", 200)};
        one.closed();
        if (member.key() != "*" && !is_language(member.key()))
            throw Error(one.what() + ": the key must be a BCP 47 tag or *");
        hotlines.emplace(std::string(member.key()), std::move(hotline));
    }
    fields.closed();
    country.hotlines = std::move(hotlines);
}

std::string write_places(const Country& country) {
    json::array places;
    for (const auto& place : country.places) places.push_back(write_place(place));
    json::object hours{{"guidance", write_windows(country.hours.guidance)},
                       {"late", write_windows(country.hours.late)}};
    if (country.hours.from_children.count() > 0)
        hours["from_children_min"] = country.hours.from_children.count();
    json::object out{{"format", 1}, {"country", country.code}, {"hours", std::move(hours)}};
    if (!country.holidays.empty()) out["holidays"] = write_holidays(country);
    out["places"] = std::move(places);
    return pretty_json(out);
}

std::string write_clearances(const Country& country) {
    json::array clearances;
    for (const auto& c : country.clearances) {
        json::object one{{"segment", c.segment},
                         {"revision", c.revision},
                         {"locales", json::array(c.locales.begin(), c.locales.end())}};
        if (c.from) one["from"] = to_iso(*c.from);
        if (c.until) one["until"] = to_iso(*c.until);
        if (c.embargo) one["embargo"] = to_rfc3339(*c.embargo);
        if (c.expiry) one["expiry"] = to_rfc3339(*c.expiry);
        clearances.push_back(std::move(one));
    }
    json::object file{{"format", 1}, {"country", country.code}};
    if (country.offline_days > 0) file["offline_days"] = country.offline_days;
    file["clearances"] = std::move(clearances);
    return pretty_json(file);
}

std::string write_hotlines(const Country& country) {
    json::object hotlines;
    for (const auto& [locale, h] : country.hotlines)
        hotlines[locale] = json::object{{"number", h.number}, {"name", h.name}};
    return pretty_json(
        json::object{{"format", 1}, {"country", country.code}, {"hotlines", std::move(hotlines)}});
}

}  // namespace riverlight::content
