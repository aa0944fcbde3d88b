// Two threads: the loop's, which owns everything, and one visit's worker, which gets copies and posts its
// result to the loop. The worker uses only those members that guard themselves: the atomics, the bandwidth
// policy, the mirror health.
#include "firmware/follow/follower.hpp"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <limits>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/priority.hpp"
#include "content/store/scrub.hpp"
#include "content/store/space.hpp"
#include "firmware/follow/air_times.hpp"
#include "firmware/follow/visit_jitter.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t scrubbed_at_once = 64U << 20;  // bytes read back after each visit without news
constexpr auto watch_every = 2s;
/// A card that wears out is noticed by people, even if everything is repaired at once.
constexpr auto damage_is_told = 24h;
/// From the end of a visit to one that visit_soon() asks for: a disk may go on failing.
constexpr auto least_pause = 10s, soon = 1s;
constexpr auto all_bits = std::numeric_limits<std::uint32_t>::max();
constexpr std::chrono::seconds least_media_time = 8s, most_media_time = 6h;
/// Between two visits that fetch media, so that a stick gets the store.
constexpr auto between_media = 2s;
constexpr auto tree_head_every = 6h;

/// A text that changes whenever the file is replaced; empty if there is none.
std::string version_of(const std::string& path) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) return {};
    return std::to_string(s.st_ino) + ' ' + std::to_string(s.st_mtim.tv_sec) + ' ' +
           std::to_string(s.st_mtim.tv_nsec);
}

/// `2 files (a, …)`; `files` is not empty.
std::string describe_files(const std::vector<std::string>& files) {
    return std::to_string(files.size()) + (files.size() == 1 ? " file (" : " files (") + files.front() +
           (files.size() > 1 ? ", …)" : ")");
}

std::string describe_damage(const std::vector<std::string>& damaged,
                            const std::vector<std::string>& repaired) {
    std::string text;
    if (!damaged.empty())
        text += describe_files(damaged) + " found damaged on this board's disk: to be fetched again. ";
    if (!repaired.empty())
        text += describe_files(repaired) + " found damaged, and written again from the second copy. ";
    return text + "If this goes on, the disk is failing: replace it.";
}

FollowFault kind_of(const std::exception& fault) {
    const auto is = [&fault](auto* kind) { return dynamic_cast<decltype(kind)>(&fault) != nullptr; };
    const content::TrustError* untrusted = nullptr;
    const content::ContentMismatch* other_bytes = nullptr;
    const ReadError* unreadable = nullptr;
    const DiskFault* disk = nullptr;
    if (is(untrusted) || is(other_bytes) || is(unreadable)) return FollowFault::unusable;
    return is(disk) ? FollowFault::disk : FollowFault::unreachable;
}

}  // namespace

Follower::Follower(boost::asio::io_context& loop, FollowSetup setup, std::function<ClockReading()> clock,
                   std::function<std::set<std::string>()> in_use, std::function<bool(bool)> on_store)
    : loop_(loop),
      setup_(std::move(setup)),
      clock_(std::move(clock)),
      in_use_(std::move(in_use)),
      on_store_(std::move(on_store)),
      visit_timer_(loop),
      watch_timer_(loop),
      bandwidth_(setup_.rules, setup_.budget_file, clock_),
      media_time_(next_media_time({})) {}

Follower::~Follower() {
    ending_ = true;
    if (worker_.joinable()) worker_.join();
}

void Follower::start() {
    look_at_store();
    start_visit();
    watch_store();
}

void Follower::visit_soon() {
    if (stopping_) return;
    asked_ = visiting_;
    const auto wait = time_to_asked_visit();
    if (!visiting_ && visit_timer_.expiry() > std::chrono::steady_clock::now() + wait) start_visit_in(wait);
}

std::chrono::microseconds Follower::time_to_asked_visit() const {
    return std::max<std::chrono::microseconds>(soon, visit_ended_ + least_pause - clock_().monotonic);
}

void Follower::start_visit_in(std::chrono::microseconds wait) {
    visit_timer_.expires_after(wait);
    visit_timer_.async_wait([this](const auto& ec) {
        if (!ec) start_visit();
    });
}

void Follower::stop() {
    stopping_ = true;
    ending_ = true;
    visit_timer_.cancel();
    watch_timer_.cancel();
    bandwidth_.save();
}

