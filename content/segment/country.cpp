#include "content/segment/country.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <set>
#include <utility>

namespace riverlight::content {

namespace {

constexpr std::array<std::pair<OutletKind, std::string_view>, 2> outlet_kinds{
    {{OutletKind::screen, "screen"}, {OutletKind::feed, "feed"}}};

}  // namespace

std::string_view to_text(OutletKind kind) {
    const auto found = std::find_if(outlet_kinds.begin(), outlet_kinds.end(),
                                    [&](const auto& one) { return one.first == kind; });
    assert(found != outlet_kinds.end());
    return found->second;
}

std::optional<OutletKind> parse_outlet_kind(std::string_view text) {
    for (const auto& [kind, name] : outlet_kinds)
        if (name == text) return kind;
    return {};
}

std::string sign_at(const Place& place, const Localisation& localisation) {
    const auto found = std::find_if(place.signs.begin(), place.signs.end(),
                                    [&](const auto& sign) { return localisation.signs.contains(sign); });
    return found == place.signs.end() ? std::string{} : *found;
}

const Place* Country::place(std::string_view id) const {
    const auto found = std::find_if(places.begin(), places.end(), [&](const Place& p) { return p.id == id; });
    return found == places.end() ? nullptr : &*found;
}

void Country::set_last_contact(Instant at) {
    if (!offline_days) return;
    const auto day = std::chrono::floor<std::chrono::days>(at).time_since_epoch();
    cleared_until = std::chrono::local_days{day} + *offline_days;
}

bool Country::cleared(std::string_view segment, int revision, std::string_view locale,
                      std::chrono::local_days day) const {
    if (cleared_until && day > *cleared_until) return false;
    return std::any_of(clearances.begin(), clearances.end(), [&](const Clearance& c) {
        return c.segment == segment && c.revision == revision && (!c.from || *c.from <= day) &&
               (!c.until || day <= *c.until) &&
               std::find(c.locales.begin(), c.locales.end(), locale) != c.locales.end();
    });
}

std::vector<Withdrawal> withdrawn(const Country& had, const Country& has, std::chrono::local_days day) {
    std::set<Withdrawal> out;
    for (const auto& c : had.clearances) {
        for (const auto& locale : c.locales)
            if (had.cleared(c.segment, c.revision, locale, day) &&
                !has.cleared(c.segment, c.revision, locale, day))
                out.insert({c.segment, c.revision, locale});
    }
    return {out.begin(), out.end()};
}

const Hotline* Country::hotline(std::string_view locale) const {
    for (const auto& key : {std::string(locale), std::string("*")}) {
        if (const auto found = hotlines.find(key); found != hotlines.end()) return &found->second;
    }
    return nullptr;
}

const Place* Catalogue::place(std::string_view id) const {
    for (const auto& [code, country] : countries) {
        if (const auto* found = country.place(id)) return found;
    }
    return nullptr;
}

const Country* Catalogue::country_of(const Place& place) const {
    const auto found = countries.find(place.country);
    return found == countries.end() ? nullptr : &found->second;
}

}  // namespace riverlight::content
