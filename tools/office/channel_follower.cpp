#include "tools/office/channel_follower.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <cassert>

#include "content/sync/sync.hpp"
#include "scheduler/campaign/cost.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::office {

std::optional<KeptPlan> Release::plan(const std::string& id, std::chrono::local_days day) const {
    const auto* place = content.catalogue.place(id);
    if (!place) return std::nullopt;
    const auto schedule = schedules.find(place->schedule);
    if (schedule == schedules.end()) return std::nullopt;
    return kept_plan_of(scheduler::plan_day(schedule->second, content.catalogue, *place, day, 0),
                        schedule->second, content.release);
}

std::chrono::minutes Release::day_start(const content::Place& place) const {
    const auto schedule = schedules.find(place.schedule);
    return schedule == schedules.end() ? std::chrono::minutes{0} : schedule->second.day_start;
}

ChannelFollower::ChannelFollower(boost::asio::io_context& loop, FollowedChannel settings,
                                 std::function<Instant()> now, std::function<void()> on_release)
    : loop_(loop),
      settings_(std::move(settings)),
      now_(std::move(now)),
      on_release_(std::move(on_release)),
      timer_(loop) {
    load();
    fetch();
}

ChannelFollower::~ChannelFollower() {
    if (worker_.joinable()) worker_.join();
}

void ChannelFollower::stop() {
    stopping_ = true;
    timer_.cancel();
}

PlaceFacts ChannelFollower::place_facts(const std::string& id) const {
    const auto* place = release_ ? release_->content.catalogue.place(id) : nullptr;
    return place ? PlaceFacts{place->country, place->zone, release_->day_start(*place)} : PlaceFacts{};
}

void ChannelFollower::load() {
    try {
        auto loaded = content::Store(settings_.folder).load();
        if (!loaded || (release_ && release_->content.release == loaded->release)) return;
        auto next = std::make_shared<Release>();
        for (const auto& [name, text] : loaded->schedules)
            next->schedules.emplace(name, scheduler::read_schedule_json(text, name));
        next->content = std::move(*loaded);
        release_ = std::move(next);
        spdlog::info("plans come from release {} now", release_->content.release);
        boost::asio::post(loop_, on_release_);
    } catch (const Error& e) {
        fault_ = e.what();
        spdlog::error("{}", e.what());
    }
}

void ChannelFollower::fetch() {
    if (stopping_ || settings_.url.empty()) return;
    assert(!fetching_);
    if (worker_.joinable()) worker_.join();
    content::SyncOptions options;
    options.channel_url = settings_.url;
    options.store_root = settings_.folder;
    options.trusted_root = settings_.trusted_root;
    options.ca_file = settings_.ca_file;
    options.facts_only = true;
    // Plans are made for every place.
    options.require_playable = [](const content::Facts& facts) {
        for (const auto& [name, text] : facts.schedules) {
            const auto schedule = scheduler::read_schedule_json(text, name);
            if (const auto found = scheduler::find_too_costly(schedule, facts.catalogue, name))
                throw Error(found->text());
        }
    };
    fetching_ = true;
    worker_ = std::thread([this, options, now = now_()] {
        std::string fault;
        try {
            const auto result = content::sync_channel(options, now, {});
            if (result.refused)
                fault =
                    "release " + result.refused->release + " cannot be planned from: " + result.refused->why;
        } catch (const std::exception& e) {
            fault = e.what();
        }
        fetching_ = false;
        boost::asio::post(loop_, [this, fault] { fetched(fault); });
    });
}

void ChannelFollower::fetched(const std::string& fault) {
    if (stopping_) return;
    if (fault != fault_ && !fault.empty()) spdlog::warn("channel: {}", fault);
    fault_ = fault;
    if (fault.empty()) load();
    timer_.expires_after(settings_.poll_every);
    timer_.async_wait([this](const auto& ec) {
        if (!ec) fetch();
    });
}

}  // namespace riverlight::office
