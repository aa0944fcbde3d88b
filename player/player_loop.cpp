#include "player/player_loop.hpp"

#include <unistd.h>

#include <cassert>
#include <fstream>
#include <future>
#include <utility>

#include "player/canvas/canvas.hpp"
#include "player/canvas/fader.hpp"
#include "player/canvas/notice.hpp"
#include "player/clock/outlet_clock.hpp"
#include "player/outlet/airing_reporter.hpp"
#include "player/snapshot.hpp"
#include "player/source/frames.hpp"
#include "player/text/engine.hpp"
#include "player/timeline/timeline.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// How long an item may deliver nothing before the next one takes its place.
constexpr auto source_patience = 1500ms;
/// How long the last events may take to leave.
constexpr auto last_flush = 300ms;
/// The same where nobody keeps to the time, and whoever reads them may be kept from it by a busy machine.
constexpr auto unhurried_flush = 60s;
/// Frames from one `health` event to the next.
constexpr std::int64_t health_every = 10;
/// Step::shown of a picture that is seen whole, without a fade.
constexpr int fully_shown = 256;

std::int64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

std::unique_ptr<Clocks> clocks_for(const Options& options) {
    if (options.fast) return std::make_unique<FastClocks>(SystemClocks().now());
    return std::make_unique<SystemClocks>();
}

Fade fade_for(const Options& options, bool feed, const Format& format) {
    if (options.fade.empty()) return {};
    if (feed)
        throw Error("a feed takes no --fade: its renditions go out as they are, so its items are always cut");
    return parse_fade(options.fade, format.rate);
}

Picture draw_slate(const Options& options, const Format& format) {
    const auto drawn = TextEngine(format.width, format.height)
                           .slate(options.slate_label, options.slate_number, options.locale);
    return from_bgra(drawn.bgra.data(), format.width, format.height);
}

/// One member for each part that the loop drives.
class Player {
  public:
    Player(const Options& options, const Format& format, Conversation& conversation)
        : options_(options),
          format_(format),
          conversation_(conversation),
          feed_(is_feed(parse_output(options.outlet.outputs.front()))),
          clocks_(clocks_for(options)),
          canvas_(std::async(std::launch::async, draw_slate, std::cref(options), std::cref(format))),
          timeline_({format, source_patience, options.fast, fade_for(options, feed_, format)},
                    opener_of(options.outlet), [this](const Event& event) { reporter_.handle(event); }),
          notice_(format.width, format.height),
          snapshots_(options.snapshot, frames_per_second(),
                     [this](const std::string& fault) {
                         conversation_.send(Trouble{fault, ""});
                     }),
          outlet_(make_outlet(starting_now(options.outlet))),
          reporter_(*outlet_, format, [this](const Event& event) { conversation_.send(event); }),
          lead_(outlet_->lead()),
          clock_({format.rate, format.grid, lead_.frames, lead_.delay}, *clocks_) {}

    void run(const std::function<bool()>& stop_requested) {
        if (options_.until_drained) timeline_.handle(Quit{true}, clocks_->now().utc);
        for (std::int64_t frame = 0;; ++frame) {
            const auto at = instant_of(frame);
            timeline_.set_prefilling(frame < lead_.frames);
            conversation_.poll([&](const Command& command) { handle(command, at, frame); });
            const bool abandoned = conversation_.is_closed() && !options_.until_drained;
            if (stop_requested() || abandoned || outlet_->is_closed() || timeline_.finished())
                return finish(at);
            auto step = timeline_.step(at, frame);
            if (!feed_) step.piece.notice = notice_.visible();
            // Drained: the next frame would be slate.
            if (timeline_.finished()) return finish(at);
            put_out(step, frame);
            const bool own = !step.held && (step.piece.coded || step.piece.picture);
            reporter_.add_frame(step.airing, {own, step.piece.coded != nullptr});
            reporter_.poll();
            report(frame, step.on_slate);
        }
    }

  private:
    [[nodiscard]] std::int64_t frames_per_second() const { return format_.rate.num / format_.rate.den; }
    [[nodiscard]] OutletOptions starting_now(OutletOptions outlet) const {
        outlet.now = clocks_->now().utc;
        return outlet;
    }

    [[nodiscard]] Instant instant_of(std::int64_t frame) const {
        const auto due = outlet_->due(frame);
        if (!due) return clock_.instant_of(frame);
        const auto now = clocks_->now();
        return now.utc + duration_cast<microseconds>(*due - now.steady);
    }

    /// Waits until the outlet may have the frame. True if it was more than a frame late.
    bool wait_for(std::int64_t frame) {
        if (const auto due = outlet_->due(frame)) return *due < steady_clock::now();
        const bool late = clock_.wait_until_due(frame);
        outlet_->set_frame_time(frame, clock_.due(frame), clock_.instant_of(frame));
        return late;
    }

