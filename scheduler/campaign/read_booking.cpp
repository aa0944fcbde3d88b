#include <array>

#include "content/base/suggest.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/calendar/recurrence.hpp"
#include "scheduler/campaign/reading.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

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
    const auto text = fields.text("rrule");
    if (text.empty()) return;
    try {
        booking.rrule = read_recurrence(text);
    } catch (const ReadError& e) {
        fields.error(fields.node("rrule"), std::string("'rrule' ") + e.what());
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
        fields.error(fields.node("kind"),
                     "'" + word +
                         "' is not a kind of booking; use fixed, rotation, block, takeover "
                         "or filler",
                     nearest_name(word, known));
    return kind.value_or(BookingKind::filler);
}

/// The keys of every kind but a takeover.
void read_common(Reading& reading, TableReader& fields, Booking& booking) {
    booking.dayparts = fields.texts("dayparts", 100);
    for (const auto& part : booking.dayparts) {
        if (reading.out.schedule.dayparts.contains(part)) continue;
        std::vector<std::string_view> known;
        for (const auto& [name, unused] : reading.out.schedule.dayparts) known.emplace_back(name);
        fields.error(fields.node("dayparts"),
                     "no daypart '" + part + "' is defined here; add [dayparts." + part + "]",
                     nearest_name(part, known));
    }
    read_rrule(fields, booking);
    booking.exdates = fields.dates("exdates", most_dates);
    booking.rdates = fields.dates("rdates", most_dates);
    booking.holidays = read_holidays(fields);
    booking.separation = seconds{fields.integer("separation_s", 0, 0, 86'400)};
    booking.topic_separation = seconds{fields.integer("topic_separation_s", 0, 0, 86'400)};
    booking.daily_cap = static_cast<int>(fields.integer("daily_cap", 0, 1, 20'000));
}

/// The keys of its kind.
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

}  // namespace

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
    fields.reject_unknown(keys_of(booking.kind));
    campaign.bookings.push_back(std::move(booking));
}

}  // namespace riverlight::scheduler
