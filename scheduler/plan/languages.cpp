#include "scheduler/plan/languages.hpp"

#include <cassert>

namespace riverlight::scheduler {

LanguageRotation::LanguageRotation(const Day& day) : day_(day), bookings_(day.bookings.size()) {}

std::size_t LanguageRotation::next(const DraftAiring& airing) {
    const auto& booking = day_.bookings[airing.booking];
    const auto& languages = booking.languages;
    assert(!languages.empty());
    auto& counts = bookings_[airing.booking];
    if (counts.items.empty()) {
        for (const auto& l : languages) counts.shares += l.share;
        const Counts none{0, std::vector<std::int64_t>(languages.size())};
        counts.all = none;
        counts.items.assign(booking.items.size(), none);
        counts.padding.assign(booking.padding.size(), none);
    }
    auto& item = (airing.padding ? counts.padding : counts.items)[airing.item];
    std::size_t best = 0;
    std::int64_t most = 0;
    for (std::size_t i = 0; i < languages.size(); ++i) {
        const std::int64_t share = languages[i].share;
        const auto owed = share * (counts.all.plays + 1) - counts.shares * counts.all.by_language[i] +
                          share * (item.plays + 1) - counts.shares * item.by_language[i];
        if (i > 0 && owed <= most) continue;
        most = owed;
        best = i;
    }
    for (auto* one : {&counts.all, &item}) {
        ++one->plays;
        ++one->by_language[best];
    }
    return best;
}

std::string_view locale_of(const SegmentFacts& facts, std::size_t language, DayTime from, DayTime until) {
    for (const auto& cleared : facts.locales[language]) {
        if (covers(cleared.when, from, until)) return cleared.locale;
    }
    for (const auto& locales : facts.locales) {
        for (const auto& cleared : locales) {
            if (covers(cleared.when, from, until)) return cleared.locale;
        }
    }
    return {};
}

}  // namespace riverlight::scheduler
