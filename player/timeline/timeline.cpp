#include "player/timeline/timeline.hpp"

#include <algorithm>
#include <cassert>

#include "player/timeline/item.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using content::AiringStatus;

/// An item with a start of its own is opened so long before it, wherever it is in the queue.
constexpr auto open_before_start = 3s;
/// An item that takes longer to open does not keep the one behind it from being opened too.
constexpr auto max_opening = 1s;
constexpr auto progress_every = 1s;
/// How long to wait for a source while the outlet is filled, or for coded frames: shorter than the silence
/// after which a player counts as hung, and than what an outlet is ahead by.
constexpr milliseconds short_wait{600};

}  // namespace

Timeline::Timeline(Options options, Open open, Emit emit)
    : options_(options), open_(std::move(open)), emit_(std::move(emit)) {
    assert(options_.format.rate.num > 0 && options_.format.grid >= 1 && options_.patience > 0ms);
}
Timeline::~Timeline() = default;

std::int64_t Timeline::frames_of(microseconds time) const {
    return frames_in(time, options_.format.rate);
}

void Timeline::handle(const Command& command, Instant now) {
    if (const auto* cue = std::get_if<Cue>(&command)) queue(*cue, now, false);
    if (const auto* takeover = std::get_if<Takeover>(&command)) queue(takeover->cue, now, true);
    if (const auto* quit = std::get_if<Quit>(&command)) {
        quit_ = true;
        drain_ = quit->drain;
    }
    if (const auto* dropped = std::get_if<Drop>(&command)) drop(dropped->airing, now);
    open_ahead(now);
}

void Timeline::drop(const std::string& airing, Instant now) {
    if (current_ && current_->cue.airing == airing) end_current(now, AiringStatus::truncated, "dropped");
    for (auto it = queue_.begin(); it != queue_.end();) {
        if ((*it)->cue.airing != airing) {
            ++it;
            continue;
        }
        end(std::move(*it), now, AiringStatus::skipped, "dropped");
        it = queue_.erase(it);
    }
}

void Timeline::queue(Cue cue, Instant now, bool takes_over) {
    auto item = std::make_unique<TimelineItem>();
    item->cue = std::move(cue);
    item->takes_over = takes_over;
    const bool too_late =
        item->cue.start && *item->cue.start + late_tolerance < now && item->cue.late == Cue::Late::skip;
    if (too_late) return end(std::move(item), now, AiringStatus::skipped, "its start had passed");
    if (item->cue.stop && *item->cue.stop <= now)
        return end(std::move(item), now, AiringStatus::skipped, "its end had passed");
    if (!takes_over) {
        queue_.push_back(std::move(item));
        return;
    }
    while (!queue_.empty()) {
        end(std::move(queue_.front()), now, AiringStatus::skipped, "taken over");
        queue_.pop_front();
    }
    queue_.push_front(std::move(item));
}

void Timeline::open(TimelineItem& item, Instant now) {
    item.source = open_(item.spec(options_.format, now));
    assert(item.source);
}

/// Opens the item's next alternative, because of `why`; false where there is none.
bool Timeline::open_alternative(TimelineItem& item, const std::string& why, Instant now) {
    if (!item.choose_alternative(why)) return false;
    open(item, now);
    return true;
}

/// Opens what comes next and no more, because an open item holds a decoder and its pictures. Behind an item
/// that failed, or that takes long to open, opens the next one too.
void Timeline::open_ahead(Instant now) {
    std::size_t wanted = current_ ? 1 : 2;
    for (auto& item : queue_) {
        const bool soon = item->cue.start && *item->cue.start <= now + open_before_start;
        if (wanted == 0 && !soon) continue;
        if (!item->source) open(*item, now);
        auto state = item->source->state();
        if (state == Source::State::failed && item->has_alternative() &&
            open_alternative(*item, item->source->error(), now))
            state = item->source->state();
        item->opening += state == Source::State::opening;
        const bool usable = state == Source::State::ready ||
                            (state == Source::State::opening && item->opening < frames_of(max_opening));
        if (wanted > 0 && usable) --wanted;
    }
}

