#include <algorithm>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {
namespace {

std::string_view primary(std::string_view tag) {
    return tag.substr(0, tag.find('-'));
}

}  // namespace

std::string choose_locale(const content::Manifest& segment, const content::Country& country,
                          const content::Place& place, std::string_view asked, std::chrono::local_days day) {
    const auto airs = [&](std::string_view locale) {
        return segment.locales.contains(std::string(locale)) && country.cleared(segment, locale, day);
    };
    const auto nearest = [&](std::string_view language) -> std::string {
        if (airs(language)) return std::string(language);
        for (const auto& [locale, unused] : segment.locales) {
            if (primary(locale) == primary(language) && airs(locale)) return locale;
        }
        return {};
    };
    if (auto found = nearest(asked); !found.empty()) return found;
    auto others = place.languages;
    std::stable_sort(others.begin(), others.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    for (const auto& other : others) {
        if (auto found = nearest(other.language); !found.empty()) return found;
    }
    return airs(segment.fallback_locale) ? segment.fallback_locale : std::string{};
}

}  // namespace riverlight::scheduler
