#pragma once
#include <string>

#include "content/base/error.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/plan.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::test {

/// A segment of `seconds` in the locales given, rated and on topic as asked.
inline content::Manifest segment(const std::string& id, int seconds,
                                 std::vector<std::string> locales = {"km", "en"},
                                 content::Rating rating = content::Rating::general,
                                 std::vector<std::string> topics = {}) {
    content::Manifest m;
    m.id = id;
    m.duration = std::chrono::seconds{seconds};
    m.rating = rating;
    m.topics = std::move(topics);
    m.fallback_locale = locales.back();
    for (const auto& locale : locales) m.locales[locale].title = id + " in " + locale;
    return m;
}

/// One country, one place, everything cleared.
inline content::Catalogue catalogue(std::vector<content::Manifest> segments,
                                    const std::string& zone = "Asia/Phnom_Penh") {
    content::Catalogue c;
    content::Country country;
    country.code = "KH";
    content::Place place;
    place.id = "kh-1";
    place.name = "One";
    place.country = "KH";
    place.zone = zone;
    place.languages = {{"km", 60}, {"en", 40}};
    place.schedule = "s";
    country.places = {place};
    country.hours.guidance = {{std::chrono::hours{20}, std::chrono::hours{5}}};
    country.hours.late = {{std::chrono::hours{22}, std::chrono::hours{5}}};
    for (auto& m : segments) {
        content::Clearance clearance;
        clearance.segment = m.id;
        for (const auto& [locale, unused] : m.locales) clearance.locales.push_back(locale);
        country.clearances.push_back(clearance);
        c.segments.emplace(m.id, std::move(m));
    }
    c.countries["KH"] = std::move(country);
    return c;
}

inline scheduler::Schedule schedule(const std::string& toml) {
    auto reading = scheduler::read_schedule_toml("format = 1\nname = \"s\"\n" + toml, "s.toml");
    for (const auto& finding : reading.findings) throw Error(finding.text());
    return reading.schedule;
}

/// A campaign of one booking, as an author writes it; `more` are keys of the campaign.
inline std::string campaign(const std::string& id, const std::string& booking, const std::string& more = "") {
    return "\n[[campaign]]\nid = \"" + id + "\"\n" + more + "\n[[campaign.booking]]\n" + booking + "\n";
}

/// A filler of two segments, of 15 and of 20 seconds, beneath all else.
inline const std::string filler =
    campaign("fill", "id = \"fill\"\nkind = \"filler\"\nsegments = [\"f15\", \"f20\"]", "priority = 1");

inline std::chrono::local_days date(const char* text) {
    return date_from_iso(text).value();
}

inline scheduler::Plan plan(const std::string& toml, const content::Catalogue& c,
                            const char* day = "2026-11-23") {
    return scheduler::plan_day(schedule(toml), c, c.countries.at("KH").places[0], date(day), 0);
}

inline std::vector<scheduler::PlannedAiring> of(const scheduler::Plan& plan, const std::string& booking) {
    std::vector<scheduler::PlannedAiring> out;
    for (const auto& a : plan.airings) {
        if (a.booking == booking) out.push_back(a);
    }
    return out;
}

inline std::string at(const scheduler::PlannedAiring& a, const scheduler::Plan& p) {
    return scheduler::local_text(a.start, p.zone).substr(11);
}

/// `HH:MM:SS segment` of a booking's airings.
inline std::vector<std::string> lines(const scheduler::Plan& p, const std::string& booking) {
    std::vector<std::string> out;
    for (const auto& a : of(p, booking)) out.push_back(at(a, p) + ' ' + a.segment);
    return out;
}

}  // namespace riverlight::test
