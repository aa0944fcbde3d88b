// The player: one process for each outlet. Its one loop runs once for each outlet frame: it reads cues, takes
// the next frame from the timeline, composes it, hands it to the outlet and sleeps until the next is due. It
// never decodes (sources do, on threads of their own) and never waits for the daemon.
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <thread>
#include <utility>

#include "content/base/files.hpp"
#include "content/manual/manual.hpp"
#include "player/canvas/canvas.hpp"
#include "player/canvas/fader.hpp"
#include "player/canvas/notice.hpp"
#include "player/clock/house_clock.hpp"
#include "player/confine/confine.hpp"
#include "player/conversation.hpp"
#include "player/outlet/outlet.hpp"
#include "player/proving.hpp"
#include "player/text/text.hpp"
#include "player/timeline/timeline.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

volatile std::sig_atomic_t asked_to_stop = 0;

struct Options {
    OutletOptions outlet;
    std::string locale = "en", cues, snapshot, slate_label, slate_number, fade;
    int cue_fd = -1;
    bool fast = false, until_drained = false, confined = false, prove = false;
    Confinement confinement;
};

Options parse_options(int argc, char** argv, CLI::App& app) {
    Options o;
    app.set_version_flag("--version", "riverlight-player " RIVERLIGHT_VERSION);
    auto* outlet =
        app.add_option("--outlet", o.outlet.outputs, output_help + std::string("; of a feed repeatable"))
            ->allow_extra_args(false);
    app.add_option("--profile", o.outlet.profile,
                   "of a feed: 720p25, 720p50, 1080i25 or 576i25; -mpeg2, -aac, -ac3 behind it");
    app.add_option("--service", o.outlet.names.service, "a feed's name to receivers")->capture_default_str();
    app.add_option("--provider", o.outlet.names.provider, "who a feed is from")->capture_default_str();
    app.add_option("--network", o.outlet.names.network, "the network a feed is part of")
        ->capture_default_str();
    app.add_option("--local-time", o.outlet.names.local_time, "a feed's country and its offset, THA+07:00");
    app.add_option("--locale", o.locale, "language of the slate")->capture_default_str();
    auto* fd =
        app.add_option("--cue-fd", o.cue_fd, "socket for cues and events")->check(CLI::NonNegativeNumber);
    app.add_option("--cues", o.cues, "file of cues, a line each; events go to stdout")->excludes(fd);
    app.add_flag("--prove", o.prove, "play nothing: say of files whether they are renditions of --profile")
        ->excludes(outlet);
    app.add_flag("--fast", o.fast, "as fast as it goes, not in real time");
    app.add_option("--snapshot", o.snapshot, "JPEG of what the outlet shows, anew every second");
    app.add_option("--state", o.outlet.state, "a feed's memory across restarts");
    app.add_option("--slate-label", o.slate_label, "words on the slate");
    app.add_option("--slate-number", o.slate_number, "hotline on the slate");
    app.add_flag("!--no-machine-decoder", o.outlet.machine,
                 "a display's pictures are decoded by the processor alone");
    app.add_flag("!--panel-off", o.outlet.panel_on, "a display stays off until it is switched on");
    app.add_option("--fade", o.fade, "of a screen: black:MS between items; they are cut unless said");
    app.add_flag("--until-drained", o.until_drained, "end when the cues have been played");
    auto* confined =
        app.add_flag("--confine", o.confined, "give up programs, other files and, for a screen, the network");
    std::int64_t memory_mb = 0;
    app.add_option("--read", o.confinement.read, "with --confine: folder of media, repeatable")
        ->needs(confined);
    app.add_option("--memory", memory_mb, "with --confine: most memory, MiB")->needs(confined);
    manual::add_manual_options(
        app,
        {8,
         "Plays what its cues name on one outlet: a screen, a window, or a transport stream with several "
         "outputs. riverlightd starts one for each "
         "outlet and sends cues over a socket; with --cues it plays a file of cues, one JSON object a line.",
         {},
         {"riverlightd(8)", "riverlight(1)"}});
    app.parse(argc, argv);
    if (o.outlet.outputs.empty() && !o.prove) throw CLI::RequiredError("--outlet");
    o.confinement.memory_bytes = memory_mb << 20;
    o.outlet.live = !o.fast;
    if (o.cue_fd < 0 && o.cues.empty()) throw Error("no cues: give --cue-fd or --cues");
    return o;
}

std::int64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::int64_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

class Player {
  public:
    Player(const Options& options, const Format& format, Conversation& conversation)
        : options_(options),
          format_(format),
          conversation_(conversation),
          clocks_(clocks_of(options)),
          canvas_(std::async(std::launch::async, draw_slate, std::cref(options), std::cref(format))),
          timeline_({format, 1500ms, options.fast, fade_of(options, format)}, opener_of(options.outlet),
                    [this](const Event& event) { conversation_.tell(event); }),
          feed_(is_feed(parse_output(options.outlet.outputs.front()))),
          notice_(format.width, format.height),
          outlet_(make_outlet(with_now(options.outlet))),
          lead_(outlet_->lead()),
          clock_({format.rate, format.grid, lead_.frames, lead_.delay}, *clocks_) {}

