#include "firmware/board.hpp"

#include <spdlog/spdlog.h>

#include <cassert>
#include <filesystem>
#include <optional>
#include <utility>

#include "content/store/layout.hpp"
#include "firmware/setup.hpp"
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

}  // namespace

Board::Board(asio::io_context& loop, Config config, StartDecision& start,
             const std::vector<std::string>& leftovers, std::function<void()> on_restart)
    : config_(std::move(config)),
      start_(start),
      journal_(start.folder + "/journal.db", config_.place),
      store_(store_of(start)),
      time_(journal_, time_setup(config_, start)),
      guard_(start, config_.safe_mode, time_.read().monotonic,
             [this] { return !check_state_folder(config_.state, config_.own_partition); }),
      stick_(config_.state),
      outlets_(loop, config_, start.folder, store_.root() + "/media", journal_, time_),
      stager_(loop, store_, staging_setup(config_, start), time_, journal_,
              [this](const auto& programme) { outlets_.play(programme); }),
      routes_([this] { return view(); }, outlets_.files()),
      server_(loop, config_.listen, [this](const auto& request) { return routes_.respond(request); }),
      poll_(loop, 5s, [this, on_restart = std::move(on_restart)] { poll(on_restart); }),
      minute_(loop, 60s, [this] {
          time_.save_if_synchronised();
          keep_journal();
      }) {
    const auto cut = journal_.close_interrupted("the board stopped or lost power while this was on air");
    if (cut > 0) spdlog::info("{} airings were cut off when the board last stopped", cut);
    keep_journal();
    if (normal()) take_over_journals(leftovers);
    if (config_.office) start_reporting(loop);
    start_playing();
    time_.save_if_synchronised();
    show_stick_notice();
    poll_.start();
    minute_.start();
    if (normal()) start_following(loop);
}

void Board::stop() {
    if (follower_) follower_->stop();
    poll_.stop();
    minute_.stop();
    time_.save();
    if (reporter_) reporter_->stop();
    outlets_.stop();
}

bool Board::is_transferring() const {
    return (follower_ && follower_->is_visiting()) || (reporter_ && reporter_->is_busy());
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
}

void Board::start_reporting(asio::io_context& loop) {
    auto setup = report_setup(config_);
    setup.now = [this] { return time_.read().now; };
    reporter_ = std::make_unique<Reporter>(
        loop, std::move(setup), journal_, [this] { return health_json(view(), free_bytes(config_.state)); },
        [this] { return health_trigger(outlets_.views(), stager_.fault()); });
}

void Board::start_following(asio::io_context& loop) {
    nearby_ = std::make_unique<NearbySharing>(config_.nearby, config_.place, store_.root() + "/media");
    auto setup = follow_setup(config_, store_.root());
    setup.nearby = [this] { return nearby_->found(); };
    follower_ = std::make_unique<Follower>(
        loop, std::move(setup), [this] { return time_.read(); }, [this] { return outlets_.media_in_use(); },
        [this](bool changed) {
            if (changed || !stager_.programme()) stager_.load_current();
            return stager_.programme() != nullptr;
        });
    follower_->start();
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
    show_stick_notice();
}

/// Starts a new epoch if the journal's file is damaged, and stores what this run has to.
void Board::keep_journal() {
    try {
        if (journal_.rotate_if_damaged()) spdlog::error("{}", journal_.why_rotated());
        if (!normal()) store_reduced_mode(journal_, start_);
    } catch (const Error& e) {
        spdlog::error("{}", e.what());
    }
    time_.update_present_since();
}

void Board::show_stick_notice() {
    stick_.poll(time_.read().monotonic);
    const auto& programme = stager_.programme();
    outlets_.show(
        stick_.screen_notice(programme ? languages_of(programme->place) : std::vector<std::string>{}));
}

ViewParts Board::view_parts() const {
    ViewParts parts;
    parts.place_id = config_.place;
    parts.clock = time_.read();
    parts.mode = start_.mode;
    parts.reduced_reason = start_.reason;
    parts.factory = start_.factory;
    parts.programme = stager_.programme();
    parts.staging_fault = stager_.fault();
    if (follower_)
        parts.channel = {follower_->fault(), follower_->describe_activity(), follower_->source_faults(),
                         follower_->damage()};
    parts.rendition_faults = outlets_.rendition_faults();
    parts.journal = {journal_.state(), journal_.why_rotated(), reduced_run_notice(journal_, parts.clock.now)};
    parts.stick = stick_.status(parts.clock.monotonic);
    if (reporter_) parts.report = reporter_->view();
    return parts;
}

BoardView Board::view() const {
    return make_board_view(view_parts(), outlets_.views());
}

}  // namespace riverlight::firmware
