// riverlightd: the composition root of a board. One loop on one thread; only the channel is fetched on
// another.
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <set>

#include "content/base/files.hpp"
#include "content/store/layout.hpp"
#include "firmware/config/config.hpp"
#include "firmware/follow/follower.hpp"
#include "firmware/journal/placing.hpp"
#include "firmware/nearby/avahi.hpp"
#include "firmware/nearby/media_server.hpp"
#include "firmware/outlet/outlet.hpp"
#include "firmware/outlet/prover.hpp"
#include "firmware/start/endurance.hpp"
#include "firmware/start/mode.hpp"
#include "firmware/start/state_folder.hpp"
#include "firmware/status/page.hpp"
#include "firmware/stick/importer.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono;
using namespace std::chrono_literals;

constexpr auto still_on =
    ". What the board holds stays on, and the channel is looked at again by itself; if this stays, tell your "
    "coordinator.";

class Board {
  public:
    /// `config` as settings_for(start) has it. `left_behind`: folders of journals to take over.
    Board(asio::io_context& loop, Config config, Beginning& start,
          const std::vector<std::string>& left_behind)
        : loop_(loop),
          config_(std::move(config)),
          start_(start),
          endurance_(config_.safe_mode.lasts),
          journal_(start.keep + "/journal.db", config_.place),
          clock_(from_rfc3339(journal_.note("latest")).value_or(Instant{})),
          store_(start.store.empty() ? start.keep + "/no-store" : start.store),
          minute_(loop),
          outlook_(loop),
          server_(loop, config_.listen,
                  [this](const http::Request& request) { return status_response(request, view()); }) {
        const auto cut = journal_.close_interrupted("the board stopped or lost power while this was on air");
        if (cut > 0) spdlog::info("{} airings were cut off when the board last stopped", cut);
        keep_journal();
        if (normal())
            for (const auto& folder : left_behind) take_over(folder);
        else if (const auto heard = content::read_heard({store_.root()}))
            clock_.not_before(*heard);
        add_outlets();
        if (config_.office)
            reporter_ = std::make_unique<Reporter>(
                loop_,
                ReportSetup{config_.office->url, config_.office->ca_file, config_.office->claim_code,
                            config_.place, config_.state + "/board.key",
                            [this] { return clock_.read().now; }},
                journal_, [this] { return health_json(view(), disk_free()); }, [this] { return pulse(); });
        if (start_.factory)
            take_factory();
        else
            take_stored();
        if (!programme_)
            for (auto& outlet : outlets_) outlet->play(nullptr);
        keep_time();
        began_us_ = clock_.read().monotonic_us;
        look_out();
        if (!normal()) return;
        start_nearby();
        follower_ = std::make_unique<Follower>(
            loop_, follow_setup(), [this] { return clock_.read(); }, [this] { return media_in_use(); },
            [this](bool changed) {
                if (changed || !programme_) take_stored();
                return programme_ != nullptr;
            });
        follower_->start();
    }
    void stop() {
        if (follower_) follower_->stop();
        minute_.cancel();
        outlook_.cancel();
        note_time();
        if (reporter_) reporter_->stop();
        for (auto& outlet : outlets_) outlet->stop();
    }
    /// Whether the channel or the office is being spoken to still, on their own threads.
    [[nodiscard]] bool fetching() const {
        return (follower_ && follower_->busy()) || (reporter_ && reporter_->busy());
    }
    /// Called once, when the board should begin anew with more than it has now. It is to be stopped then.
    std::function<void()> on_more;
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  private:
    void add_outlets() {
        const auto since = from_rfc3339(journal_.note("since")).value_or(Instant{});
        auto player = config_.player;
        if (player.empty())
            player = (fs::read_symlink("/proc/self/exe").parent_path() / "riverlight-player").string();
        prover_ = std::make_unique<Prover>(loop_, Prover::Setup{player, store_.root() + "/media",
                                                                feeds_of(config_), config_.player_memory_mb});
        for (const auto& outlet : config_.outlets)
            outlets_.push_back(std::make_unique<Outlet>(loop_, setup_of(outlet, player, since), journal_,
                                                        [this] { return clock_.read(); }));
    }
    [[nodiscard]] OutletSetup setup_of(const OutletConfig& outlet, const std::string& player, Instant since) {
        return {.id = outlet.id,
                .output = player_words(outlet),
                .hls = outlet.hls,
                .feed = !outlet.profile.empty(),
                .avails = outlet.avails,
                .profile = outlet.profile,
                .place = config_.place,
                .display = is_display(outlet),
                .open = is_display(outlet) ? config_.open : std::vector<OpenHours>(),
                .player = player,
                .folder = start_.keep + "/outlets/" + outlet.id,
                .media = store_.root() + "/media",
                .memory_mb = config_.player_memory_mb,
                .machine_decoder = config_.machine_decoder,
                .boot_id = boot_id(),
                .refused = [this, profile = outlet.profile](
                               const auto& path) { return prover_->refused(profile, path); },
                .since = since};
    }
    /// Only a display can be switched off.
    static bool is_display(const OutletConfig& outlet) {
        return player::parse_output(outlet.outputs.front()).kind == player::OutputSpec::Kind::screen;
    }
    /// Where the outlet goes and what it is called, as its player is told.
    static std::vector<std::string> player_words(const OutletConfig& outlet) {
        std::vector<std::string> words;
        const auto add = [&](const char* option, const std::string& value) {
            if (!value.empty()) words.insert(words.end(), {option, value});
        };
        for (const auto& output : outlet.outputs) add("--outlet", output);
        add("--profile", outlet.profile);
        add("--service", outlet.service);
        add("--provider", outlet.provider);
        add("--network", outlet.network);
        add("--local-time", outlet.local_time);
        add("--fade", outlet.fade);
        return words;
    }
    static std::set<std::string> feeds_of(const Config& config) {
        std::set<std::string> profiles;
        for (const auto& outlet : config.outlets)
            if (!outlet.profile.empty()) profiles.insert(outlet.profile);
        return profiles;
    }
    [[nodiscard]] bool normal() const { return start_.mode == Mode::normal; }

