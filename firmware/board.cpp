#include "firmware/board.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <filesystem>
#include <optional>
#include <utility>

#include "content/http/hosts.hpp"
#include "content/store/layout.hpp"
#include "firmware/setup.hpp"
#include "firmware/staging/playable.hpp"
#include "firmware/start/reduced_run.hpp"
#include "firmware/start/state_folder.hpp"
#include "firmware/status/json.hpp"

namespace riverlight::firmware {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

content::Store store_of(const StartDecision& start) {
    return content::Store(start.store.empty() ? start.folder + "/no-store" : start.store);
}

/// Some 20,000 airings. The start checks the whole file before anything plays: 1.6 s of a card that reads
/// 20 MB/s.
constexpr std::uint64_t journal_limit = 32U << 20;
constexpr std::size_t removed_at_once = 200;  ///< each minute; a board airs a few

Timekeeper::Setup time_setup(const Config& config, const StartDecision& start) {
    Timekeeper::Setup setup{config.place, boot_id()};
    // In a reduced mode the journal may know no time, but the release that plays has an age.
    if (start.mode != RunMode::normal)
        setup.earliest = content::read_last_contact({store_of(start).root()}).value_or(Instant{});
    return setup;
}

std::optional<std::uint64_t> free_bytes(const std::string& folder) {
    std::error_code ec;
    const auto space = std::filesystem::space(folder, ec);
    return ec ? std::nullopt : std::optional<std::uint64_t>(space.available);
}

Concern concern_of(FollowFault fault) {
    switch (fault) {
        case FollowFault::unreachable:
            return Concern::channel;
        case FollowFault::unusable:
            return Concern::channel_unusable;
        case FollowFault::no_room:
            return Concern::no_room;
        case FollowFault::disk:
            return Concern::no_write;
    }
    assert(false && "a fault of the enumeration");
    return Concern::channel;
}

}  // namespace

Board::Board(asio::io_context& loop, Config config, const SystemPaths& system, StartDecision& start,
             const std::vector<std::string>& leftovers, std::function<void()> on_restart)
    : config_(std::move(config)),
      system_(system),
      start_(start),
      journal_(Journal::for_playing(start.folder + "/journal.db", config_.place)),
      store_(store_of(start)),
      time_(journal_, time_setup(config_, start)),
      guard_(
          start, config_.safe_mode, time_.read().monotonic,
          [this] { return !check_state_folder(config_.state, config_.own_partition); },
          [this] { return can_read_settings(start_.settings_file); }),
      outlets_(loop, config_, start.folder, store_.root() + "/media", journal_, time_,
               [this] {
                   if (auto* follower = follower_.get()) follower->visit_soon();
               }),
      stager_(loop, store_, staging_setup(config_, start), time_, journal_,
              [this](const auto& programme) { outlets_.play(programme); }),
      routes_([this] { return view(); }, outlets_.files()),
      poll_(loop, 5s, [this, on_restart = std::move(on_restart)] { poll(on_restart); }),
      minute_(loop, 60s,
              [this] {
                  time_.save_if_synchronised();
                  keep_journal();
              }),
      salvage_timer_(loop, 100ms, [this] { salvage(); }) {
    update_setup_ = update_setup(config_, system_, store_.root());
    prepare_journal(leftovers);
    start_playing();
    time_.save_if_synchronised();
    start_optional_parts(loop);
    show_stick_notice();
    poll_.start();
    minute_.start();
    begin_salvage();
}

void Board::stop() {
    if (auto* follower = follower_.get()) follower->stop();
    poll_.stop();
    minute_.stop();
    salvage_timer_.stop();
    time_.save();
    if (auto* reporter = reporter_.get()) reporter->stop();
    outlets_.stop();
}

bool Board::is_busy() const {
    return outlets_.is_planning() || (follower_.get() && follower_.get()->is_visiting()) ||
           (reporter_.get() && reporter_.get()->is_busy());
}

/// What the last run left open or kept elsewhere. None of it may keep the outlets from playing.
void Board::prepare_journal(const std::vector<std::string>& leftovers) {
    try {
        const auto cut = journal_.close_interrupted("the board stopped or lost power while this was on air");
        if (cut > 0) spdlog::info("{} airings were cut off when the board last stopped", cut);
    } catch (const std::exception& e) {
        spdlog::error("{}", e.what());
    }
    keep_journal();
    if (normal()) take_over_journals(leftovers);
}

