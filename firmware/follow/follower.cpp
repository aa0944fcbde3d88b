// Two threads meet here: the loop's, which owns everything, and one visit's worker, which gets copies and
// answers by posting to the loop. The worker never touches a member but the atomics, the
// rationing and the standing of sources, which guard themselves.
#include "firmware/follow/follower.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "content/store/scrub.hpp"
#include "content/store/space.hpp"
#include "firmware/follow/outlook.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t scrubbed_at_once = 64U << 20;  // bytes read back after each visit that brings nothing
constexpr auto watch_every = 2s;

/// Changes whenever a file is replaced.
std::string identity(const std::string& path) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) return {};
    return std::to_string(s.st_ino) + ' ' + std::to_string(s.st_mtim.tv_sec) + ' ' +
           std::to_string(s.st_mtim.tv_nsec);
}

std::string damage_words(const std::vector<std::string>& damaged) {
    return std::to_string(damaged.size()) +
           (damaged.size() == 1 ? " file was found damaged on this board's disk ("
                                : " files were found damaged on this board's disk (") +
           damaged.front() + (damaged.size() > 1 ? ", …" : "") +
           "), removed, and is fetched again. If this goes on, the disk is failing: replace it.";
}

}  // namespace

Follower::Follower(boost::asio::io_context& loop, FollowSetup setup, std::function<ClockReading()> clock,
                   std::function<std::set<std::string>()> in_use, std::function<bool(bool)> take)
    : loop_(loop),
      setup_(std::move(setup)),
      clock_(std::move(clock)),
      in_use_(std::move(in_use)),
      take_(std::move(take)),
      check_(loop),
      watch_(loop),
      rationing_(setup_.rules, setup_.budget_file, clock_) {}

Follower::~Follower() {
    ending_ = true;
    if (worker_.joinable()) worker_.join();
}

void Follower::start() {
    seen_ = identity(content::StoreLayout{setup_.options.store_root}.current());
    look();
    watch();
}

void Follower::stop() {
    stopping_ = true;
    ending_ = true;
    check_.cancel();
    watch_.cancel();
    rationing_.save();
}

content::SyncOptions Follower::options() {
    auto options = setup_.options;
    options.in_use = in_use_();
    options.air_times = [this, place = options.place, now = clock_().now](const content::Facts& facts) {
        if (const auto* here = facts.catalogue.place(place)) rationing_.zone_is(here->zone);
        return outlook_at(facts, place, now);
    };
    options.mirror_health = standing_;
    options.bandwidth_limit = [this] { return rationing_.now().pace; };
    options.received = [this](std::uint64_t bytes) { rationing_.received(bytes); };
    if (setup_.nearby) options.nearby = setup_.nearby();
    options.on_early = [this] {
        boost::asio::post(loop_, [this] {
            if (!stopping_) static_cast<void>(take_(true));
        });
    };
    return options;
}

void Follower::look() {
    if (stopping_) return;
    if (worker_.joinable()) worker_.join();
    busy_ = true;
    done_ = total_ = 0;
    const auto clock = clock_();
    const content::ClockReading moment(clock.now, clock.state == content::ClockState::synchronised);
    worker_ = std::thread([this, options = options(), moment] {
        auto how = visit(options, moment);
        busy_ = false;
        boost::asio::post(loop_, [this, how = std::move(how)] { looked(how); });
    });
}

Follower::Looked Follower::visit(const content::SyncOptions& options, content::ClockReading moment) {
    Looked how;
    try {
        const auto result = content::sync_channel(
            options, moment, [this](const std::string&, std::uint64_t done, std::uint64_t total) {
                done_ = done;
                total_ = total;
            });
        how.changed = result.changed || result.later_contact;
        how.waiting = result.deferred;
        for (const auto& alarm : result.alarms) spdlog::warn("channel: {}", alarm);
    } catch (const content::NoRoom& e) {
        how.fault = std::string("there is ") + e.what();
    } catch (const std::exception& e) {
        how.fault = e.what();
    }
    rationing_.save();
    if (how.changed) return how;
    try {
        content::work_in_idle_time();
        how.damaged = content::scrub(options.store_root, scrubbed_at_once, ending_).damaged;
    } catch (const std::exception& e) {
        spdlog::warn("store: {}", e.what());
    }
    return how;
}

void Follower::looked(const Looked& how) {
    if (stopping_) return;
    // Somebody else may have changed the store meanwhile, however the visit went.
    const auto before =
        std::exchange(seen_, identity(content::StoreLayout{setup_.options.store_root}.current()));
    waiting_ = how.waiting;
    const bool on = take_(before != seen_ || (how.fault.empty() && how.changed));
    if (how.fault != fault_ && !how.fault.empty()) spdlog::warn("channel: {}", how.fault);
    fault_ = how.fault;
    if (fault_.empty() && how.damaged.empty()) damage_.clear();
    if (!how.damaged.empty()) {
        damage_ = damage_words(how.damaged);
        spdlog::error("{}", damage_);
    }
    check_.expires_after(how.damaged.empty() ? until_next(on) : 1s);
    check_.async_wait([this](const auto& ec) {
        if (!ec) look();
    });
}

/// The next look: as set up, soon while nothing is on, and on the dot where a window opens.
std::chrono::microseconds Follower::until_next(bool on) {
    std::chrono::microseconds wait =
        on || fault_.empty() ? setup_.check : std::min<std::chrono::seconds>(setup_.check, 10s);
    if (waiting_.files == 0) return wait;
    const auto ration = rationing_.now();
    if (ration.opens)
        wait = std::min(wait, std::max<std::chrono::microseconds>(*ration.opens - clock_().now, 1s));
    return wait;
}

std::string Follower::doing() {
    auto words = rationing_.words(waiting_);
    const std::uint64_t done = done_, total = total_;
    if (busy_ && total > done)
        words = "Fetches media: " + content::format_size(done) + " of " + content::format_size(total) + '.';
    const auto budget = rationing_.budget_words();
    return words + (words.empty() || budget.empty() ? "" : " ") + budget;
}

std::vector<std::string> Follower::complaints() const {
    std::vector<std::string> out;
    const auto& mirrors = setup_.options.mirrors;
    for (const auto& one : standing_->suspended()) {
        const bool source = one.url == setup_.options.channel_url ||
                            std::find(mirrors.begin(), mirrors.end(), one.url) != mirrors.end();
        // A channel without mirrors has its fault; a board nearby may come and go.
        if (source ? mirrors.empty() : one.fault != content::SourceFault::bad_content) continue;
        out.push_back((source ? "The source " : "The board at ") + content::without_login(one.url) +
                      " is left aside for " + std::to_string(one.left.count()) + " min: " + one.why);
    }
    return out;
}

void Follower::watch() {
    watch_.expires_after(watch_every);
    watch_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        const auto now = identity(content::StoreLayout{setup_.options.store_root}.current());
        if (now != seen_ && !busy_) {
            seen_ = now;
            static_cast<void>(take_(true));
        }
        watch();
    });
}

}  // namespace riverlight::firmware
