#include "scheduler/preview/ics.hpp"

#include <algorithm>

#include "scheduler/preview/ics_text.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

constexpr int most_lines_described = 200;

struct Event {
    std::string uid, summary, description, campaign;
    Instant start{}, end{};
    bool cancelled = false, filler = false;
};

std::string event_text(const Event& e, Instant stamp, const std::string& where) {
    const auto start = floor<seconds>(e.start), end = std::max(start + 1s, floor<seconds>(e.end));
    std::string out = "BEGIN:VEVENT\r\n";
    out += ics_line("UID:" + e.uid + "@riverlight");
    out += ics_line("DTSTAMP:" + ics_utc(stamp));
    out += ics_line("DTSTART:" + ics_utc(start));
    out += ics_line("DTEND:" + ics_utc(end));
    out += ics_line("SUMMARY:" + ics_escaped(e.summary));
    out += ics_line("DESCRIPTION:" + ics_escaped(e.description));
    out += ics_line("LOCATION:" + ics_escaped(where));
    if (!e.campaign.empty()) out += ics_line("CATEGORIES:" + ics_escaped(e.campaign));
    out += e.cancelled ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n";
    out += e.cancelled || e.filler ? "TRANSP:TRANSPARENT\r\n" : "TRANSP:OPAQUE\r\n";
    return out + "END:VEVENT\r\n";
}

std::string described(const PlannedAiring& a, const std::string& zone) {
    return local_text(a.start, zone).substr(11) + ' ' + a.segment + ' ' + a.locale +
           (a.locale == a.locale_asked ? "" : " for " + a.locale_asked) + '\n';
}

/// An event of the consecutive airings of one booking from `first` on; moves `first` after them.
Event run_event(const Plan& plan, std::size_t& first, const std::string& title) {
    const auto& a = plan.airings[first];
    Event e{a.id,    title + (a.segment == title ? "" : " · " + a.booking),
            "",      a.campaign,
            a.start, a.start,
            false,   a.kind == BookingKind::filler};
    int lines = 0;
    for (; first < plan.airings.size(); ++first) {
        const auto& next = plan.airings[first];
        if (next.booking != a.booking || (lines > 0 && next.start != e.end)) break;
        e.end = next.end;
        if (++lines <= most_lines_described) e.description += described(next, plan.zone);
    }
    if (lines > most_lines_described)
        e.description += "… and " + std::to_string(lines - most_lines_described) + " more\n";
    return e;
}

std::string title_of(const Schedule& schedule, const std::string& campaign) {
    const auto found = std::find_if(schedule.campaigns.begin(), schedule.campaigns.end(),
                                    [&](const Campaign& c) { return c.id == campaign; });
    return found == schedule.campaigns.end() || found->title.empty() ? campaign : found->title;
}

/// `number`: its index in losses_by_time.
std::string uid_of(const Plan& plan, std::string_view booking, std::size_t number) {
    return plan.place + '-' + to_iso(plan.day) + '-' + std::string(booking) + '-' + std::to_string(number);
}

Event event_of(const Plan& plan, const Shortfall& s, std::size_t number, const Schedule& schedule) {
    return {uid_of(plan, s.booking, number),
            "Gives way: " + title_of(schedule, s.campaign) + " · " + s.booking,
            s.reason,
            s.campaign,
            s.when,
            s.when,
            true,
            false};
}

Event event_of(const Plan& plan, const Gap& gap, std::size_t number, const Schedule&) {
    return {uid_of(plan, "slate", number),
            gap.cause == GapCause::closed ? "Closed" : "Slate",
            std::string(describe(gap.cause)),
            "",
            gap.from,
            gap.until,
            true,
            false};
}

}  // namespace

std::string preview_ics(const std::vector<Plan>& plans, const Schedule& schedule,
                        const content::Place& place) {
    const auto where = place.name.empty() ? place.id : place.name + " (" + place.id + ')';
    std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Riverlight//Schedule preview//EN\r\n";
    out += "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n";
    out += ics_line("X-WR-CALNAME:" + ics_escaped("Riverlight, " + where + ", " + schedule.name));
    out += ics_line("X-WR-TIMEZONE:" + place.zone);
    for (const auto& plan : plans) {
        for (std::size_t next = 0; next < plan.airings.size();) {
            const auto title = title_of(schedule, plan.airings[next].campaign);
            out += event_text(run_event(plan, next, title), plan.from, where);
        }
        for (std::size_t number = 0; const auto& loss : losses_by_time(plan)) {
            const auto event =
                std::visit([&](const auto* one) { return event_of(plan, *one, number, schedule); }, loss);
            out += event_text(event, plan.from, where);
            ++number;
        }
    }
    return out + "END:VCALENDAR\r\n";
}

}  // namespace riverlight::scheduler
