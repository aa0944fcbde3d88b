#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "firmware/outlet/programme.hpp"
#include "scheduler/campaign/read.hpp"
#include "tools/office/channel_follower.hpp"

/// Releases of November 2026 for boards and office: two countries, three hours a day.
namespace riverlight::office {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::local_days;

inline const local_days first_day = *date_from_iso("2026-11-01");
inline constexpr int day_count = 30;

/// A local time of day `n` (from 1), at UTC+7.
inline Instant on(int n, std::chrono::minutes time) {
    return Instant{first_day.time_since_epoch()} + days{n - 1} + time - 7h;
}

inline content::Catalogue catalogue(bool has_last_place) {
    content::Catalogue out;
    for (const auto& [code, count] : {std::pair{"KH", 2}, std::pair{"TH", has_last_place ? 2 : 1}}) {
        content::Country country;
        country.code = code;
        for (int n = 1; n <= count; ++n) {
            content::Place place;
            place.id = (country.code == "KH" ? "kh-" : "th-") + std::to_string(n);
            place.name = place.id;
            place.country = code;
            place.zone = "Asia/Bangkok";
            place.languages = {{"km", 60}, {"en", 40}};
            place.schedule = "s";
            place.open = {*content::parse_open_hours("08:00-11:00")};
            country.places.push_back(place);
        }
        for (const auto& [id, seconds] :
             {std::pair{"work", 60}, {"move", 40}, {"law", 90}, {"news", 30}, {"fill", 240}}) {
            content::Manifest m;
            m.id = id;
            m.duration = std::chrono::seconds{seconds};
            m.fallback_locale = "en";
            for (const auto* locale : {"km", "en"}) m.locales[locale].title = id;
            out.segments[id] = m;
            content::Clearance clearance;
            clearance.segment = id;
            clearance.locales = {"km", "en"};
            country.clearances.push_back(clearance);
        }
        out.countries[code] = std::move(country);
    }
    return out;
}

inline scheduler::Schedule schedule(const std::string& bookings) {
    const auto reading = scheduler::read_schedule_toml(
        "format = 1\nname = \"s\"\n[[campaign]]\nid = \"under\"\ntitle = \"Under\"\npriority = 1\n"
        "[[campaign.booking]]\nid = \"filler\"\nkind = \"filler\"\nsegments = [\"fill\"]\n"
        "[[campaign]]\nid = \"always\"\ntitle = \"Always\"\n" +
            bookings,
        "s.toml");
    for (const auto& finding : reading.findings) ADD_FAILURE() << finding.text();
    return reading.schedule;
}

inline constexpr auto rotation =
    "[[campaign.booking]]\nid = \"often\"\nkind = \"rotation\"\nplays_per_hour = 6\nsegments = [\"work\", "
    "\"move\"]\n";
inline constexpr auto fixed =
    "[[campaign.booking]]\nid = \"nine\"\nkind = \"fixed\"\nat = \"09:00\"\nsegments = [\"law\"]\n";
inline constexpr auto later =
    "[[campaign.booking]]\nid = \"nine\"\nkind = \"fixed\"\nat = \"10:40\"\nsegments = [\"law\"]\n";
inline constexpr auto block =
    "[[campaign.booking]]\nid = \"block\"\nkind = \"block\"\nat = \"10:00\"\nuntil = \"10:15\"\nsegments = "
    "[\"law\", \"work\", \"move\"]\n";
inline constexpr auto extra =
    "[[campaign]]\nid = \"new\"\ntitle = \"New\"\n[[campaign.booking]]\nid = \"extra\"\nkind = "
    "\"rotation\"\nplays_per_hour = 3\nsegments = [\"news\"]\n";

/// A release, for the office and for boards.
struct SimulatedRelease {
    Instant published{};
    std::shared_ptr<const Release> release;
    std::map<std::string, std::shared_ptr<const firmware::Programme>> programmes;  ///< by place

    SimulatedRelease(Instant at, const std::string& name, const std::string& bookings, bool has_last_place)
        : published(at) {
        auto made = std::make_shared<Release>();
        made->content.release = name;
        made->content.catalogue = catalogue(has_last_place);
        made->schedules["s"] = schedule(bookings);
        auto content = std::make_shared<content::ContentSet>(made->content);
        for (const auto& [_, country] : made->content.catalogue.countries)
            for (const auto& place : country.places) {
                auto p = std::make_shared<firmware::Programme>();
                p->content = content;
                p->schedule = made->schedules["s"];
                p->place = place;
                programmes[place.id] = std::move(p);
            }
        release = std::move(made);
    }
};

}  // namespace riverlight::office