    /// Puts the stored release on the outlets.
    void take_stored() {
        try {
            put_on(store_.load());
        } catch (const Error& e) {
            fault_ = e.what();
            spdlog::error("{}", e.what());
        }
    }

    /// Hashes the factory loop's media on a thread of its own, the slate is on meanwhile; then puts it on.
    void take_factory() {
        hashing_ = std::async(std::launch::async, [this, store = store_] {
            std::string fault = "The factory loop " + store.root() + " holds no release; make it anew.";
            std::optional<content::ContentSet> loaded;
            try {
                if ((loaded = store.load_whole())) fault.clear();
            } catch (const std::exception& e) {
                fault = std::string("The factory loop does not play: ") + e.what() + '.';
            }
            asio::post(loop_, [this, fault, set = std::make_shared<decltype(loaded)>(std::move(loaded))] {
                fault_ = fault;
                if (!fault.empty()) return spdlog::error("{}", fault);
                try {
                    put_on(std::move(*set));
                } catch (const Error& e) {
                    fault_ = std::string("The factory loop does not play: ") + e.what() + '.';
                    spdlog::error("{}", fault_);
                }
            });
        });
    }

    /// The place by whose schedule is played.
    const content::Place* place_in(const content::ContentSet& content) const {
        const auto* place = content.catalogue.place(config_.place);
        return !place && start_.factory ? content.catalogue.place(config_.factory.place) : place;
    }

    void put_on(std::optional<content::ContentSet> loaded) {
        if (!loaded) return;
        auto content = std::make_shared<const content::ContentSet>(std::move(*loaded));
        clock_.signed_until(content->signed_until);
        const auto* place = place_in(*content);
        if (!place)
            throw Error((start_.factory ? "it knows no place '" : "the channel knows no place '") +
                        config_.place + "'; correct [place] id, or have the country's coordinator add it" +
                        (start_.factory ? ", or name one as [factory] place" : ""));
        const auto text = content->schedules.find(place->schedule);
        if (text == content->schedules.end())
            throw Error("the channel has no schedule '" + place->schedule + "', which " + place->id +
                        " follows");
        auto programme = std::make_shared<Programme>();
        programme->schedule = scheduler::read_schedule_json(text->second, place->schedule);
        programme->place = *place;
        programme->content = content;
        if (programme_) acknowledge_withdrawals(*programme_, *programme);
        programme_ = programme;
        fault_.clear();
        for (auto& outlet : outlets_) outlet->play(programme_);
        prover_->look_at(*programme_);
        spdlog::info("release {} is on", content->release);
    }

    /// What aired in a run that could not write this journal, and why that was.
    void take_over(const std::string& folder) {
        const auto path = folder + "/journal.db";
        try {
            if (!fs::exists(path)) return;
            {
                Journal other(path, config_.place);
                other.close_interrupted("the board stopped or lost power while this was on air");
                const auto taken = journal_.take_over(other);
                spdlog::info("{} airings were taken over from {}", taken, path);
                if (const auto words = other.note("mode"); !words.empty())
                    journal_.set_note("lesser_mode", to_rfc3339(clock_.read().now) + ' ' + words);
            }
            for (const auto* part : {"", "-wal", "-shm"}) fs::remove(path + part);
        } catch (const std::exception& e) {
            spdlog::error("{}", e.what());
        }
    }