void Timeline::report_ready() {
    for (auto& item : queue_) {
        if (!item->source || item->ready_reported || item->source->state() != Source::State::ready) continue;
        item->ready_reported = true;
        emit_(Ready{item->cue.airing});
    }
}

void Timeline::wait_for(const Source& source) const {
    options_.wait_for_sources ? source.wait_unless_stuck() : source.wait(short_wait);
}

/// Whether an item that is due has its first frame now; waits for it where the options or prefilling say so.
bool Timeline::wait_until_ready(TimelineItem& item) const {
    assert(item.source);
    if (options_.wait_for_sources || prefilling_) wait_for(*item.source);
    return item.source->state() == Source::State::ready;
}

bool Timeline::current_is_coded() const {
    return current_ && current_->source->coded();
}

/// Half a frame, or half the grid for coded frames: how long before its start an item is due.
microseconds Timeline::start_tolerance(bool coded) const {
    const auto& rate = options_.format.rate;
    return microseconds{500'000 * rate.den * (coded ? options_.format.grid : 1) / rate.num};
}

/// Whether this frame is the nearest to the item's start, or a later one: of all frames, or of those on the
/// grid where coded frames are on either side.
bool Timeline::is_due(const TimelineItem& item, Instant at) const {
    const bool coded = current_is_coded() || (item.source && item.source->coded());
    return item.is_due(at, start_tolerance(coded));
}

/// An item whose start has come, or a takeover, ends the item on air as soon as its own first frame is ready.
void Timeline::cut_in(Instant at, bool on_grid) {
    const auto next = std::find_if(queue_.begin(), queue_.end(), [&](const ItemPtr& item) {
        return (item->takes_over || item->cue.start) && is_due(*item, at);
    });
    if (next == queue_.end()) return;
    const bool coded = current_is_coded() || ((*next)->source && (*next)->source->coded());
    if (coded && !on_grid) return;
    for (auto it = queue_.begin(); it != next;) {
        end(std::move(*it), at, AiringStatus::skipped, "the next item's start came first");
        it = queue_.erase(it);
    }
    auto& item = *queue_.front();
    if (!item.source) open(item, at);
    if (!current_ || !wait_until_ready(item) || (!on_grid && item.source->coded())) return;
    if (current_->is_complete())
        end_current(at, AiringStatus::aired, "");
    else
        end_current(at, AiringStatus::truncated,
                    item.takes_over ? "taken over" : "cut by the next item's start");
}

void Timeline::end(ItemPtr item, Instant at, AiringStatus status, const std::string& reason) {
    assert(item);
    emit_(item->end_event(at, status, reason, options_.format.rate));
}

void Timeline::end_current(Instant at, AiringStatus status, const std::string& reason) {
    end(std::move(current_), at, status, reason);
    current_.reset();
}

/// Puts the next item on air. `none`: the slate must be shown; `held`: hold the last picture until the grid.
Timeline::Next Timeline::start_next(Instant at, bool on_grid) {
    assert(!current_);
    while (!queue_.empty()) {
        auto& item = *queue_.front();
        if (!is_due(item, at)) return Next::none;
        if (!item.source) open(item, at);
        if (wait_until_ready(item)) {
            if (item.source->coded() && !on_grid) return Next::held;
            current_ = std::move(queue_.front());
            queue_.pop_front();
            open_ahead(at);
            return Next::started;
        }
        const bool failed = item.source->state() == Source::State::failed;
        const bool patient = ++item.waited < frames_of(options_.patience) && !options_.wait_for_sources;
        if (!failed && patient) return Next::none;
        const auto why = failed ? item.source->error() : late_text(options_, item);
        if (open_alternative(item, why, at)) continue;
        end(std::move(queue_.front()), at, AiringStatus::failed, item.choice.is_own() ? why : item.failures);
        queue_.pop_front();
        open_ahead(at);
    }
    return Next::none;
}

/// Coded frames of an alternative begin on the grid.
bool Timeline::waits_for_grid(const TimelineItem& item, std::int64_t frame) const {
    return item.rejoining && item.source->coded() && !on_grid(frame);
}

/// An item fails on air: its next alternative goes on in its place, unless the next item can begin now, or
/// there is none; then false.
bool Timeline::fall_back(TimelineItem& item, const std::string& why, Instant at) {
    const auto* following = queue_.empty() ? nullptr : queue_.front().get();
    const bool next_can_begin = following && is_due(*following, at) && following->source &&
                                following->source->state() == Source::State::ready;
    const auto after = item.on_air ? "broke after " + std::to_string(item.counts.frames) + " frames: " : "";
    if (next_can_begin || !open_alternative(item, after + why, at)) return false;
    item.rejoining = item.on_air;
    emit_(Trouble{item.failures + "; " + item.name() + " goes on in its place", item.cue.airing});
    return true;
}

/// The next piece of the item on air, or of the alternative that it falls back to.
Source::Take Timeline::take_piece(TimelineItem& item, Piece& piece, Instant at, std::int64_t frame) {
    const bool was_coded = item.source->coded();
    for (;;) {
        if (item.rejoining && was_coded) item.source->wait(short_wait);
        if (waits_for_grid(item, frame)) return Source::Take::waiting;
        auto taken = item.source->take(piece);
        // Coded frames cannot be held; an outlet that takes them is ahead of its clock by more than this
        // wait.
        const bool may_wait = options_.wait_for_sources || prefilling_ || item.source->coded();
        if (taken == Source::Take::waiting && may_wait) {
            wait_for(*item.source);
            taken = item.source->take(piece);
        }
        if (taken != Source::Take::failed || item.is_complete()) return taken;
        if (!fall_back(item, item.source->error(), at)) return taken;
    }
}

/// Lowers sound and shows subtitles as the item's quiet hours say.
void Timeline::apply_quiet_hours(TimelineItem& item, Piece& piece, Instant at) {
    if (piece.coded) return;
    const auto* quiet = quiet_at(item.cue.quiet, at);
    if (!item.on_air) volume_.set(factor_of(quiet));
    volume_.apply(piece.samples, factor_of(quiet));
    if (!quiet && !item.cue.subtitled) piece.subtitle.reset();
    item.counts.quiet.count(quiet, !item.media().subtitles.empty());
}

/// Where the item's next frame is within it, as far as its end is known.
FadePoint Timeline::fade_point(const TimelineItem& item, Instant at) const {
    FadePoint point{item.counts.frames, {}, !item.takes_over};
    const auto ends_in = [&](std::int64_t frames) {
        if (frames > 0) point.left = std::min(point.left.value_or(frames), frames);
    };
    const auto& rate = options_.format.rate;
    if (item.last) ends_in(*item.last - item.first - item.counts.frames);
    if (item.cue.stop) ends_in(frames_before(*item.cue.stop - at, rate));
    const auto next =
        std::find_if(queue_.begin(), queue_.end(), [](const auto& queued) { return queued->cue.start; });
    if (next != queue_.end() && (*next)->source && (*next)->source->state() == Source::State::ready)
        ends_in(frames_before(*(*next)->cue.start - at - start_tolerance(false), rate));
    return point;
}

void Timeline::apply_fade(TimelineItem& item, Step& step, Piece& piece, Instant at) {
    if (options_.fade.frames == 0 || piece.coded) return;
    const auto point = fade_point(item, at);
    step.shown = picture_share(options_.fade, point);
    fade_sound(options_.fade, point, piece.samples);
    item.counts.faded += step.shown < 256;
}

void Timeline::report_note(TimelineItem& item) {
    if (auto note = item.source->note(); !note.empty() && note != item.reported_note) {
        emit_(Trouble{note, item.cue.airing});
        item.reported_note = std::move(note);
    }
}

void Timeline::report_progress(TimelineItem& item) {
    if (item.counts.frames < item.next_progress) return;
    report_note(item);
    if (item.counts.frames > 0)
        emit_(Progress{item.cue.airing, item.counts.frames, item.shown(options_.format.rate)});
    item.next_progress = item.counts.frames + frames_of(progress_every);
}

/// Ends the item on air at its stop, or when an alternative has filled its time.
bool Timeline::end_if_over(Instant at, std::int64_t frame) {
    const auto& item = *current_;
    if (item.source->coded() && !on_grid(frame)) return false;
    if (item.cue.stop && at >= *item.cue.stop) {
        end_current(at, AiringStatus::truncated, "cut at its stop");
        return true;
    }
    // An alternative's source does not count the frames that were held before it began.
    if (!item.choice.is_own() && item.is_complete()) {
        end_current(at, AiringStatus::aired, "");
        return true;
    }
    return false;
}

/// The last picture, silent, for an item whose source is late; false where the item has ended for it.
bool Timeline::hold_last(Piece& piece, Instant at, std::int64_t frame) {
    auto& item = *current_;
    const bool given_up = !waits_for_grid(item, frame) && (++item.waited >= frames_of(options_.patience) ||
                                                           options_.wait_for_sources || item.source->coded());
    const auto why = late_text(options_, item);
    if (given_up && !fall_back(item, why, at)) {
        end_current(at, AiringStatus::failed, why);
        return false;
    }
    piece = last_;
    piece.samples.assign(static_cast<std::size_t>(options_.format.samples_a_frame()) * 2, 0.0F);
    piece.repeated = true;
    piece.skipped = 0;
    return true;
}

/// The next frame of the item on air; false where the item has ended.
bool Timeline::produce(Step& step, Instant at, std::int64_t frame) {
    if (end_if_over(at, frame)) return false;
    auto& item = *current_;
    Piece piece;
    switch (take_piece(item, piece, at, frame)) {
        case Source::Take::piece:
            item.waited = 0;
            item.rejoining = false;
            break;
        case Source::Take::waiting:
            if (!hold_last(piece, at, frame)) return false;
            step.held = true;
            break;
        case Source::Take::ended:
            if (item.on_air) {
                item.last = item.first + item.counts.frames;
                end_current(at, AiringStatus::aired, "");
            } else {
                end_current(at, AiringStatus::skipped,
                            "its time was over before its first frame could be shown");
            }
            return false;
        case Source::Take::failed:
            end_current(at, AiringStatus::failed, std::string(item.source->error()));
            return false;
    }
    apply_quiet_hours(item, piece, at);
    apply_fade(item, step, piece, at);
    if (!item.on_air) {
        item.on_air = true;
        report_note(item);
        emit_(OnAir{item.cue.airing, at, frame, item.choice});
    }
    item.counts.add(piece, step.held, options_.format);
    report_progress(item);
    step.airing = item.cue.airing;
    step.locale = item.media().locale;
    step.piece = std::move(piece);
    return true;
}

Timeline::Step Timeline::step(Instant at, std::int64_t frame) {
    assert(frame >= 0);
    open_ahead(at);
    report_ready();
    cut_in(at, on_grid(frame));
    Step step;
    auto next = Next::none;
    while (current_ || (next = start_next(at, on_grid(frame))) == Next::started) {
        if (produce(step, at, frame)) {
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
    return quit_ && (!drain_ || is_idle());
}

void Timeline::close(Instant at, const std::string& reason) {
    if (current_) end_current(at, AiringStatus::truncated, reason);
    for (auto& item : queue_) end(std::move(item), at, AiringStatus::skipped, reason);
    queue_.clear();
}

}  // namespace riverlight::player
