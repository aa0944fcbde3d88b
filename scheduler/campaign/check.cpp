#include <algorithm>
#include <set>

#include "content/base/suggest.hpp"
#include "scheduler/campaign/audience.hpp"

namespace riverlight::scheduler {
namespace {

using content::Catalogue;
using content::Country;
using content::Manifest;
using content::Place;
using content::Rating;

/// What one check carries from booking to booking.
struct Check {
    const Schedule& schedule;
    const Catalogue& catalogue;
    const std::string& file;
    std::vector<Finding> findings{};

    void add(int line, bool error, std::string message) {
        findings.push_back({file, line, error, std::move(message)});
    }
};

std::vector<const Place*> places_of(const Check& check, const Campaign& campaign) {
    std::vector<const Place*> places;
    for (const auto& [code, country] : check.catalogue.countries) {
        for (const auto& place : country.places) {
            if (place.schedule == check.schedule.name && meets(campaign.audience, place))
                places.push_back(&place);
        }
    }
    return places;
}

bool may_ever_air(const Country& country, const Manifest& segment) {
    switch (segment.rating) {
        case Rating::general:
            return true;
        case Rating::guidance:
            return !country.hours.guidance.empty();
        case Rating::late:
            return !country.hours.late.empty();
    }
    return false;
}

bool cleared_at_all(const Country& country, const Manifest& segment) {
    return std::any_of(
        country.clearances.begin(), country.clearances.end(), [&](const content::Clearance& c) {
            return c.segment == segment.id && c.revision == segment.revision &&
                   std::any_of(c.locales.begin(), c.locales.end(),
                               [&](const std::string& l) { return segment.locales.contains(l); });
        });
}

void check_segment(Check& check, const Booking& booking, const Manifest& segment,
                   const std::set<std::string>& countries) {
    for (const auto& code : countries) {
        const auto& country = check.catalogue.countries.at(code);
        const auto where = "booking " + booking.id + ": segment '" + segment.id + "' ";
        if (!cleared_at_all(country, segment)) {
            check.add(booking.line, false,
                      where + "has no clearance in " + code + " for revision " +
                          std::to_string(segment.revision) +
                          ", so it will not air there; ask its coordinator, or narrow the audience");
        } else if (!may_ever_air(country, segment)) {
            check.add(booking.line, false,
                      where + "is rated " + std::string(to_text(segment.rating)) + ", for which " + code +
                          " has no hours; it will not air there");
        }
    }
}

void check_booking(Check& check, const Campaign& campaign, const Booking& booking,
                   const std::set<std::string>& countries) {
    static_cast<void>(campaign);
    std::vector<std::string_view> known;
    for (const auto& [id, unused] : check.catalogue.segments) known.emplace_back(id);
    for (const auto& id : booking.segments) {
        const auto found = check.catalogue.segments.find(id);
        if (found == check.catalogue.segments.end()) {
            check.add(booking.line, true,
                      "booking " + booking.id + ": no segment '" + id +
                          "' is in this channel; build it, or take it out" + suggestion(id, known));
        } else {
            check_segment(check, booking, found->second, countries);
        }
    }
}

}  // namespace

std::vector<Finding> check_schedule(const Schedule& schedule, const Catalogue& catalogue,
                                    const std::string& file) {
    Check check{schedule, catalogue, file};
    for (const auto& campaign : schedule.campaigns) {
        const auto places = places_of(check, campaign);
        if (places.empty()) {
            check.add(campaign.line, false,
                      "campaign " + campaign.id + ": no place that follows schedule '" + schedule.name +
                          "' meets its audience; it airs nowhere");
        }
        std::set<std::string> countries;
        for (const auto* place : places) countries.insert(place->country);
        for (const auto& booking : campaign.bookings) check_booking(check, campaign, booking, countries);
    }
    return std::move(check.findings);
}

}  // namespace riverlight::scheduler
