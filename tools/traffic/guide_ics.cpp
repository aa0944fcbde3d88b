#include <algorithm>

#include "scheduler/preview/ics_text.hpp"
#include "tools/traffic/guide.hpp"

namespace riverlight::traffic {
namespace {

using namespace std::chrono;
using scheduler::ics_escaped;
using scheduler::ics_line;

/// Campaign, topics and rating, so that a calendar can filter by them.
std::string write_categories(const content::Manifest* segment, const scheduler::PlannedAiring& airing) {
    std::string out = ics_escaped(airing.campaign);
    if (!segment) return out;
    for (const auto& topic : segment->topics) out += (out.empty() ? "" : ",") + ics_escaped(topic);
    return out + (out.empty() ? "" : ",") + "rating " + std::string(content::to_text(segment->rating));
}

std::string describe(const PlaceGuide& guide, const scheduler::PlannedAiring& airing) {
    std::string out = airing.segment + ", revision " + std::to_string(airing.revision) + ", " +
                      airing.locale +
                      (airing.locale == airing.locale_asked ? "" : " for " + airing.locale_asked) +
                      "\nbooking " + airing.booking;
    if (const auto* segment = segment_of(guide, airing)) {
        for (const auto& [locale, texts] : segment->locales) {
            if (locale != airing.locale) out += '\n' + locale + ": " + texts.title;
        }
    }
    return out;
}

std::string write_event(const PlaceGuide& guide, const scheduler::PlannedAiring& airing, Instant stamp) {
    const auto start = floor<seconds>(airing.start), end = std::max(start + 1s, floor<seconds>(airing.end));
    const auto& place = guide.place;
    const auto tag = airing.locale.empty() ? std::string() : ";LANGUAGE=" + airing.locale;
    std::string out = "BEGIN:VEVENT\r\n";
    out += ics_line("UID:" + airing.id + "@riverlight");
    out += ics_line("DTSTAMP:" + scheduler::ics_utc(stamp));
    out += ics_line("DTSTART:" + scheduler::ics_utc(start));
    out += ics_line("DTEND:" + scheduler::ics_utc(end));
    out += ics_line("SUMMARY" + tag + ':' + ics_escaped(texts_of(guide, airing).title));
    out += ics_line("DESCRIPTION:" + ics_escaped(describe(guide, airing)));
    out += ics_line("LOCATION:" + ics_escaped(place.name.empty() ? place.id : place.name));
    if (const auto all = write_categories(segment_of(guide, airing), airing); !all.empty())
        out += ics_line("CATEGORIES:" + all);
    out += airing.kind == scheduler::BookingKind::filler ? "TRANSP:TRANSPARENT\r\n" : "TRANSP:OPAQUE\r\n";
    return out + "END:VEVENT\r\n";
}

}  // namespace

std::string guide_ics(const PlaceGuide& guide) {
    std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Riverlight//Guide//EN\r\n";
    out += "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n";
    const auto& place = guide.place;
    out += ics_line("X-WR-CALNAME:" + ics_escaped((place.name.empty() ? place.id : place.name) + ", " +
                                                  std::string(content::to_text(place.outlet))));
    out += ics_line("X-WR-TIMEZONE:" + place.zone);
    for (const auto& plan : guide.plans) {
        for (const auto& airing : plan.airings) out += write_event(guide, airing, plan.from);
    }
    return out + "END:VCALENDAR\r\n";
}

}  // namespace riverlight::traffic
