#include "scheduler/plan/languages.hpp"

namespace riverlight::scheduler {

Languages::Languages(const Day& day) : day_(day), claims_(day.claims.size()) {}

std::size_t Languages::next(const Draft& airing) {
    const auto& claim = day_.claims[airing.claim];
    const auto& languages = claim.languages;
    auto& turns = claims_[airing.claim];
    if (turns.items.empty()) {
        for (const auto& l : languages) turns.shares += l.share;
        const Had none{0, std::vector<Tick>(languages.size())};
        turns.all = none;
        turns.items.assign(claim.items.size(), none);
        turns.padding.assign(claim.padding.size(), none);
    }
    auto& one = (airing.padding ? turns.padding : turns.items)[airing.item];
    std::size_t best = 0;
    Tick most = 0;
    for (std::size_t i = 0; i < languages.size(); ++i) {
        const Tick share = languages[i].share;
        const auto owed = share * (turns.all.plays + 1) - turns.shares * turns.all.by_language[i] +
                          share * (one.plays + 1) - turns.shares * one.by_language[i];
        if (i > 0 && owed <= most) continue;
        most = owed;
        best = i;
    }
    for (auto* had : {&turns.all, &one}) {
        ++had->plays;
        ++had->by_language[best];
    }
    return best;
}

std::string_view locale_of(const SegmentFacts& facts, std::size_t language, Tick from, Tick until) {
    for (const auto& voice : facts.voices[language]) {
        if (covers(voice.when, from, until)) return voice.locale;
    }
    // Cleared for another language's chain alone: the country's consent is what counts.
    for (const auto& voices : facts.voices) {
        for (const auto& voice : voices) {
            if (covers(voice.when, from, until)) return voice.locale;
        }
    }
    return {};
}

}  // namespace riverlight::scheduler
