#include "scheduler/plan/locale.hpp"

#include <algorithm>

namespace riverlight::scheduler {
namespace {

std::string_view primary(std::string_view tag) {
    return tag.substr(0, tag.find('-'));
}

}  // namespace

std::vector<std::string_view> locale_chain(const content::Manifest& segment, const content::Place& place,
                                           std::string_view asked) {
    std::vector<std::string_view> chain;
    const auto add = [&](std::string_view locale) {
        if (std::find(chain.begin(), chain.end(), locale) == chain.end()) chain.push_back(locale);
    };
    const auto add_nearest = [&](std::string_view language) {
        if (segment.locales.contains(std::string(language))) add(language);
        for (const auto& [locale, unused] : segment.locales) {
            if (primary(locale) == primary(language)) add(locale);
        }
    };
    add_nearest(asked);
    for (const auto& l : place.languages) {
        if (l.language != asked) continue;
        for (const auto& next : l.fallback) add_nearest(next);
    }
    std::vector<const content::LanguageShare*> others;
    for (const auto& l : place.languages) others.push_back(&l);
    std::stable_sort(others.begin(), others.end(),
                     [](const auto* a, const auto* b) { return a->share > b->share; });
    for (const auto* other : others) add_nearest(other->language);
    for (const auto* other : others) {
        for (const auto& next : other->fallback) add_nearest(next);
    }
    add(segment.fallback_locale);
    return chain;
}

ClearanceIndex::ClearanceIndex(const content::Country& country) {
    by_segment_.reserve(country.clearances.size());
    for (const auto& c : country.clearances) by_segment_[c.segment].push_back(&c);
}

const std::vector<const content::Clearance*>& ClearanceIndex::of(const std::string& segment) const {
    const auto found = by_segment_.find(segment);
    return found == by_segment_.end() ? none_ : found->second;
}

std::vector<Span> cleared_spans(const content::Manifest& segment,
                                const std::vector<const content::Clearance*>& clearances,
                                std::string_view locale, const std::string& zone, const Span& within) {
    std::vector<Span> spans;
    for (const auto* one : clearances) {
        const auto& c = *one;
        if (c.segment != segment.id || c.revision != segment.revision ||
            std::find(c.locales.begin(), c.locales.end(), locale) == c.locales.end())
            continue;
        auto span = within;
        if (c.from) span.from = std::max(span.from, bounds_of(*c.from, zone).from);
        if (c.until) span.until = std::min(span.until, bounds_of(*c.until, zone).until);
        if (c.embargo) span.from = std::max(span.from, *c.embargo);
        if (c.expiry) span.until = std::min(span.until, *c.expiry);
        if (span.from < span.until) spans.push_back(span);
    }
    return merged(std::move(spans));
}

std::string choose_locale(const content::Manifest& segment, const content::Country& country,
                          const content::Place& place, std::string_view asked, Instant from, Instant until) {
    std::vector<const content::Clearance*> clearances;
    for (const auto& c : country.clearances)
        if (c.segment == segment.id) clearances.push_back(&c);
    for (const auto locale : locale_chain(segment, place, asked)) {
        if (segment.locales.contains(std::string(locale)) &&
            covers(cleared_spans(segment, clearances, locale, place.zone, {from, until}), from, until))
            return std::string(locale);
    }
    return {};
}

}  // namespace riverlight::scheduler