void Board::take_over_journals(const std::vector<std::string>& leftovers) {
    for (const auto& folder : leftovers) {
        try {
            const auto count = merge_leftover_journal(journal_, folder, config_.place, time_.read().now);
            if (count > 0) spdlog::info("{} airings were taken over from {}", count, folder);
        } catch (const std::exception& e) {
            spdlog::error("{}", e.what());
        }
    }
}

void Board::start_playing() {
    if (start_.factory)
        stager_.load_factory_loop();
    else
        stager_.load_current();
    if (!stager_.programme()) outlets_.play(nullptr);
    if (stager_.programme() && stager_.fault().empty())
        began_with_ = content::base_of(stager_.programme()->content->release);
}

std::string Board::survived_release() const {
    return guard_.is_stable() ? began_with_ : std::string{};
}

void Board::start_optional_parts(asio::io_context& loop) {
    const auto now = time_.read().monotonic;
    server_.begin(now, [this, &loop] { return make_server(loop); });
    sticks_.begin(now, [this] { return std::make_unique<StickMonitor>(config_.state); });
    if (config_.office) reporter_.begin(now, [this, &loop] { return make_reporter(loop); });
    if (!normal()) return;
    if (update_setup_) update_.begin(now, [this] { return make_update_runner(); });
    nearby_.begin(now, [this] {
        return std::make_unique<NearbySharing>(config_.nearby, config_.place, store_.root() + "/media");
    });
    follower_.begin(now, [this, &loop] { return make_follower(loop); });
}

std::unique_ptr<http::Server> Board::make_server(asio::io_context& loop) {
    auto hosts = http::names_of_this_machine();
    hosts.insert(hosts.end(), config_.hosts.begin(), config_.hosts.end());
    auto server = std::make_unique<http::Server>(
        loop, config_.listen, only_for(http::AllowedHosts(std::move(hosts)), [this](const auto& request) {
            return routes_.respond(request);
        }));
    spdlog::info("status page on port {}", server->port());
    tell_status_address(system_.status_address(), own_address(config_.listen, server->port()));
    return server;
}

std::unique_ptr<Reporter> Board::make_reporter(asio::io_context& loop) {
    auto setup = report_setup(config_);
    setup.now = [this] { return time_.read().now; };
    setup.on_office_time = [this](Instant says) { time_.hear(TimeWitness::office, says); };
    return std::make_unique<Reporter>(
        loop, std::move(setup), journal_, [this] { return health_json(view(), free_bytes(config_.state)); },
        [this] { return health_trigger(outlets_.views(), stager_.fault() + refused_release()); });
}

std::string Board::refused_release() {
    const auto* follower = follower_.get();
    return follower && follower->refusal() ? follower->refusal()->release : std::string{};
}

std::unique_ptr<Follower> Board::make_follower(asio::io_context& loop) {
    auto setup = follow_setup(config_, store_.root());
    setup.nearby = [this] { return nearby_.get() ? nearby_.get()->found() : std::vector<std::string>{}; };
    setup.survived = [this] { return survived_release(); };
    setup.options.require_playable = [this](const content::Facts& facts) {
        require_playable(facts, config_.place, time_.read().now);
    };
    setup.on_timestamp = [this](Instant made) { time_.hear(TimeWitness::channel, made); };
    if (config_.office)
        setup.on_tree_head = [this](const std::string& head) {
            if (auto* reporter = reporter_.get()) reporter->compare_with(head);
        };
    setup.image = [this]() -> std::optional<content::SystemImageRequest> {
        const auto* update = update_.get();
        if (!update) return {};
        return update->request([this] { return time_.read().now; });
    };
    setup.on_image = [this](const content::ImageResult& visit) {
        if (auto* update = update_.get()) update->hear(visit);
    };
    auto follower = std::make_unique<Follower>(
        loop, std::move(setup), [this] { return time_.read(); }, [this] { return outlets_.media_in_use(); },
        [this](bool changed) {
            if (changed || !stager_.programme() || !stager_.fault().empty()) stager_.read_current();
            return stager_.programme() != nullptr || stager_.is_reading();
        });
    follower->start();
    return follower;
}

void Board::retry_parts() {
    const auto now = time_.read().monotonic;
    server_.retry(now);
    sticks_.retry(now);
    reporter_.retry(now);
    nearby_.retry(now);
    follower_.retry(now);
    update_.retry(now);
}