    /// How a start stands: whether it has lasted; in a lesser mode, whether there is a way out of it.
    void look_out() {
        outlook_.expires_after(5s);
        outlook_.async_wait([this](const auto& ec) {
            if (ec) return;
            try {
                if (more_is_possible()) return on_more();
                note_lasting();
                note_time_fix();
                static_cast<void>(view());  // a stick's silence is measured from one look to the next
            } catch (const Error& e) {
                spdlog::error("{}", e.what());
            }
            look_out();
        });
    }
    [[nodiscard]] bool more_is_possible() {
        if (start_.mode == Mode::no_state) return state_fault(config_.state, config_.own_partition).empty();
        if (start_.mode != Mode::safe) return false;
        if (start_.starts->removed()) return true;
        if (microseconds(clock_.read().monotonic_us - began_us_) < config_.safe_mode.tries_again)
            return false;
        start_.starts->leave_at(config_.safe_mode.failed_starts - 1);  // the next that fails leads back here
        return true;
    }
    /// Once in a boot, where airings came before the time was known.
    void note_time_fix() {
        const auto clock = clock_.read();
        if (time_fixed_ || clock.state != ClockState::synchronised) return;
        const auto boot = boot_id();
        // What is on air is not among the journal's closed records yet.
        const bool on_air = std::any_of(outlets_.begin(), outlets_.end(), [](const auto& outlet) {
            const auto seen = outlet->view();
            return seen.on_air && waits_for_time(*seen.on_air);
        });
        if (boot != "unknown" && (on_air || wants_time_fix(journal_, boot)))
            static_cast<void>(journal_.add(record_of(
                {config_.place, boot, clock.now, clock.monotonic_us, clock.error_ms}, config_.place)));
        time_fixed_ = true;
    }
    void note_lasting() {
        if (!start_.starts || lasted_) return;
        std::vector<std::int64_t> frames;
        for (const auto& outlet : outlets_) {
            const auto seen = outlet->view();
            frames.push_back(seen.closed ? Endurance::closed : seen.frames);
        }
        if (!endurance_.lasted(clock_.read().monotonic_us, frames)) return;
        if (normal())
            start_.starts->lasted();
        else
            start_.starts->leave_at(config_.safe_mode.failed_starts);  // and stays in safe mode
        lasted_ = true;
    }

    /// Notes in the journal what the country no longer clears, whether or not it was on: the office sees that
    /// the withdrawal has arrived.
    void acknowledge_withdrawals(const Programme& had, const Programme& has) {
        const auto* before = had.content->catalogue.country_of(had.place);
        const auto* after = has.content->catalogue.country_of(has.place);
        if (!before || !after) return;
        const auto clock = clock_.read();
        const auto day = scheduler::local_day_of(clock.now, has.place.zone).day;
        for (const auto& gone : content::withdrawn(*before, *after, day)) {
            AiringRecord record;
            record.airing = "unplanned-withdrawal-" + gone.segment + '-' + gone.locale;
            record.place = config_.place;
            record.segment = gone.segment;
            record.revision = gone.revision;
            record.locale_asked = gone.locale;
            record.planned_start = record.planned_end = clock.now;
            record.clock = clock.state;
            record.clock_error_ms = clock.error_ms;
            record.status = "skipped";
            record.reason = "withdrawn: " + has.place.country + " no longer clears it; heard with release " +
                            has.content->release;
            record.outlet = outlets_.empty() ? "" : outlets_.front()->view().id;
            spdlog::warn("{} in {}: {}", gone.segment, gone.locale, record.reason);
            static_cast<void>(journal_.add(std::move(record)));
        }
    }

    /// Media to and from other boards in the same network, as far as that is set up.
    void start_nearby() {
        const auto& nearby = config_.nearby;
        if (!nearby.serve.empty()) {
            media_server_ = std::make_unique<MediaServer>(nearby.serve, store_.root() + "/media",
                                                          nearby.bytes_per_second);
            spdlog::info("media for boards nearby on port {}", media_server_->port());
        }
        if (!media_server_ && !nearby.find) return;
        neighbours_ = std::make_unique<AvahiNeighbours>(
            AvahiSetup{config_.place, media_server_ ? media_server_->port() : std::uint16_t{0}, nearby.find,
                       [](const std::string& words) { spdlog::warn("{}", words); }});
    }

