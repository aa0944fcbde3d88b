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
    note_fault(load());
    fetch();
}

ChannelFollower::~ChannelFollower() {
    if (worker_.joinable()) worker_.join();
}

void ChannelFollower::stop() {
    stopping_ = true;
    timer_.cancel();
}

std::shared_ptr<const Release> ChannelFollower::release() const {
    const std::lock_guard lock(mutex_);
    return release_;
}

std::string ChannelFollower::fault() const {
    const std::lock_guard lock(mutex_);
    return fault_;
}

void ChannelFollower::note_fault(const std::string& fault) {
    const std::lock_guard lock(mutex_);
    if (fault != fault_ && !fault.empty()) spdlog::warn("channel: {}", fault);
    fault_ = fault;
}

PlaceFacts ChannelFollower::place_facts(const std::string& id) const {
    const auto current = release();
    const auto* place = current ? current->content.catalogue.place(id) : nullptr;
    return place ? PlaceFacts{place->country, place->zone, current->day_start(*place)} : PlaceFacts{};
}

/// Makes the stored release the current one, if it is another. Returns why it could not; empty: it is.
std::string ChannelFollower::load() {
    try {
        auto loaded = content::Store(settings_.folder).load();
        const auto current = release();
        if (!loaded || (current && current->content.release == loaded->release)) return {};
        auto next = std::make_shared<Release>();
        for (const auto& [name, text] : loaded->schedules)
            next->schedules.emplace(name, scheduler::read_schedule_json(text, name));
        next->content = std::move(*loaded);
        spdlog::info("plans come from release {} now", next->content.release);
        {
            const std::lock_guard lock(mutex_);
            release_ = std::move(next);
        }
        boost::asio::post(loop_, on_release_);
        return {};
    } catch (const Error& e) {
        return e.what();
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
        note_fault(fault.empty() ? load() : fault);
        fetching_ = false;
        boost::asio::post(loop_, [this] { fetched(); });
    });
}

void ChannelFollower::fetched() {
    if (stopping_) return;
    timer_.expires_after(settings_.poll_every);
    timer_.async_wait([this](const auto& ec) {
        if (!ec) fetch();
    });
}

}  // namespace riverlight::office
