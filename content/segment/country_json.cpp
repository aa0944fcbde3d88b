#include "content/segment/country_json.hpp"

#include <algorithm>

#include "content/base/json.hpp"
#include "content/segment/forms.hpp"
#include "content/segment/place_json.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr JsonLimits limits{.bytes = 8U << 20, .depth = 8, .values = 2'000'000};

std::vector<DayWindow> read_windows(JsonFields& hours, std::string_view key) {
    std::vector<DayWindow> windows;
    if (!hours.optional(key)) return windows;
    for (const auto& item : hours.array(key, 20)) {
        const auto number = std::to_string(windows.size() + 1);
        JsonFields fields(item, hours.where().in(std::string(key) + '.' + number, key));
        const auto from = time_of_day(fields.text("from", 5));
        const auto until = time_of_day(fields.text("until", 5));
        if (!from || !until)
            throw ReadError(ReadFault::malformed, fields.where().in(from ? "until" : "from", {}),
                            "'from' and 'until' are times of day, HH:MM");
        fields.closed();
        windows.push_back({*from, *until});
    }
    return windows;
}

std::optional<std::chrono::local_days> read_date(JsonFields& fields, std::string_view key) {
    if (!fields.optional(key)) return {};
    const auto date = date_from_iso(fields.text(key, 10));
    if (!date) fields.refuse(key, ReadFault::malformed, "must be a date, YYYY-MM-DD");
    return date;
}

std::optional<Instant> read_instant(JsonFields& fields, std::string_view key) {
    if (!fields.optional(key)) return {};
    const auto at = from_rfc3339(fields.text(key, 40));
    if (!at)
        fields.refuse(key, ReadFault::malformed,
                      "must be an instant with its offset, such as 2026-11-23T06:00:00+07:00");
    return at;
}

/// Sets of dates by name, sorted, without duplicates.
std::map<std::string, std::vector<std::chrono::local_days>> read_holidays(const json::object& object,
                                                                          const Where& where) {
    std::map<std::string, std::vector<std::chrono::local_days>> sets;
    JsonFields fields(object, where.in("holidays"));
    for (const auto& member : object) {
        const std::string name(member.key());
        if (!is_id(name)) fields.refuse(name, ReadFault::malformed, "must be an id");
        std::vector<std::chrono::local_days> days;
        for (const auto& text : fields.texts_or_none(name, 10'000)) {
            const auto date = date_from_iso(text);
            if (!date)
                throw ReadError(ReadFault::malformed, fields.where().in(name),
                                "'" + text + "' is not a date, YYYY-MM-DD");
            days.push_back(*date);
        }
        std::sort(days.begin(), days.end());
        days.erase(std::unique(days.begin(), days.end()), days.end());
        sets.emplace(name, std::move(days));
    }
    return sets;
}

/// Starts to read a country file: checks the format and the country.
JsonFields open_country(const json::value& value, const std::string& what, const Country& country) {
    JsonFields fields(value, what);
    fields.format(1);
    const auto code = fields.text("country", 2);
    if (!is_country(code) || code != country.code)
        throw ReadError(ReadFault::misplaced, fields.where().in("country", {}),
                        "is about country '" + code + "', not " + country.code);
    return fields;
}

json::array write_windows(const std::vector<DayWindow>& windows) {
    json::array out;
    for (const auto& w : windows)
        out.push_back(json::object{{"from", time_of_day_text(w.from)}, {"until", time_of_day_text(w.until)}});
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

void parse_places(std::string_view text, const std::string& what, Country& country) {
    const auto value = parse_json(text, what, limits);
    auto fields = open_country(value, what, country);
    JsonFields hours(fields.object("hours"), fields.where().in("hours"));
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
        throw ReadError(ReadFault::duplicate, fields.where().in("places." + std::string(*twin), {}),
                        "place '" + std::string(*twin) + "' is listed twice");
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
        const auto number = std::to_string(clearances.size() + 1);
        JsonFields one(item, fields.where().in("clearances." + number, "clearance"));
        Clearance c;
        c.segment = one.text("segment", 63);
        c.revision = static_cast<int>(one.integer("revision", 1, 1'000'000));
        c.locales = one.texts_or_none("locales", 200);
        c.from = read_date(one, "from");
        c.until = read_date(one, "until");
        c.embargo = read_instant(one, "embargo");
        c.expiry = read_instant(one, "expiry");
        if (!is_id(c.segment) || c.locales.empty())
            throw ReadError(ReadFault::missing, one.where().in(c.locales.empty() ? "locales" : "segment", {}),
                            "needs a segment's id and at least one locale");
        one.closed();
        clearances.push_back(std::move(c));
    }
    std::optional<std::chrono::days> offline_days;
    if (fields.optional("offline_days"))
        offline_days = std::chrono::days{fields.integer("offline_days", 1, 3650)};
    fields.closed();
    country.clearances = std::move(clearances);
    country.offline_days = offline_days;
}

void parse_hotlines(std::string_view text, const std::string& what, Country& country) {
    const auto value = parse_json(text, what, limits);
    auto fields = open_country(value, what, country);
    std::map<std::string, Hotline> hotlines;
    for (const auto& member : fields.object("hotlines")) {
        const std::string key(member.key());
        JsonFields one(member.value(), fields.where().in("hotlines." + key, "hotline " + key));
        Hotline hotline{one.text("number", 64), one.text_or("name", "", 200)};
        one.closed();
        if (key != "*" && !is_language(key))
            throw ReadError(ReadFault::malformed, one.where(), "the key must be a BCP 47 tag or *");
        hotlines.emplace(key, std::move(hotline));
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
    if (country.offline_days) file["offline_days"] = country.offline_days->count();
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