    [[nodiscard]] FollowSetup follow_setup() const {
        FollowSetup setup;
        setup.check = config_.check;
        auto& options = setup.options;
        options.channel_url = config_.channel_url;
        options.store_root = store_.root();
        options.trusted_root = config_.root;
        options.ca_file = config_.ca_file;
        options.place = config_.place;
        options.quota = config_.store_quota;
        options.mirrors = config_.mirrors;
        options.outbound = {config_.proxy.url, config_.proxy.login, config_.proxy.bypass};
        options.nearby_bytes_per_second = config_.nearby.bytes_per_second;
        if (neighbours_) setup.nearby = [this] { return neighbours_->found(); };
        setup.rules = config_.sync;
        setup.budget_file = config_.state + "/traffic.json";
        return setup;
    }
    /// Media that players have or are about to open.
    [[nodiscard]] std::set<std::string> media_in_use() const {
        std::set<std::string> names;
        for (const auto& outlet : outlets_) names.merge(outlet->media());
        return names;
    }

    /// The latest instant that is sure, so that a clock that starts in 1970 is known for what it is.
    void keep_time() {
        const auto clock = clock_.read();
        if (clock.state == ClockState::synchronised) note_time();
        keep_journal();
        minute_.expires_after(60s);
        minute_.async_wait([this](const auto& ec) {
            if (!ec) keep_time();
        });
    }

    /// Goes on in a new journal where the disk gave back other bytes than it took.
    void keep_journal() {
        try {
            if (journal_.mend()) spdlog::error("{}", journal_.set_aside());
            if (journal_.note("since").empty()) journal_.set_note("since", to_rfc3339(clock_.read().now));
            if (!normal() && journal_.note("mode") != start_.words) journal_.set_note("mode", start_.words);
        } catch (const Error& e) {
            spdlog::error("{}", e.what());
        }
    }

    void note_time() {
        try {
            journal_.set_note("latest", to_rfc3339(clock_.mark()));
        } catch (const Error& e) {
            spdlog::error("{}", e.what());
        }
    }

    [[nodiscard]] BoardView view() const {
        BoardView view;
        view.board = view.place = config_.place;
        view.version = RIVERLIGHT_VERSION;
        view.clock = clock_.read();
        view.mode = start_.mode;
        if (!normal()) view.notices.push_back(start_.words);
        view.journal = journal_.state();
        if (programme_) {
            view.place_name = programme_->place.name;
            view.zone = programme_->place.zone;
            view.release = programme_->content->release;
            view.signed_until = programme_->content->signed_until;
        }
        if (!fault_.empty())
            view.syncing = fault_;
        else if (follower_ && !follower_->fault().empty())
            view.syncing = "What the channel has now was not taken: " + follower_->fault() + still_on;
        if (follower_) {
            view.fetching = follower_->doing();
            for (auto& words : follower_->complaints()) view.notices.push_back(std::move(words));
        }
        if (follower_ && !follower_->damage().empty()) view.notices.push_back(follower_->damage());
        if (programme_ && !programme_->content->missing.empty()) {
            const auto count = std::to_string(programme_->content->missing.size());
            view.notices.push_back(
                start_.factory
                    ? count +
                          " media files of the factory loop are missing or damaged; what needs them does not "
                          "air. Put the board's image onto its card anew."
                    : count +
                          " media files of the release are not here yet; what needs them does not air until "
                          "they are.");
        }
        for (auto& words : prover_->complaints()) view.notices.push_back(std::move(words));
        // Until the office has heard from the new one, and knows.
        if (view.journal.receipted == 0 && !journal_.set_aside().empty())
            view.notices.push_back(journal_.set_aside());
        if (auto words = mode_before(); !words.empty()) view.notices.push_back(std::move(words));
        view.stick = stick_watch_.told(read_stick_note(config_.state), stick_is_being_imported(config_.state),
                                       view.clock.monotonic_us);
        if (view.stick && view.stick->state == StickNote::State::failed)
            view.notices.push_back("Stick: " + view.stick->words);
        if (reporter_) view.report = reporter_->view();
        for (const auto& outlet : outlets_) view.outlets.push_back(outlet->view());
        return view;
    }

    /// For a day: that the board has run with less than all.
    [[nodiscard]] std::string mode_before() const {
        constexpr std::size_t instant = 27;  // 2026-11-25T12:00:00.000000Z
        const auto note = journal_.note("lesser_mode");
        const auto until = note.size() > instant ? from_rfc3339(note.substr(0, instant)) : std::nullopt;
        const auto now = clock_.read().now;
        if (!until || now < *until || now - *until > 24h) return {};
        return "All runs again since " + note.substr(0, 16) + "Z. Before: " + note.substr(instant + 1);
    }