void Board::poll(const std::function<void()>& on_restart) {
    time_.advance();
    try {
        if (guard_.poll(time_.read().monotonic, outlets_.progress()) == CrashLoopGuard::Verdict::restart)
            return on_restart();
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
    time_.record_time_fix(outlets_.on_air_needs_time_fix());
    retry_parts();
    show_stick_notice();
    poll_update();
}

/// Moves the journal to where it can be kept, and stores what this run has to.
void Board::keep_journal() {
    try {
        const bool rotated = journal_.rotate_if_damaged(), returned = journal_.return_to_file();
        if (rotated) spdlog::error("{}", journal_.why_rotated());
        if (returned) spdlog::info("the journal is in its file again");
        if (rotated || returned) begin_salvage();
        static_cast<void>(journal_.make_room(journal_limit, removed_at_once));
        if (!normal()) store_reduced_mode(journal_, start_);
    } catch (const std::exception& e) {
        spdlog::error("{}", e.what());
    }
    time_.update_present_since();
}

void Board::begin_salvage() {
    if (!normal() || !journal_.why_in_memory().empty()) return;
    salvage_.emplace(journal_, start_.folder);
    salvage_timer_.start();
}

/// What cannot be written now is tried again at the next start of the board.
void Board::salvage() {
    try {
        if (salvage_->step()) return;
        if (salvage_->copied() > 0)
            spdlog::info("{} airings were found in journals that had been set aside", salvage_->copied());
    } catch (const std::exception& e) {
        spdlog::error("{}", e.what());
    }
    salvage_timer_.stop();
    salvage_.reset();
}

void Board::show_stick_notice() {
    const auto now = time_.read().monotonic;
    sticks_.use(now, [&](StickMonitor& sticks) {
        sticks.poll(now);
        const auto& programme = stager_.programme();
        outlets_.show(
            sticks.screen_notice(programme ? languages_of(programme->place) : std::vector<std::string>{}));
    });
}

std::unique_ptr<UpdateRunner> Board::make_update_runner() {
    auto update = std::make_unique<UpdateRunner>(*update_setup_, time_.read().monotonic);
    if (const auto& programme = stager_.programme()) update->set_tags(programme->place.tags);
    return update;
}

void Board::poll_update() {
    const auto& programme = stager_.programme();
    const auto clock = time_.read();
    update_.use(clock.monotonic, [&](UpdateRunner& update) {
        if (programme) update.set_tags(programme->place.tags);
        update.poll(clock, place_hours(config_, programme ? &programme->place : nullptr));
    });
}

std::vector<PartFault> Board::part_faults() const {
    std::vector<PartFault> faults;
    for (const auto* fault : {&server_.fault(), &reporter_.fault(), &nearby_.fault(), &follower_.fault(),
                              &sticks_.fault(), &update_.fault()})
        if (*fault) faults.push_back(**fault);
    if (const auto& why = journal_.why_in_memory(); !why.empty()) faults.push_back({BoardPart::journal, why});
    return faults;
}

ViewParts Board::view_parts() const {
    ViewParts parts;
    parts.place_id = config_.place;
    parts.contact = config_.contact;
    parts.clock = time_.read();
    parts.mode = start_.mode;
    parts.reduced_reason = start_.reason;
    parts.settings_fault = start_.settings_fault;
    parts.factory = start_.factory;
    parts.programme = stager_.programme();
    parts.staging_fault = stager_.fault();
    if (auto* follower = follower_.get())
        parts.channel = {follower->fault(),
                         concern_of(follower->fault_kind()),
                         follower->describe_activity(),
                         follower->source_faults(),
                         follower->damage(),
                         follower->refusal()};
    parts.rendition_faults = outlets_.rendition_faults();
    parts.absent = part_faults();
    try {
        parts.journal = {
            journal_.state(), journal_.why_rotated(), reduced_run_notice(journal_, parts.clock.now),
            journal_.fact(content::journal_facts::set_aside_records).value_or(content::SetAsideNotes{})};
    } catch (const Error& e) {  // the page shows the rest
        parts.absent.push_back({BoardPart::journal, e.what()});
    }
    if (const auto* sticks = sticks_.get()) parts.stick = sticks->status(parts.clock.monotonic);
    if (const auto* reporter = reporter_.get()) parts.report = reporter->view();
    if (const auto* update = update_.get()) {
        parts.system = update->view();
    } else if (update_setup_) {
        const auto& system = update_setup_->system;
        parts.system = SystemView{{.version = system.version.text()}, system.compatible, false};
    }
    return parts;
}

BoardView Board::view() const {
    return make_board_view(view_parts(), outlets_.views());
}

}  // namespace riverlight::firmware
