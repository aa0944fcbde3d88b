#include "player/timeline/item.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
using content::AiringStatus;

void ItemCounts::add(const Piece& piece, bool held, const Format& format) {
    ++frames;
    own += !held && (piece.coded || piece.picture);
    lost += piece.skipped;
    repeated += piece.repeated;
    interpreted += piece.interpreted;
    samples += piece.coded ? format.samples_a_frame() : static_cast<std::int64_t>(piece.samples.size() / 2);
}

const Alternative::Filler* TimelineItem::filler() const {
    if (choice.is_own()) return nullptr;
    const auto& filler = cue.alternatives.at(choice.index()).filler;
    return filler ? &*filler : nullptr;
}

std::string TimelineItem::name() const {
    return filler() ? "filler " + filler()->segment + " (" + media().locale + ")" : media().locale;
}

SourceSpec TimelineItem::spec(const Format& format, Instant now) {
    if (!on_air) {
        first = frames_in(cue.offset, format.rate);
        if (cue.duration) last = first + frames_in(*cue.duration, format.rate);
        if (cue.start && *cue.start + late_tolerance < now) first += frames_in(now - *cue.start, format.rate);
    }
    SourceSpec spec;
    spec.media = media();
    spec.format = format;
    spec.first_frame = first + counts.frames;
    spec.frames = last;
    if (const auto* filler = this->filler()) {  // from its own beginning, for the rest of the item's time
        if (spec.frames) spec.frames = std::max<std::int64_t>(0, *spec.frames - spec.first_frame);
        spec.first_frame = 0;
        if (const auto length = frames_in(filler->length, format.rate); length > 0) spec.loop_frames = length;
    }
    return spec;
}

std::optional<MediaDamage> TimelineItem::find_damage() const {
    return damage || !source ? damage : source->damage();
}

bool TimelineItem::choose_alternative(const std::string& why) {
    damage = find_damage();
    failures += (failures.empty() ? "" : "; ") + name() + ": " + why;
    if (!has_alternative()) return false;
    choice = choice.next();
    opening = waited = 0;
    return true;
}

content::Shown TimelineItem::shown(Ratio rate) const {
    const auto reached = first + counts.frames;
    content::Shown shown;
    if (last) shown.length = time_of(*last, rate);
    shown.shown = time_of(counts.own, rate);
    shown.missed = time_of(first, rate);
    shown.end_shown = last && reached >= *last;
    return shown;
}

std::string late_text(const Timeline::Options& options, const TimelineItem& item) {
    if (options.wait_for_sources) return "its decoder is stuck";
    if (!item.on_air) return "its media could not be opened in time";
    return "its decoder delivered nothing for " + std::to_string(options.patience.count()) + " ms";
}

OffAir TimelineItem::end_event(Instant at, AiringStatus status, const std::string& reason, Ratio rate) const {
    assert(status != AiringStatus::substituted);  // follows from `choice`
    const bool complete = status == AiringStatus::aired, substituted = !choice.is_own() && on_air;
    std::map<std::string, std::string> evidence;
    counts.quiet.report(evidence);
    if (counts.faded > 0) evidence["faded_frames"] = std::to_string(counts.faded);
    if (const auto found = find_damage()) content::write_damage(*found, evidence);
    if (const auto& sign = media().sign) {
        evidence["sign"] = sign->language;
        evidence["sign_frames"] = std::to_string(counts.interpreted);
    }
    return {cue.airing,
            at,
            substituted && complete ? AiringStatus::substituted : status,
            !substituted ? reason
            : complete   ? failures
                         : reason + " (" + failures + ")",
            counts.frames,
            counts.lost,
            counts.repeated,
            counts.samples,
            std::move(evidence),
            choice,
            on_air ? std::optional(shown(rate)) : std::nullopt};
}

}  // namespace riverlight::player