    void run() {
        if (options_.until_drained) timeline_.command(Quit{true}, clocks_->now().utc);
        for (std::int64_t frame = 0;; ++frame) {
            const auto at = instant_of(frame);
            timeline_.filling(frame < lead_.frames);
            conversation_.poll([&](const Command& command) { take(command, at, frame); });
            const bool left_alone = conversation_.over() && !options_.until_drained;
            if (asked_to_stop || left_alone || outlet_->closed() || timeline_.finished()) return end(at);
            auto step = timeline_.step(at, frame);
            if (!feed_) step.piece.notice = notice_.seen();
            if (timeline_.finished())
                return end(at);  // drained: the frame would be slate that nobody asked for
            put_out(step, frame);
            each_second(frame, step.on_slate);
        }
    }

  private:
    static std::unique_ptr<Clocks> clocks_of(const Options& options) {
        if (options.fast) return std::make_unique<FastClocks>(SystemClocks().now());
        return std::make_unique<SystemClocks>();
    }
    static Fade fade_of(const Options& o, const Format& f) {
        if (o.fade.empty()) return {};
        if (is_feed(parse_output(o.outlet.outputs.front())))
            throw Error(
                "a feed takes no --fade: its renditions go out as they are, so its items are always cut");
        return parse_fade(o.fade, f.rate);
    }
    [[nodiscard]] OutletOptions with_now(OutletOptions outlet) const {
        outlet.now = clocks_->now().utc;
        return outlet;
    }
    static Picture draw_slate(const Options& o, const Format& f) {
        const auto drawn = TextEngine(f.width, f.height).slate(o.slate_label, o.slate_number, o.locale);
        return from_bgra(drawn.bgra.data(), f.width, f.height);
    }

    [[nodiscard]] Instant instant_of(std::int64_t frame) const {
        const auto due = outlet_->due(frame);
        if (!due) return clock_.instant_of(frame);
        const auto now = clocks_->now();
        return now.utc + duration_cast<microseconds>(*due - now.steady);
    }
    /// Until the outlet may have it; true if it was more than a frame late.
    bool wait_for(std::int64_t frame) {
        if (const auto due = outlet_->due(frame)) return *due < steady_clock::now();
        const bool late = clock_.wait_for(frame);
        outlet_->follow(frame, clock_.due(frame), clock_.instant_of(frame));
        return late;
    }