content::SyncOptions Follower::visit_options() {
    auto options = setup_.options;
    options.in_use = in_use_();
    options.air_times = [this, place = options.place, now = clock_().now](const content::Facts& facts) {
        if (const auto* here = facts.catalogue.place(place)) bandwidth_.set_zone(here->zone);
        return plan_air_times(facts, place, now);
    };
    options.mirror_health = mirror_health_;
    options.bandwidth_limit = [this] { return bandwidth_.decide().limit; };
    options.media_time_over = [until = std::chrono::steady_clock::now() + media_time_] {
        return std::chrono::steady_clock::now() >= until;
    };
    options.received = [this](std::uint64_t bytes) { bandwidth_.count_received(bytes); };
    options.wants_tree_head =
        setup_.on_tree_head && (!head_asked_ || clock_().monotonic - *head_asked_ >= tree_head_every);
    if (setup_.image) options.image = setup_.image();
    if (setup_.survived) options.survived = setup_.survived();
    if (setup_.nearby) options.nearby = setup_.nearby();
    options.on_early = [this] {
        boost::asio::post(loop_, [this] {
            if (!stopping_) static_cast<void>(on_store_(true));
        });
    };
    return options;
}

void Follower::start_visit() {
    if (stopping_) return;
    assert(!visiting_ && "one visit at a time");
    if (worker_.joinable()) worker_.join();
    visiting_ = true;
    done_ = total_ = 0;
    const auto clock = clock_();
    const content::UpdateTime visit_clock(clock.now, clock.state == content::ClockState::synchronised);
    worker_ = std::thread([this, options = visit_options(), visit_clock] {
        give_way_to_players();
        auto result = visit(options, visit_clock);
        visiting_ = false;
        boost::asio::post(loop_, [this, result = std::move(result)] { finish_visit(result); });
    });
}

Follower::VisitResult Follower::visit(const content::SyncOptions& options, content::UpdateTime clock) {
    VisitResult result;
    auto watched = options;
    watched.on_damage = [&](const std::string& path) { result.repaired.push_back(path); };
    try {
        const auto synced = content::sync_channel(
            watched, clock, [this](const std::string&, std::uint64_t done, std::uint64_t total) {
                done_ = done;
                total_ = total;
            });
        result.changed = synced.changed || synced.later_contact;
        result.deferred = synced.deferred;
        if (options.image) result.image = synced.image;
        // A bundle that is still to come is fetched on as media are, after them.
        if (synced.deferred.files == 0) result.deferred = synced.image.left;
        result.made = synced.made;
        result.tree_head = synced.tree_head;
        result.asked_tree_head = options.wants_tree_head;
        for (const auto& alarm : synced.alarms) spdlog::warn("channel: {}", alarm);
    } catch (const content::NoRoom& e) {
        result.fault = std::string("there is ") + e.what();
        result.kind = FollowFault::no_room;
    } catch (const std::exception& e) {
        result.fault = e.what();
        result.kind = kind_of(e);
    }
    bandwidth_.save();
    if (result.changed) return result;
    // On a thread of its own, which ends with it: an idle thread may not run for seconds on a busy machine,
    // and must not hold the loop's lock then.
    std::thread scrubber([&] {
        try {
            work_in_idle_time();
            auto found = content::scrub(options.store_root, scrubbed_at_once, ending_);
            result.damaged = std::move(found.damaged);
            result.repaired.insert(result.repaired.end(), found.repaired.begin(), found.repaired.end());
        } catch (const std::exception& e) {
            spdlog::warn("store: {}", e.what());
        }
    });
    scrubber.join();
    return result;
}

