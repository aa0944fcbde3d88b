#include "firmware/outlet/queued_airing.hpp"

#include <cassert>
#include <filesystem>
#include <utility>

namespace riverlight::firmware {

using scheduler::PlannedAiring;

bool QueuedAiring::is_on_air() const {
    return state == CueState::on_air || state == CueState::late_drop || state == CueState::withdrawn;
}

bool QueuedAiring::is_dropped() const {
    return state == CueState::dropped || state == CueState::late_drop || state == CueState::withdrawn;
}

void QueuedAiring::on_air() {
    assert(!is_on_air());
    state = state == CueState::dropped ? CueState::late_drop : CueState::on_air;
}

void QueuedAiring::drop() {
    assert(!is_dropped());
    state = state == CueState::on_air ? CueState::withdrawn : CueState::dropped;
}

void QueuedAiring::show(player::MediaChoice choice) {
    if (choice.is_own() || choice.index() >= alternatives.size()) return;
    shown = choice;
}

const QueuedAiring::Alternative* QueuedAiring::alternative() const {
    return shown.is_own() ? nullptr : &alternatives.at(shown.index());
}

const PlannedAiring& QueuedAiring::shown_as() const {
    const auto* const other = alternative();
    return other ? other->planned : planned;
}

QueuedAiring prepare(const Programme& programme, const PlannedAiring& planned, const OutletSetup& setup,
                     const std::string& name, content::AiringRecord record) {
    const auto cue_of = [&](const PlannedAiring& airing) {
        auto cue = programme.cue_of(airing, setup.profile);
        auto& rendition = cue.media.rendition;
        if (rendition && setup.is_refused && setup.is_refused(rendition->path)) rendition.reset();
        return cue;
    };
    QueuedAiring queued;
    queued.planned = planned;
    queued.cue = cue_of(planned);
    queued.cue.airing = name;
    queued.record = std::move(record);
    queued.record.sha256 = Programme::sha256_of(queued.cue.media);
    const auto add = [&](const PlannedAiring& other, const content::Media& media) {
        queued.cue.alternatives.push_back(programme.alternative_of(planned, other, media));
        queued.alternatives.push_back({other, Programme::sha256_of(media)});
    };
    if (const auto media = programme.other_picture_of(planned, queued.cue.media)) add(planned, *media);
    for (const auto& other : programme.plan_alternatives(planned)) add(other, cue_of(other).media);
    assert(queued.cue.alternatives.size() <= player::most_alternatives);
    return queued;
}

player::Cue by_system_clock(player::Cue cue, const ClockReading& now) {
    if (cue.start) *cue.start -= now.ahead;
    if (cue.stop) *cue.stop -= now.ahead;
    for (auto& quiet : cue.quiet) {
        quiet.from -= now.ahead;
        quiet.until -= now.ahead;
    }
    return cue;
}

std::set<std::string> media_files(const player::Cue& cue) {
    std::set<std::string> names;
    const auto add = [&](const std::string& path) {
        if (!path.empty()) names.insert(std::filesystem::path(path).filename().string());
    };
    const auto add_all = [&](const content::Media& media) {
        for (const auto& path : {media.picture, media.sound, media.subtitles}) add(path);
        if (media.sign) add(media.sign->path);
        if (media.rendition) add(media.rendition->path);
    };
    add_all(cue.media);
    for (const auto& alternative : cue.alternatives) add_all(alternative.media);
    return names;
}

}  // namespace riverlight::firmware
