#include "firmware/outlet/outlet_runner.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <filesystem>
#include <optional>
#include <utility>
#include <variant>

#include "content/base/error.hpp"
#include "content/base/files.hpp"

namespace riverlight::firmware {
namespace {

constexpr int polls_between_checks = 25;  // five seconds

}  // namespace

OutletRunner::OutletRunner(boost::asio::io_context& loop, const OutletSetup& setup, Journal& journal,
                           std::function<ClockReading()> clock)
    : loop_(loop),
      clock_(std::move(clock)),
      log_(journal, setup.id),
      supervisor_(setup, log_, UnexpectedEvent::ignore),
      planner_(loop, [this](MadePlan made) { handle(PlanMade{std::move(made)}); }),
      folders_(folder_limits(setup)),
      timer_(loop) {
    make_own_folder(std::filesystem::path(setup.player.folder).parent_path().string());
    make_own_folder(setup.player.folder);
    make_own_folder(setup.player.media);  // a player opens it when it starts
    poll();
}

OutletRunner::~OutletRunner() = default;

void OutletRunner::play(std::shared_ptr<const Programme> programme) {
    handle(ProgrammeArrived{std::move(programme)});
}

void OutletRunner::show(player::Notice notice) {
    handle(NoticeChanged{std::move(notice)});
}

void OutletRunner::stop() {
    timer_.cancel();
    handle(StopRequested{});
}

void OutletRunner::handle(const OutletEvent& event) {
    std::optional<OutletEvent> result;  // of what could not be carried out
    for (const auto& action : supervisor_.handle(event, clock_()))
        if (auto told = carry_out(action)) result = std::move(told);
    if (result) handle(*result);
}

std::optional<OutletEvent> OutletRunner::carry_out(const OutletAction& action) {
    if (const auto* const start = std::get_if<StartPlayer>(&action)) {
        try {
            start_player(start->command_line);
        } catch (const Error& e) {
            return PlayerStartFailed{e.what()};
        }
    } else if (const auto* const plan = std::get_if<MakePlan>(&action)) {
        planner_.make(plan->request);
    } else if (const auto* const command = std::get_if<player::Command>(&action)) {
        if (player_) player_->send(*command);
    } else if (player_) {
        player_->kill();
    } else {  // supervisor and runner disagree: a bug, and a new player ends it
        return PlayerEnded{"the player is not running"};
    }
    return {};
}

void OutletRunner::start_player(const std::vector<std::string>& command_line) {
    player_.reset();
    player_ = std::make_unique<PlayerProcess>(
        loop_, command_line, [this](const player::Event& event) { handle(PlayerReported{event}); },
        [this](const std::string& why) {
            // The process object is still in use by its caller.
            boost::asio::post(loop_, [ended = std::shared_ptr<PlayerProcess>(std::move(player_))] {});
            handle(PlayerEnded{why});
        });
}

/// The next poll is due an interval after this one began, however long it takes: the supervisor takes a
/// longer gap for time in which the board was not listening.
void OutletRunner::poll() {
    timer_.expires_after(PlayerLife::poll_interval);
    timer_.async_wait([this](const auto& error) {
        if (error || supervisor_.is_stopping()) return;
        poll();
        check_folders();
        handle(TimePassed{player_ ? player_->waited_for_processor() : std::nullopt});
    });
}

/// A player that writes more than its outlet needs is ended, and what it wrote removed.
void OutletRunner::check_folders() {
    if (!player_ || ++polls_ < polls_between_checks) return;
    polls_ = 0;
    for (const auto& limit : folders_) {
        const auto excess = find_excess(limit);
        if (!excess) continue;
        spdlog::error("{}; it is ended, and the folder cleared", *excess);
        player_->kill(*excess);
        clear_folder(limit);
    }
}

}  // namespace riverlight::firmware