void Follower::finish_visit(const VisitResult& result) {
    if (stopping_) return;
    // Another process may have changed the store during the visit, even if the visit failed.
    const auto before = store_version_;
    look_at_store();
    media_time_ = next_media_time(result.deferred);
    deferred_ = result.deferred;
    if (result.made && setup_.on_timestamp) setup_.on_timestamp(*result.made);
    if (result.asked_tree_head) head_asked_ = clock_().monotonic;
    if (!result.tree_head.empty()) setup_.on_tree_head(result.tree_head);
    if (result.image && setup_.on_image) setup_.on_image(*result.image);
    const bool worse = result.damaged != damaged_;
    damaged_ = result.damaged;
    const bool on = on_store_(before != store_version_ || (result.fault.empty() && result.changed) || worse ||
                              !result.repaired.empty());
    if (result.fault != fault_ && !result.fault.empty()) spdlog::warn("channel: {}", result.fault);
    fault_ = result.fault;
    fault_kind_ = result.kind;
    if (!result.damaged.empty() || !result.repaired.empty()) {
        damage_ = describe_damage(result.damaged, result.repaired);
        damage_ends_ = clock_().monotonic + damage_is_told;
        if (worse || !result.repaired.empty()) spdlog::error("{}", damage_);
    } else if (clock_().monotonic >= damage_ends_) {
        damage_.clear();
    }
    visit_ended_ = clock_().monotonic;
    auto wait = worse && !damaged_.empty() ? soon : time_to_next_visit(on);
    if (std::exchange(asked_, false)) wait = std::min(wait, time_to_asked_visit());
    start_visit_in(wait);
}

/// Withdrawals, clearances and takeovers are looked for every check interval, whatever the media's speed:
/// media have the time of one in each visit, and go on in the next. A server that cannot continue a file
/// needs longer.
std::chrono::seconds Follower::next_media_time(const content::DeferredMedia& deferred) const {
    const auto usual = std::max<std::chrono::seconds>(setup_.check, least_media_time);
    const bool stuck = deferred.files > 0 && deferred_.files > 0 && deferred.bytes >= deferred_.bytes;
    return stuck ? std::min(media_time_ * 2, most_media_time) : usual;
}

/// As set up, with a jitter; sooner if a fault leaves the board without a programme; and when a window opens.
std::chrono::microseconds Follower::time_to_next_visit(bool programme_on) {
    std::chrono::microseconds wait = programme_on || fault_.empty()
                                         ? spread_visit(setup_.check, random_below(all_bits))
                                         : std::min<std::chrono::seconds>(setup_.check, 10s);
    if (deferred_.files == 0) return wait;
    const auto decision = bandwidth_.decide();
    if (decision.limit.open) return std::min<std::chrono::microseconds>(wait, between_media);
    if (decision.opens)
        wait = std::min(wait, std::max<std::chrono::microseconds>(*decision.opens - clock_().now, 1s));
    return wait;
}

std::string Follower::describe_activity() {
    auto text = bandwidth_.describe(deferred_);
    const std::uint64_t done = done_, total = total_;
    if (visiting_ && total > done)
        text = "Fetches media: " + content::format_size(done) + " of " + content::format_size(total) + '.';
    const auto budget = bandwidth_.describe_budget();
    return text + (text.empty() || budget.empty() ? "" : " ") + budget;
}

std::vector<std::string> Follower::source_faults() const {
    std::vector<std::string> out;
    const auto& mirrors = setup_.options.mirrors;
    for (const auto& one : mirror_health_->suspended()) {
        const bool source = one.url == setup_.options.channel_url ||
                            std::find(mirrors.begin(), mirrors.end(), one.url) != mirrors.end();
        // Without mirrors fault() says it already, and a board nearby may be switched off.
        if (source ? mirrors.empty() : one.fault != content::SourceFault::bad_content) continue;
        out.push_back((source ? "The source " : "The board at ") + content::without_login(one.url) +
                      " is left aside for " + std::to_string(one.left.count()) + " min: " + one.why);
    }
    return out;
}

/// What the visits of this board and the import of a stick leave.
void Follower::look_at_store() {
    const content::StoreLayout layout{setup_.options.store_root};
    store_version_ = version_of(layout.current());
    auto refusal = content::read_refusal(layout, setup_.options.place);
    if (refusal && refusal != refusal_)
        spdlog::error("release {} is refused: {}", refusal->release, refusal->why);
    refusal_ = std::move(refusal);
}

void Follower::watch_store() {
    watch_timer_.expires_after(watch_every);
    watch_timer_.async_wait([this](const auto& ec) {
        if (ec || stopping_) return;
        const auto before = store_version_;
        if (!visiting_) look_at_store();
        if (before != store_version_) static_cast<void>(on_store_(true));
        watch_store();
    });
}

}  // namespace riverlight::firmware
