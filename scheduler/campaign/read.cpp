#include <algorithm>
#include <array>
#include <sstream>

#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/table_reader.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

constexpr std::size_t most_campaigns = 2'000, most_bookings = 10'000, most_dates = 5'000;

/// All that the reader of one schedule carries from table to table.
struct Reading {
    const std::string& file;
    ScheduleReading out{};
    std::size_t bookings = 0;
    std::map<std::string, int> booking_lines{}, campaign_lines{};

    [[nodiscard]] TableReader open(const toml::table& table, std::string where) {
        return {table, std::move(where), file, out.findings};
    }
};

constexpr std::array<std::string_view, 7> weekday_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/// Bit of a weekday's name; nothing for another word.
std::optional<unsigned> weekday_index(std::string_view name) {
    const auto found = std::find(weekday_names.begin(), weekday_names.end(), name);
    if (found == weekday_names.end()) return {};
    return static_cast<unsigned>(found - weekday_names.begin());
}

/// `mon`, or `mon-fri`, which may wrap: `fri-mon`.
std::optional<unsigned> weekdays_of(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = weekday_index(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : weekday_index(text.substr(dash + 1));
    if (!first || !last) return {};
    unsigned bits = 0;
    for (unsigned day = *first;; day = (day + 1) % 7) {
        bits |= 1U << day;
        if (day == *last) return bits;
    }
}

HolidayRule read_holidays(TableReader& fields) {
    return {fields.texts("only_on_holidays", 50), fields.texts("never_on_holidays", 50)};
}

void read_daypart(Reading& reading, const std::string& name, const toml::table& table) {
    auto fields = reading.open(table, "daypart " + name);
    Daypart part;
    part.name = name;
    if (const auto days = fields.texts("days", 7); !days.empty()) {
        part.weekdays = 0;
        for (const auto& word : days) {
            const auto bits = weekdays_of(word);
            if (!bits)
                fields.error(fields.node("days"),
                             "'" + word + "' is no weekday; use mon, tue, … or a span such as mon-fri");
            part.weekdays |= bits.value_or(0);
        }
    }
    const auto from = fields.time("from", true), until = fields.time("until", true);
    part.from = duration_cast<minutes>(from.value_or(0s));
    part.until = duration_cast<minutes>(until.value_or(0s));
    if (from && until && (*from % 60s != 0s || *until % 60s != 0s))
        fields.error("'from' and 'until' are whole minutes");
    part.holidays = read_holidays(fields);
    static constexpr std::array<std::string_view, 5> known{"days", "from", "until", "only_on_holidays",
                                                           "never_on_holidays"};
    fields.closed(known);
    reading.out.schedule.dayparts[name] = part;
}

Audience read_audience(Reading& reading, TableReader& campaign) {
    Audience audience;
    const auto* table = campaign.table("audience");
    if (!table) return audience;
    auto fields = reading.open(*table, campaign.where() + ", audience");
    audience = {fields.texts("countries", 300), fields.texts("provinces", 1000),
                fields.texts("languages", 300), fields.texts("venues", 300), fields.texts("tags", 300)};
    static constexpr std::array<std::string_view, 5> known{"countries", "provinces", "languages", "venues",
                                                           "tags"};
    fields.closed(known);
    return audience;
}

/// A time of day below 24:00, as `at` and `until` of a booking are.
seconds read_time_of_day(TableReader& fields, std::string_view key) {
    const auto time = fields.time(key, true).value_or(0s);
    if (time < hours{24}) return time;
    fields.error(fields.node(key), "'" + std::string(key) + "' must be before 24:00; 00:00 is midnight");
    return 0s;
}

constexpr std::array<std::string_view, 2> start_words{"hard", "soft"};
constexpr std::array<std::string_view, 3> late_words{"join", "skip", "make_good"};
constexpr std::array<std::string_view, 2> padding_words{"end", "between"}, trimming_words{"drop", "cut"},
    pacing_words{"even", "early"};
constexpr std::array<std::string_view, 3> rejoin_words{"resume", "in_progress", "leave"};

void read_fixed(TableReader& fields, Booking& booking) {
    booking.at = read_time_of_day(fields, "at");
    const auto start = fields.text("start");
    if (!start.empty() && start != "hard" && start != "soft") fields.wrong_word("start", start, start_words);
    booking.hard = start == "hard";
    booking.late_limit = seconds{fields.integer("late_limit_s", 300, 0, 86'400)};
    booking.late = fields.word("late", LateRule::join, late_rule_from_text, late_words);
}

void read_block(TableReader& fields, Booking& booking) {
    booking.at = read_time_of_day(fields, "at");
    booking.block_until = read_time_of_day(fields, "until");
    booking.hard = true;
    booking.filler = fields.texts("filler", 1000);
    booking.padding = fields.word("padding", Padding::end, padding_from_text, padding_words);
    booking.trimming = fields.word("trimming", Trimming::drop, trimming_from_text, trimming_words);
    booking.rejoin = fields.word("rejoin", Rejoin::resume, rejoin_from_text, rejoin_words);
}

void read_takeover(TableReader& fields, Booking& booking) {
    booking.hard = true;
    booking.takeover_from = fields.moment("from");
    booking.takeover_until = fields.moment("until");
    if (booking.takeover_from && booking.takeover_until &&
        booking.takeover_from->index() == booking.takeover_until->index() &&
        *booking.takeover_until <= *booking.takeover_from)
        fields.error(fields.node("until"), "'until' is not after 'from'; it never airs");
}

void read_rotation(TableReader& fields, Booking& booking) {
    booking.plays_per_hour = static_cast<int>(fields.integer("plays_per_hour", 0, 1, 720));
    booking.plays_per_day = static_cast<int>(fields.integer("plays_per_day", 0, 1, 17'280));
    booking.share_percent = static_cast<int>(fields.integer("share_percent", 0, 1, 100));
    booking.pacing = fields.word("pacing", Pacing::even, pacing_from_text, pacing_words);
    const int chosen =
        (booking.plays_per_hour > 0) + (booking.plays_per_day > 0) + (booking.share_percent > 0);
    if (chosen != 1)
        fields.error("a rotation needs exactly one of 'plays_per_hour', 'plays_per_day' and 'share_percent'");
}

void read_weights(TableReader& fields, Booking& booking) {
    booking.weights = fields.integers("weights", 1000, 1, 1000);
    if (booking.weights.empty() || booking.weights.size() == booking.segments.size()) return;
    fields.error(fields.node("weights"), "'weights' has " + std::to_string(booking.weights.size()) +
                                             " entries for " + std::to_string(booking.segments.size()) +
                                             " segments; give one for each");
    booking.weights.clear();
}

void read_rrule(TableReader& fields, Booking& booking) {
    booking.rrule = fields.text("rrule");
    if (booking.rrule.empty()) return;
    if (const auto fault = rrule_fault(booking.rrule); !fault.empty()) {
        fields.error(fields.node("rrule"), "'rrule' " + fault);
        booking.rrule.clear();
    }
}

/// The keys that each kind of booking takes beside `id`, `kind` and `segments`.
std::vector<std::string_view> keys_of(BookingKind kind) {
    static constexpr std::array<std::string_view, 8> dates{
        "dayparts",          "rrule",        "exdates",           "rdates", "only_on_holidays",
        "never_on_holidays", "separation_s", "topic_separation_s"};
    std::vector<std::string_view> keys{"id", "kind", "segments"};
    const auto add = [&](std::initializer_list<std::string_view> more) { keys.insert(keys.end(), more); };
    if (kind != BookingKind::takeover) {
        keys.insert(keys.end(), dates.begin(), dates.end());
        if (kind != BookingKind::block) add({"daily_cap"});
    }
    switch (kind) {
        case BookingKind::fixed:
            add({"at", "start", "late_limit_s", "late"});
            break;
        case BookingKind::rotation:
            add({"weights", "plays_per_hour", "plays_per_day", "share_percent", "pacing"});
            break;
        case BookingKind::block:
            add({"at", "until", "filler", "padding", "trimming", "rejoin"});
            break;
        case BookingKind::takeover:
            add({"weights", "from", "until"});
            break;
        case BookingKind::filler:
            add({"weights"});
            break;
    }
    return keys;
}

BookingKind read_kind(TableReader& fields) {
    const auto word = fields.text("kind", true);
    const auto kind = kind_from_text(word);
    static constexpr std::array<std::string_view, 5> known{"fixed", "rotation", "block", "takeover",
                                                           "filler"};
    if (!kind && !word.empty())
        fields.error(fields.node("kind"), "'" + word +
                                              "' is no kind of booking; use fixed, rotation, block, takeover "
                                              "or filler" +
                                              suggestion(word, known));
    return kind.value_or(BookingKind::filler);
}

/// The days on which it counts, and what any kind but a takeover may ask for.
void read_common(Reading& reading, TableReader& fields, Booking& booking) {
    booking.dayparts = fields.texts("dayparts", 100);
    for (const auto& part : booking.dayparts) {
        if (reading.out.schedule.dayparts.contains(part)) continue;
        std::vector<std::string_view> known;
        for (const auto& [name, unused] : reading.out.schedule.dayparts) known.emplace_back(name);
        fields.error(fields.node("dayparts"), "no daypart '" + part + "' is written here; add [dayparts." +
                                                  part + "]" + suggestion(part, known));
    }
    read_rrule(fields, booking);
    booking.exdates = fields.dates("exdates", most_dates);
    booking.rdates = fields.dates("rdates", most_dates);
    booking.holidays = read_holidays(fields);
    booking.separation = seconds{fields.integer("separation_s", 0, 0, 86'400)};
    booking.topic_separation = seconds{fields.integer("topic_separation_s", 0, 0, 86'400)};
    booking.daily_cap = static_cast<int>(fields.integer("daily_cap", 0, 1, 20'000));
}

/// What only its kind takes.
void read_own(TableReader& fields, Booking& booking) {
    switch (booking.kind) {
        case BookingKind::fixed:
            return read_fixed(fields, booking);
        case BookingKind::block:
            return read_block(fields, booking);
        case BookingKind::takeover:
            read_weights(fields, booking);
            return read_takeover(fields, booking);
        case BookingKind::rotation:
            read_weights(fields, booking);
            return read_rotation(fields, booking);
        case BookingKind::filler:
            return read_weights(fields, booking);
    }
}

void read_booking(Reading& reading, Campaign& campaign, const toml::table& table) {
    const auto* named = table.get_as<std::string>("id");
    auto fields = reading.open(table, "booking " + (named ? named->get() : campaign.id + " (unnamed)"));
    Booking booking;
    booking.line = fields.line();
    booking.id = fields.id("id");
    if (const auto twin = reading.booking_lines.find(booking.id);
        !booking.id.empty() && twin != reading.booking_lines.end()) {
        fields.error("'" + booking.id + "' is booked already on line " + std::to_string(twin->second) +
                     "; give it another id");
    }
    reading.booking_lines.emplace(booking.id, booking.line);
    booking.kind = read_kind(fields);
    booking.segments = fields.texts("segments", 1000);
    if (booking.segments.empty()) fields.error("needs 'segments', a list of at least one segment's id");
    if (booking.kind != BookingKind::takeover) read_common(reading, fields, booking);
    read_own(fields, booking);
    fields.closed(keys_of(booking.kind));
    campaign.bookings.push_back(std::move(booking));
}

void read_campaign(Reading& reading, const toml::table& table) {
    const auto* named = table.get_as<std::string>("id");
    auto fields = reading.open(table, "campaign " + (named ? named->get() : std::string("(unnamed)")));
    Campaign campaign;
    campaign.line = fields.line();
    campaign.id = fields.id("id");
    if (const auto twin = reading.campaign_lines.find(campaign.id);
        !campaign.id.empty() && twin != reading.campaign_lines.end()) {
        fields.error("'" + campaign.id + "' stands already on line " + std::to_string(twin->second) +
                     "; give it another id");
    }
    reading.campaign_lines.emplace(campaign.id, campaign.line);
    campaign.title = fields.text("title");
    campaign.from = fields.date("from");
    campaign.until = fields.date("until");
    if (campaign.from && campaign.until && *campaign.until < *campaign.from)
        fields.error(fields.node("until"), "'until' lies before 'from'; it never airs");
    campaign.embargo = fields.moment("embargo");
    campaign.expiry = fields.moment("expiry");
    if (campaign.embargo && campaign.expiry && campaign.embargo->index() == campaign.expiry->index() &&
        *campaign.expiry <= *campaign.embargo)
        fields.error(fields.node("expiry"), "'expiry' is not after 'embargo'; it never airs");
    campaign.audience = read_audience(reading, fields);
    campaign.priority = static_cast<int>(fields.integer("priority", 50, 0, 100));
    const auto bookings = fields.tables("booking", most_bookings);
    reading.bookings += bookings.size();
    if (reading.bookings > most_bookings) {
        fields.error("more than " + std::to_string(most_bookings) + " bookings in one schedule; split it");
        return;
    }
    if (bookings.empty()) fields.error("has no [[campaign.booking]], so nothing of it airs");
    for (const auto* booking : bookings) read_booking(reading, campaign, *booking);
    static constexpr std::array<std::string_view, 9> known{
        "id", "title", "from", "until", "embargo", "expiry", "audience", "priority", "booking"};
    fields.closed(known);
    reading.out.schedule.campaigns.push_back(std::move(campaign));
}

ScheduleReading read_table(const toml::table& table, const std::string& file) {
    Reading reading{file};
    auto fields = reading.open(table, "schedule");
    if (!fields.node("format")) fields.error("needs 'format = 1'");
    static_cast<void>(fields.integer("format", 1, 1, 1));
    reading.out.schedule.name = fields.id("name");
    const auto start = fields.time("day_start", false).value_or(0s);
    reading.out.schedule.day_start = duration_cast<minutes>(start);
    if (start % 60s != 0s || start >= hours{24})
        fields.error(fields.node("day_start"), "'day_start' is a whole minute before 24:00");
    if (const auto* parts = fields.table("dayparts")) {
        for (const auto& [name, value] : *parts) {
            if (const auto* part = value.as_table()) {
                read_daypart(reading, std::string(name.str()), *part);
            } else {
                fields.error(&value, "daypart '" + std::string(name.str()) +
                                         "' must be a table with 'from' and 'until'");
            }
        }
    }
    for (const auto* campaign : fields.tables("campaign", most_campaigns)) read_campaign(reading, *campaign);
    static constexpr std::array<std::string_view, 5> known{"format", "name", "day_start", "dayparts",
                                                           "campaign"};
    fields.closed(known);
    std::stable_sort(reading.out.findings.begin(), reading.out.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
    return std::move(reading.out);
}

toml::table table_of(const boost::json::object& object);

/// Gives `put` the TOML kind of one JSON value that holds no others.
template <class Put>
void put_plain(const boost::json::value& value, const Put& put) {
    if (value.is_string()) {
        put(std::string(value.get_string()));
    } else if (value.is_int64()) {
        put(value.get_int64());
    } else if (value.is_bool()) {
        put(value.get_bool());
    } else {
        put(std::string("(neither text, whole number, truth, list nor object)"));
    }
}

toml::array array_of(const boost::json::array& items) {
    toml::array array;
    for (const auto& item : items) {
        if (item.is_object()) {
            array.push_back(table_of(item.get_object()));
        } else if (item.is_array()) {
            array.push_back(array_of(item.get_array()));
        } else {
            put_plain(item, [&](auto plain) { array.push_back(std::move(plain)); });
        }
    }
    return array;
}

/// The channel's JSON as the table an author would have written, so that one reader serves both.
toml::table table_of(const boost::json::object& object) {
    toml::table table;
    for (const auto& member : object) {
        const std::string key(member.key());
        if (member.value().is_object()) {
            table.insert_or_assign(key, table_of(member.value().get_object()));
        } else if (member.value().is_array()) {
            table.insert_or_assign(key, array_of(member.value().get_array()));
        } else {
            put_plain(member.value(), [&](auto plain) { table.insert_or_assign(key, std::move(plain)); });
        }
    }
    return table;
}

}  // namespace

ScheduleReading read_schedule_toml(std::string_view text, const std::string& file) {
    if (text.size() > (1U << 20)) {
        return {
            {},
            {{file, 0, true,
              "is " + std::to_string(text.size()) + " bytes, more than the 1,048,576 allowed; split it"}}};
    }
    if (const auto fault = toml_shape_fault(text)) return {{}, {{file, fault->line, true, fault->message}}};
    try {
        return read_table(toml::parse(text, file), file);
    } catch (const toml::parse_error& e) {
        return {{}, {{file, static_cast<int>(e.source().begin.line), true, std::string(e.description())}}};
    } catch (const Error& e) {
        return {{}, {{file, 0, true, e.what()}}};
    }
}

Schedule read_schedule_json(std::string_view text, const std::string& what) {
    const auto value = parse_json(text, what, {.bytes = 8U << 20, .depth = 8, .values = 500'000});
    if (!value.is_object()) throw Error(what + ": must be a JSON object");
    auto reading = read_table(table_of(value.get_object()), what);
    if (!reading.ok()) {
        throw Error(std::find_if(reading.findings.begin(), reading.findings.end(), [](const Finding& f) {
                        return f.error;
                    })->text());
    }
    return std::move(reading.schedule);
}

}  // namespace riverlight::scheduler