    /// What the office should hear of at once: what is on air, and what is wrong.
    [[nodiscard]] std::string pulse() const {
        std::string out;
        for (const auto& outlet : outlets_) {
            const auto seen = outlet->view();
            out += seen.id + (seen.on_air ? ' ' + seen.on_air->airing : std::string(" slate")) + ';';
        }
        return out + fault_;
    }
    [[nodiscard]] std::int64_t disk_free() const {
        std::error_code ec;
        const auto space = fs::space(config_.state, ec);
        return ec ? -1 : static_cast<std::int64_t>(space.available);
    }

    asio::io_context& loop_;
    Config config_;
    Beginning& start_;
    Endurance endurance_;
    bool lasted_ = false, time_fixed_ = false;
    mutable StickWatch stick_watch_;  // looking moves it on
    std::int64_t began_us_ = 0;
    Journal journal_;
    mutable Clock clock_;  // reading it moves it on
    content::Store store_;
    asio::steady_timer minute_, outlook_;
    std::unique_ptr<Prover> prover_;
    std::vector<std::unique_ptr<Outlet>> outlets_;
    std::unique_ptr<Reporter> reporter_;
    std::shared_ptr<const Programme> programme_;
    std::string fault_;
    http::Server server_;
    std::unique_ptr<MediaServer> media_server_;
    std::unique_ptr<Neighbours> neighbours_;
    std::unique_ptr<Follower> follower_;  // its visit ends before what it speaks to goes
    std::future<void> hashing_;           // last: its thread, too
};

/// What cannot be noted of a start holds nothing up.
template <class Note>
void noted(const Note& note) {
    try {
        note();
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
}

/// One life of a board, from its start to its end in order. True where another is to begin, with more.
bool live(const Config& config, Beginning& start, const std::vector<std::string>& left_behind) {
    if (!start.words.empty()) spdlog::error("{}", start.words);
    asio::io_context loop(1);
    Board board(loop, settings_for(start, config), start, left_behind);
    asio::steady_timer end(loop);
    bool more = false;
    const auto stop = [&] {
        board.stop();
        end.expires_after(700ms);  // players end in order within this
        end.async_wait([&](const auto&) { loop.stop(); });
    };
    asio::signal_set signals(loop, SIGTERM, SIGINT);
    signals.async_wait([&](const auto& ec, int) {
        if (ec) return;
        sd_notify(0, "STOPPING=1");
        more = false;
        noted([&] {
            if (start.starts && !start.starts->removed()) start.starts->ended_in_order();
        });
        stop();
    });
    board.on_more = [&] {
        spdlog::info("the board begins anew");
        more = true;
        stop();
    };
    spdlog::info("status page on port {}", board.port());
    sd_notify(0, "READY=1");
    loop.run();
    // A slow line does not hold the end up: a fetch may be cut off at any moment, the store is made for it.
    if (board.fetching()) std::_Exit(0);
    return more;
}

/// Lives until the daemon is told to end. Where a life fails, the next start knows why.
void live_on(const Config& config) {
    const char* given = std::getenv("RUNTIME_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): no thread yet
    const std::string run_folder = given ? given : "";
    auto left = left_behind(config, run_folder);
    for (bool more = true; more;) {
        auto start = begin(config, run_folder);
        try {
            more = live(config, start, left);
        } catch (const std::exception& e) {
            noted([&] {
                if (start.starts) start.starts->ended_with(e.what());
            });
            throw;
        }
        if (start.mode == Mode::no_state) left.push_back(start.keep);
    }
}

int run(int argc, char** argv) {
    CLI::App app{"Riverlight on a board: follows a channel, plays what is planned, keeps the journal",
                 "riverlightd"};
    app.set_version_flag("--version", "riverlightd " RIVERLIGHT_VERSION);
    std::string file;
    app.add_option("--config", file, "riverlightd.toml")->required();
    bool leave = false;
    app.add_flag("--leave-safe-mode", leave, "has the board leave safe mode, running or not, and ends");
    CLI11_PARSE(app, argc, argv);
    const auto config = read_config(file);
    if (leave) {
        const bool was = leave_safe_mode(config.state);
        std::cout << (was ? "The board leaves safe mode.\n" : "The board is not in safe mode.\n");
        return 0;
    }
    live_on(config);
    return 0;
}

}  // namespace
}  // namespace riverlight::firmware

int main(int argc, char** argv) {
    try {
        return riverlight::firmware::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << "riverlightd: " << e.what() << '\n';
        return 1;
    }
}
