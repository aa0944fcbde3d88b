#pragma once
#include <string>

#include "content/segment/country.hpp"

namespace riverlight::test {

/// A country with one place, `kh-1` in Phnom Penh, that plays the schedule `mekong` in Khmer.
inline content::Country make_country() {
    content::Place place;
    place.id = "kh-1";
    place.name = "One";
    place.country = "KH";
    place.zone = "Asia/Phnom_Penh";
    place.languages = {{"km"}};
    place.schedule = "mekong";
    content::Country country;
    country.code = "KH";
    country.places = {place};
    return country;
}

}  // namespace riverlight::test
