#include "player/timeline/timeline.hpp"

#include <algorithm>

#include "player/timeline/item.hpp"

namespace riverlight::player {

using content::AiringStatus;

namespace {

using namespace std::chrono;

/// An item with a start of its own is opened so long before it, wherever in the queue it stands.
constexpr auto open_before_start = 3s;
/// How long an item may be about to open before the one behind it is opened as well.
constexpr auto opening_longest = 1s;
constexpr auto progress_every = 5s;

}  // namespace

Timeline::Timeline(Options options, Open open, Emit emit)
    : options_(options), open_(std::move(open)), emit_(std::move(emit)) {}
Timeline::~Timeline() = default;

std::int64_t Timeline::frames_in(microseconds time) const {
    const auto& rate = options_.format.rate;
    return (time.count() * rate.num + rate.den * 500'000) / (rate.den * 1'000'000);
}

void Timeline::command(const Command& command, Instant now) {
    if (const auto* cue = std::get_if<Cue>(&command)) queue(*cue, now, false);
    if (const auto* takeover = std::get_if<Takeover>(&command)) queue(takeover->cue, now, true);
    if (const auto* quit = std::get_if<Quit>(&command)) {
        quit_ = true;
        drain_ = quit->drain;
    }
    if (const auto* drop = std::get_if<Drop>(&command)) {
        if (current_ && current_->cue.airing == drop->airing)
            end_current(now, AiringStatus::truncated, "dropped");
        for (auto it = queue_.begin(); it != queue_.end();) {
            if ((*it)->cue.airing != drop->airing) {
                ++it;
                continue;
            }
            forget(std::move(*it), now, AiringStatus::skipped, "dropped");
            it = queue_.erase(it);
        }
    }
    open_ahead(now);
}

void Timeline::queue(Cue cue, Instant now, bool take_over) {
    auto item = std::make_unique<Item>();
    item->cue = std::move(cue);
    item->takes_over = take_over;
    const bool too_late =
        item->cue.start && *item->cue.start + late_grace < now && item->cue.late == Cue::Late::skip;
    if (too_late) return forget(std::move(item), now, AiringStatus::skipped, "its start had passed");
    if (item->cue.stop && *item->cue.stop <= now)
        return forget(std::move(item), now, AiringStatus::skipped, "its end had passed");
    if (!take_over) {
        queue_.push_back(std::move(item));
        return;
    }
    while (!queue_.empty()) {
        forget(std::move(queue_.front()), now, AiringStatus::skipped, "taken over");
        queue_.pop_front();
    }
    queue_.push_front(std::move(item));
}

/// Opens what comes next, and no more than that: an open item holds a decoder and its pictures. One that
/// failed, or takes long, is of no use, so the one behind it is opened too.
void Timeline::open_ahead(Instant now) {
    std::size_t wanted = current_ ? 1 : 2;
    for (auto& item : queue_) {
        const bool soon = item->cue.start && *item->cue.start <= now + open_before_start;
        if (wanted == 0 && !soon) continue;
        if (!item->source) open(*item, now);
        auto state = item->source->state();
        if (state == Source::State::failed && item->has_another() &&
            replace(*item, item->source->error(), now))
            state = item->source->state();
        item->opening += state == Source::State::opening;
        const bool of_use = state == Source::State::ready ||
                            (state == Source::State::opening && item->opening < frames_in(opening_longest));
        if (wanted > 0 && of_use) --wanted;
    }
}

void Timeline::tell_ready() {
    for (auto& item : queue_) {
        if (!item->source || item->told_ready || item->source->state() != Source::State::ready) continue;
        item->told_ready = true;
        emit_(Ready{item->cue.airing});
    }
}

/// Whether an item that is due can give its first frame now. One that failed, or that let us wait too long,
/// is forgotten by the caller: `waited` says so.
bool Timeline::usable(Item& item) {
    if (options_.wait_for_sources)
        item.source->wait(options_.patience);
    else if (filling_)
        item.source->wait(filling_wait);
    return item.source->state() == Source::State::ready;
}

bool Timeline::current_is_coded() const {
    return current_ && current_->source->coded();
}

microseconds Timeline::grace(bool coded) const {
    const auto& rate = options_.format.rate;
    return microseconds{500'000 * rate.den * (coded ? options_.format.grid : 1) / rate.num};
}

/// Whether this frame is the one nearest to the item's start: of all frames, or of those on the grid where
/// coded frames are on either side.
bool Timeline::due(const Item& item, Instant at) const {
    if (item.takes_over || !item.cue.start) return true;
    const bool coded = current_is_coded() || (item.source && item.source->coded());
    return *item.cue.start <= at + grace(coded);
}

/// An item whose start has come, or a takeover, ends what is on air as soon as its first frame is there.
void Timeline::cut_in(Instant at, bool on_grid) {
    const auto next = std::find_if(queue_.begin(), queue_.end(), [&](const ItemPtr& item) {
        return (item->takes_over || item->cue.start) && due(*item, at);
    });
    if (next == queue_.end()) return;
    const bool coded = current_is_coded() || ((*next)->source && (*next)->source->coded());
    if (coded && !on_grid) return;
    for (auto it = queue_.begin(); it != next;) {
        forget(std::move(*it), at, AiringStatus::skipped, "the next item's start came first");
        it = queue_.erase(it);
    }
    auto& item = *queue_.front();
    if (!item.source) open(item, at);
    if (!current_ || !usable(item) || (!on_grid && item.source->coded())) return;
    if (current_->whole())
        end_current(at, AiringStatus::aired, "");
    else
        end_current(at, AiringStatus::truncated,
                    item.takes_over ? "taken over" : "cut by the next item's start");
}

void Timeline::forget(ItemPtr item, Instant at, AiringStatus status, const std::string& reason) {
    const bool whole = status == AiringStatus::aired, substituted = !item->choice.is_own() && item->on_air;
    auto evidence = evidence_;
    item->quiet.tell(evidence);
    if (item->faded > 0) evidence["faded_frames"] = std::to_string(item->faded);
    if (const auto& sign = item->media().sign) {
        evidence["sign"] = sign->language;
        evidence["sign_frames"] = std::to_string(item->interpreted);
    }
    emit_(OffAir{item->cue.airing, at, substituted && whole ? AiringStatus::substituted : status,
                 !substituted ? reason
                 : whole      ? item->why
                              : reason + " (" + item->why + ")",
                 item->frames, item->lost, item->repeated, item->samples, std::move(evidence), item->choice});
}

void Timeline::end_current(Instant at, AiringStatus status, const std::string& reason) {
    forget(std::move(current_), at, status, reason);
    current_.reset();
}

/// Puts the next item on where nothing is. `none`: the slate must show; `held`: what was on, to the grid.
Timeline::Next Timeline::start_next(Instant at, bool on_grid) {
    while (!queue_.empty()) {
        auto& item = *queue_.front();
        if (!due(item, at)) return Next::none;
        if (!item.source) open(item, at);
        if (usable(item)) {
            if (item.source->coded() && !on_grid) return Next::held;
            current_ = std::move(queue_.front());
            queue_.pop_front();
            open_ahead(at);
            return Next::started;
        }
        const bool failed = item.source->state() == Source::State::failed;
        const bool patient = ++item.waited < frames_in(options_.patience) && !options_.wait_for_sources;
        if (!failed && patient) return Next::none;
        const auto why = failed ? item.source->error() : "its media could not be opened in time";
        if (replace(item, why, at)) continue;
        forget(std::move(queue_.front()), at, AiringStatus::failed, item.choice.is_own() ? why : item.why);
        queue_.pop_front();
        open_ahead(at);
    }
    return Next::none;
}

void Timeline::hush(Item& item, Piece& piece, Instant at) {
    if (piece.coded) return;
    const auto* quiet = quiet_at(item.cue.quiet, at);
    if (!item.on_air) volume_.set(factor_of(quiet));
    volume_.lay(piece.samples, factor_of(quiet));
    if (!quiet && !item.cue.subtitled) piece.subtitle.reset();
    item.quiet.count(quiet, !item.media().subtitles.empty());
}

void Timeline::tell_note(Item& item) {
    if (auto note = item.source->note(); !note.empty() && note != item.noted) {
        emit_(Trouble{note, item.cue.airing});
        item.noted = std::move(note);
    }
}

void Timeline::progress(Item& item) {
    if (item.frames < item.next_progress) return;
    tell_note(item);
    if (item.frames > 0) emit_(Progress{item.cue.airing, item.frames});
    item.next_progress = item.frames + frames_in(progress_every);
}

/// Takes the current item's next frame; false where the item is over.
bool Timeline::take(Step& step, Instant at, std::int64_t frame) {
    auto& item = *current_;
    const bool coded = item.source->coded();
    if (item.cue.stop && at >= *item.cue.stop && (!coded || on_grid(frame))) {
        end_current(at, AiringStatus::truncated, "cut at its stop");
        return false;
    }
    // While one takes another's place frames are held, which its own length does not know of.
    if (!item.choice.is_own() && item.whole() && (!coded || on_grid(frame))) {
        end_current(at, AiringStatus::aired, "");
        return false;
    }
    Piece piece;
    auto taken = next_piece(item, piece, at, frame);
    if (taken == Source::Take::ended) {
        if (item.on_air)
            end_current(at, AiringStatus::aired, "");
        else
            end_current(at, AiringStatus::skipped, "its time was over before its first frame could be shown");
        return false;
    }
    if (taken == Source::Take::failed) {
        end_current(at, AiringStatus::failed, std::string(item.source->error()));
        return false;
    }
    if (taken == Source::Take::waiting) {
        const bool given_up =
            !rejoins_later(item, frame) && (++item.waited >= frames_in(options_.patience) ||
                                            options_.wait_for_sources || item.source->coded());
        const auto why =
            "its decoder delivered nothing for " + std::to_string(options_.patience.count()) + " ms";
        if (given_up && !go_on(item, why, at)) {
            end_current(at, AiringStatus::failed, why);
            return false;
        }
        piece = last_;  // held for a moment, silent
        piece.samples.assign(static_cast<std::size_t>(options_.format.samples_a_frame()) * 2, 0.0F);
        piece.repeated = true;
        piece.passed_over = 0;
    } else {
        item.waited = 0;
        item.rejoins = false;
    }
    hush(item, piece, at);
    fade(item, step, piece, at);
    if (!item.on_air) {
        item.on_air = true;
        tell_note(item);
        emit_(OnAir{item.cue.airing, at, frame, item.choice});
    }
    ++item.frames;
    item.lost += piece.passed_over;
    item.repeated += piece.repeated;
    item.interpreted += piece.interpreted;
    item.samples +=
        piece.coded ? options_.format.samples_a_frame() : static_cast<std::int64_t>(piece.samples.size() / 2);
    progress(item);
    step.airing = item.cue.airing;
    step.piece = std::move(piece);
    return true;
}

Timeline::Step Timeline::step(Instant at, std::int64_t frame) {
    open_ahead(at);
    tell_ready();
    cut_in(at, on_grid(frame));
    Step step;
    auto next = Next::none;
    while (current_ || (next = start_next(at, on_grid(frame))) == Next::started) {
        if (take(step, at, frame)) {
            last_ = step.piece;
            last_.samples.clear();
            last_.coded.reset();
            return step;
        }
    }
    if (next == Next::held && last_.picture) {
        step.piece = last_;
    } else {
        last_ = {};
        step.on_slate = true;
    }
    step.piece.samples.assign(static_cast<std::size_t>(options_.format.samples_a_frame()) * 2, 0.0F);
    return step;
}

bool Timeline::finished() const {
    return quit_ && (!drain_ || (!current_ && queue_.empty()));
}

void Timeline::close(Instant at, const std::string& reason) {
    if (current_) end_current(at, AiringStatus::truncated, reason);
    for (auto& item : queue_) forget(std::move(item), at, AiringStatus::skipped, reason);
    queue_.clear();
}

}  // namespace riverlight::player