    void take(const Command& command, Instant at, std::int64_t frame) {
        if (const auto* guide = std::get_if<Guide>(&command)) return outlet_->guide(*guide);
        if (const auto* panel = std::get_if<Panel>(&command)) return outlet_->panel(panel->on);
        if (const auto* notice = std::get_if<Notice>(&command))
            return notice_.say(notice->text, notice->locale);
        const auto* avail = std::get_if<Avail>(&command);
        if (!avail) return timeline_.command(command, at);
        const auto frames_in = [&](microseconds time) {
            return (time.count() * format_.rate.num + format_.rate.den * 500'000) /
                   (format_.rate.den * 1'000'000);
        };
        if (avail->start > at)
            outlet_->avail(avail->event, frame + frames_in(avail->start - at), frames_in(avail->duration));
    }

    void put_out(const Timeline::Step& step, std::int64_t frame) {
        const auto& piece = step.piece;
        const auto a_second = format_.rate.num / format_.rate.den;
        const bool wanted = !options_.snapshot.empty();
        if (piece.coded) {
            late_ += wait_for(frame);
            outlet_->splice(*piece.coded, frame);
            // A picture has to be decoded for it: when the item begins, and every ten seconds.
            if (!wanted || !piece.coded->key || (shown_coded_ && frame < next_preview_)) return;
            if (const auto picture = outlet_->preview(*piece.coded)) save_snapshot(*picture);
            next_preview_ = frame + 10 * a_second;
            shown_coded_ = true;
            return;
        }
        shown_coded_ = false;
        const bool picture_wanted = wanted && frame % a_second == 0;
        if (outlet_->lays_texts()) {
            late_ += wait_for(frame);
            show_apart(step, frame);
            if (picture_wanted) save_snapshot(canvas_.compose_over(*canvas_.under(piece), piece));
            return;
        }
        const auto& picture = fader_.lay(canvas_.compose(piece), step.shown);
        late_ += wait_for(frame);
        outlet_->show(picture, piece.samples, frame);
        if (picture_wanted) save_snapshot(picture);
    }

    /// While a picture is seen in part so are its texts: they are composed with it. So are words that move: a
    /// plane's memory is slow to paint anew for every frame; and while there is a notice, which a plane has
    /// no room for.
    void show_apart(const Timeline::Step& step, std::int64_t frame) {
        const auto& piece = step.piece;
        if (step.shown >= 256 && !piece.crawl && !piece.notice)
            return outlet_->show_apart(canvas_.under(piece), piece, frame);
        Piece whole;
        const auto& composed = canvas_.compose_over(*canvas_.under(piece), piece);
        whole.picture = std::make_shared<Picture>(fader_.lay(composed, step.shown));
        whole.samples = piece.samples;
        outlet_->show_apart(whole.picture, whole, frame);
    }

    void each_second(std::int64_t frame, bool on_slate) {
        const auto a_second = format_.rate.num / format_.rate.den;
        if (frame % a_second == 0 && std::exchange(alarm_, outlet_->alarm()) != outlet_->alarm())
            conversation_.tell(Trouble{outlet_->alarm(), ""});
        if (frame % a_second == 0) timeline_.set_evidence(outlet_->evidence());
        // While the outlet is filled a frame may take long; whoever listens must not think it hangs.
        if (frame % 10 == 0 || frame < lead_.frames)
            conversation_.tell(Health{frame + 1, late_, resident_bytes(), on_slate, outlet_->evidence(),
                                      outlet_->outputs()});
    }

    void save_snapshot(const Picture& picture) {
        try {
            save_jpeg(picture, options_.snapshot, 640);
            snapshot_trouble_.clear();
        } catch (const Error& e) {
            // A full disk stays full for a while; it is told once.
            if (std::exchange(snapshot_trouble_, e.what()) != e.what())
                conversation_.tell(Trouble{e.what(), ""});
        }
    }

    void end(Instant at) {
        timeline_.set_evidence(outlet_->evidence());
        timeline_.close(at, "the player was told to stop");
        outlet_->finish();
        conversation_.flush(300ms);
    }

    const Options& options_;
    Format format_;
    Conversation& conversation_;
    std::unique_ptr<Clocks> clocks_;
    Canvas canvas_;
    Fader fader_;
    Timeline timeline_;
    bool feed_;
    NoticeBoard notice_;
    std::unique_ptr<Outlet> outlet_;
    Outlet::Lead lead_;
    HouseClock clock_;
    std::string snapshot_trouble_, alarm_;
    std::int64_t next_preview_ = 0;
    bool shown_coded_ = false;
    std::int64_t late_ = 0;
};

void on_signal(int) {
    asked_to_stop = 1;
}

/// Files and line of this outlet alone, from here on.
void confine_to_outlet(const Options& options, Conversation& conversation) {
    auto how = options.confinement;
    const auto needs = options.prove ? OutletNeeds{} : needs_of(options.outlet);
    how.network = needs.network;
    how.write.insert(how.write.end(), needs.write.begin(), needs.write.end());
    how.read.insert(how.read.end(), needs.read.begin(), needs.read.end());
    how.write.insert(how.write.end(), needs.devices.begin(), needs.devices.end());
    how.list = needs.list;
    for (const auto& path : {options.snapshot, options.outlet.state})
        if (!path.empty()) how.write.push_back(std::filesystem::path(path).parent_path().string());
    if (!confine(how).files)
        conversation.tell(
            Trouble{"this kernel has no Landlock: the player may read other files than its own", ""});
}

int run(const Options& options) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    Fd file;
    if (!options.cues.empty()) {
        file = Fd(::open(options.cues.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file) throw Error("cannot read " + options.cues + ": " + system_reason(errno));
    }
    Conversation conversation(file ? file.get() : options.cue_fd, file ? STDOUT_FILENO : options.cue_fd);
    try {
        if (options.confined) confine_to_outlet(options, conversation);
        if (options.prove)
            prove_renditions(conversation, profile_named(options.outlet.profile));
        else
            Player(options, format_of(options.outlet), conversation).run();
    } catch (const Error& e) {
        conversation.tell(Trouble{e.what(), ""});
        conversation.flush(std::chrono::milliseconds{300});
        throw;
    }
    return 0;
}

}  // namespace
}  // namespace riverlight::player

int main(int argc, char** argv) {
    // Each item decodes on a thread of its own; a heap for each would keep what each of them once needed, and
    // one for all makes them wait for the player's loop at every frame: one for it and one for them.
    mallopt(M_ARENA_MAX, 2);
    // A picture's planes are given back and taken again 25 times a second: not to the kernel each time.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    CLI::App app{
        "Plays what it is cued to one outlet, without a gap. Started by riverlightd; by hand: riverlight "
        "play",
        "riverlight-player"};
    try {
        const auto options = riverlight::player::parse_options(argc, argv, app);
        // Decoders that hang keep their threads; leaving does not wait for them.
        std::_Exit(riverlight::player::run(options));
    } catch (const CLI::ParseError& e) {
        return app.exit(e);
    } catch (const std::exception& e) {
        std::cerr << "riverlight-player: " << e.what() << std::endl;
        std::_Exit(1);
    }
}
