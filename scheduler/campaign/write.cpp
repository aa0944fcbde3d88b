#include "scheduler/campaign/write.hpp"

#include "content/base/instant.hpp"
#include "content/base/json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::scheduler {
namespace {

namespace json = boost::json;
using namespace std::chrono;

json::array texts(const std::vector<std::string>& list) {
    json::array out;
    for (const auto& text : list) out.emplace_back(text);
    return out;
}

json::array dates(const std::vector<local_days>& list) {
    json::array out;
    for (const auto day : list) out.emplace_back(to_iso(day));
    return out;
}

void write_holidays(const HolidayRule& rule, json::object& out) {
    if (!rule.only_on.empty()) out["only_on_holidays"] = texts(rule.only_on);
    if (!rule.never_on.empty()) out["never_on_holidays"] = texts(rule.never_on);
}

std::string clock_text(seconds time) {
    const auto two = [](long n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    return content::time_of_day_text(floor<minutes>(time)) + ':' + two((time % 60s).count());
}

json::object write_daypart(const Daypart& part) {
    static constexpr const char* names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    json::array days;
    for (unsigned day = 0; day < 7; ++day) {
        if (part.weekdays & (1U << day)) days.push_back(names[day]);
    }
    json::object out{{"days", std::move(days)},
                     {"from", content::time_of_day_text(part.from)},
                     {"until", content::time_of_day_text(part.until)}};
    write_holidays(part.holidays, out);
    return out;
}

void write_own(const Booking& b, json::object& out) {
    if (b.kind == BookingKind::fixed) {
        out["at"] = clock_text(b.at);
        out["start"] = b.hard ? "hard" : "soft";
        out["late_limit_s"] = b.late_limit.count();
        out["late"] = to_text(b.late);
    } else if (b.kind == BookingKind::block) {
        out["at"] = clock_text(b.at);
        out["until"] = clock_text(b.block_until);
        if (!b.filler.empty()) out["filler"] = texts(b.filler);
        out["padding"] = to_text(b.padding);
        out["trimming"] = to_text(b.trimming);
        out["rejoin"] = to_text(b.rejoin);
    } else if (b.kind == BookingKind::takeover) {
        if (b.takeover_from) out["from"] = to_text(*b.takeover_from);
        if (b.takeover_until) out["until"] = to_text(*b.takeover_until);
    }
}

json::object write_booking(const Booking& b) {
    json::object out{{"id", b.id}, {"kind", to_text(b.kind)}, {"segments", texts(b.segments)}};
    if (!b.weights.empty()) out["weights"] = json::array(b.weights.begin(), b.weights.end());
    if (!b.dayparts.empty()) out["dayparts"] = texts(b.dayparts);
    if (b.rrule) out["rrule"] = b.rrule->text;
    if (!b.exdates.empty()) out["exdates"] = dates(b.exdates);
    if (!b.rdates.empty()) out["rdates"] = dates(b.rdates);
    write_holidays(b.holidays, out);
    write_own(b, out);
    if (b.plays_per_hour) out["plays_per_hour"] = b.plays_per_hour;
    if (b.plays_per_day) out["plays_per_day"] = b.plays_per_day;
    if (b.share_percent) out["share_percent"] = b.share_percent;
    if (b.pacing != Pacing::even) out["pacing"] = to_text(b.pacing);
    if (b.separation > 0s) out["separation_s"] = b.separation.count();
    if (b.topic_separation > 0s) out["topic_separation_s"] = b.topic_separation.count();
    if (b.daily_cap) out["daily_cap"] = b.daily_cap;
    return out;
}

json::object write_campaign(const Campaign& c) {
    json::object out{{"id", c.id}, {"title", c.title}, {"priority", c.priority}};
    if (c.from) out["from"] = to_iso(*c.from);
    if (c.until) out["until"] = to_iso(*c.until);
    if (c.embargo) out["embargo"] = to_text(*c.embargo);
    if (c.expiry) out["expiry"] = to_text(*c.expiry);
    out["audience"] = json::object{{"countries", texts(c.audience.countries)},
                                   {"provinces", texts(c.audience.provinces)},
                                   {"languages", texts(c.audience.languages)},
                                   {"venues", texts(c.audience.venues)},
                                   {"tags", texts(c.audience.tags)}};
    json::array bookings;
    for (const auto& booking : c.bookings) bookings.push_back(write_booking(booking));
    out["booking"] = std::move(bookings);
    return out;
}

}  // namespace

std::string write_schedule_json(const Schedule& schedule) {
    json::object dayparts;
    for (const auto& [name, part] : schedule.dayparts) dayparts[name] = write_daypart(part);
    json::array campaigns;
    for (const auto& campaign : schedule.campaigns) campaigns.push_back(write_campaign(campaign));
    json::object out{{"format", 1}, {"name", schedule.name}};
    if (schedule.day_start > 0min) out["day_start"] = content::time_of_day_text(schedule.day_start);
    out["dayparts"] = std::move(dayparts);
    out["campaign"] = std::move(campaigns);
    return pretty_json(out);
}

}  // namespace riverlight::scheduler