    void handle(const Command& command, Instant at, std::int64_t frame) {
        if (const auto* guide = std::get_if<Guide>(&command)) return outlet_->set_guide(*guide);
        if (const auto* panel = std::get_if<Panel>(&command)) return outlet_->set_panel(panel->on);
        if (const auto* notice = std::get_if<Notice>(&command))
            return notice_.show(notice->text, notice->locale);
        if (const auto* avail = std::get_if<Avail>(&command)) return add_avail(*avail, at, frame);
        timeline_.handle(command, at);
    }

    /// `at` is when frame `frame` is seen. An avail that has begun is too late to announce.
    void add_avail(const Avail& avail, Instant at, std::int64_t frame) {
        if (avail.start > at)
            outlet_->add_avail(avail.event, frame + frames_in(avail.start - at, format_.rate),
                               frames_in(avail.duration, format_.rate));
    }

    void put_out(const Timeline::Step& step, std::int64_t frame) {
        // While the last picture is held until the grid, the language stays too.
        if (step.on_slate || !step.locale.empty())
            outlet_->set_language(LanguageCode::of_tag(step.on_slate ? options_.locale : step.locale));
        if (step.piece.coded)
            put_out_coded(*step.piece.coded, frame);
        else if (outlet_->has_text_plane())
            put_out_layers(step, frame);
        else
            put_out_composed(step, frame);
    }

    void put_out_coded(const CodedFrame& coded, std::int64_t frame) {
        assert(feed_);
        late_ += wait_for(frame);
        outlet_->splice(coded, frame);
        if (!snapshots_.is_coded_due(frame, coded.key)) return;
        if (const auto picture = outlet_->decode_preview(coded)) snapshots_.save(*picture);
    }

    void put_out_layers(const Timeline::Step& step, std::int64_t frame) {
        late_ += wait_for(frame);
        show_layers(step, frame);
        if (snapshots_.is_due(frame))
            snapshots_.save(canvas_.compose_over(*canvas_.background(step.piece), step.piece));
    }

    void put_out_composed(const Timeline::Step& step, std::int64_t frame) {
        const auto& picture = fader_.apply(canvas_.compose(step.piece), step.shown);
        late_ += wait_for(frame);
        outlet_->show(picture, step.piece.samples, frame);
        if (snapshots_.is_due(frame)) snapshots_.save(picture);
    }

    /// Texts go to the outlet's own plane, except where they must be composed into the picture: during a
    /// fade, which they take part in; while a text crawls, since a plane's memory is slow to paint for every
    /// frame; and while there is a notice, which the plane has no room for.
    void show_layers(const Timeline::Step& step, std::int64_t frame) {
        const auto& piece = step.piece;
        if (step.shown >= fully_shown && !piece.crawl && !piece.notice)
            return outlet_->show_layers(canvas_.background(piece), piece, frame);
        Piece whole;
        const auto& composed = canvas_.compose_over(*canvas_.background(piece), piece);
        whole.picture = std::make_shared<Picture>(fader_.apply(composed, step.shown));
        whole.samples = piece.samples;
        outlet_->show_layers(whole.picture, whole, frame);
    }

    void report(std::int64_t frame, bool on_slate) {
        if (frame % frames_per_second() == 0) {
            if (auto alarm = outlet_->alarm(); alarm != alarm_) {
                alarm_ = std::move(alarm);
                conversation_.send(Trouble{alarm_, ""});
            }
        }
        // While the outlet is filled a frame may take long; the daemon must not take that for a hang.
        if (frame % health_every == 0 || frame < lead_.frames)
            conversation_.send(Health{frame + 1, late_, resident_bytes(), on_slate,
                                      to_text(outlet_->evidence()), outlet_->outputs()});
    }

    /// A live outlet that is stopped with an item on air reports at once, since the daemon does not wait for
    /// what is still queued: what has not left by now counts as lost.
    void finish(Instant at) {
        const bool cut = options_.outlet.live && !timeline_.is_idle();
        timeline_.close(at, "the player was told to stop");
        if (cut) {
            reporter_.finish();
            conversation_.flush(last_flush);
        }
        outlet_->finish();
        reporter_.finish();
        conversation_.flush(options_.fast ? unhurried_flush : last_flush);
    }

    const Options& options_;
    Format format_;
    Conversation& conversation_;
    bool feed_;
    std::unique_ptr<Clocks> clocks_;
    Canvas canvas_;
    Fader fader_;
    Timeline timeline_;
    NoticeBoard notice_;
    Snapshots snapshots_;
    std::unique_ptr<Outlet> outlet_;
    AiringReporter reporter_;
    Outlet::Lead lead_;
    OutletClock clock_;
    std::string alarm_;      ///< as reported last; empty: none
    std::int64_t late_ = 0;  ///< frames that left more than a frame late
};

}  // namespace

void play(const Options& options, Conversation& conversation, const std::function<bool()>& stop_requested) {
    assert(!options.validate_only);
    const auto format = format_of(options.outlet);
    Player(options, format, conversation).run(stop_requested);
}

}  // namespace riverlight::player
