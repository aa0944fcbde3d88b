#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "content/store/content_set.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "tools/office/figures/promise.hpp"
#include "tools/office/store.hpp"

/// The channel as the office knows it: verified as a board verifies it, without media.
namespace riverlight::office {

/// One release of the channel, ready to plan from. Immutable.
struct Release {
    content::ContentSet content;
    std::map<std::string, scheduler::Schedule> schedules;  ///< by name

    /// The plan of a place's day; nothing for a place or schedule that the release lacks.
    [[nodiscard]] std::optional<KeptPlan> plan(const std::string& place, std::chrono::local_days day) const;
    /// The local time at which a place's broadcast day begins: its schedule's `day_start`, or midnight if the
    /// release lacks the schedule.
    [[nodiscard]] std::chrono::minutes day_start(const content::Place& place) const;
};

struct FollowedChannel {
    std::string url;           ///< empty: the office follows no channel
    std::string trusted_root;  ///< root.json that the channel is trusted by
    std::string ca_file;       ///< private CA of its server; empty: the system's
    std::string folder;        ///< where releases are stored
    std::chrono::milliseconds poll_every{60'000};
};

/// Fetches the channel again and again, and loads each new release, on a thread of its own. Used on the
/// loop's thread; release(), fault() and place_facts() from any thread.
class ChannelFollower {
  public:
    /// Loads the stored release and starts the first fetch. `on_release` is called on the loop each time
    /// another release becomes current.
    ChannelFollower(boost::asio::io_context& loop, FollowedChannel settings, std::function<Instant()> now,
                    std::function<void()> on_release);
    /// Waits for a fetch that is under way.
    ~ChannelFollower();
    /// Starts no more fetches.
    void stop();
    [[nodiscard]] bool is_fetching() const { return fetching_; }
    [[nodiscard]] std::shared_ptr<const Release> release() const;  ///< null: none yet
    /// Why the last fetch or load failed; empty: it did not.
    [[nodiscard]] std::string fault() const;
    /// Country, zone and day start of a place; the defaults for a place that the release lacks.
    [[nodiscard]] PlaceFacts place_facts(const std::string& place) const;

  private:
    [[nodiscard]] std::string load();
    void fetch();
    void fetched();
    void note_fault(const std::string& fault);

    boost::asio::io_context& loop_;
    FollowedChannel settings_;
    std::function<Instant()> now_;
    std::function<void()> on_release_;
    boost::asio::steady_timer timer_;
    mutable std::mutex mutex_;                // of the next two
    std::shared_ptr<const Release> release_;  // shared: a handler keeps its release while a new one is loaded
    std::string fault_;
    bool stopping_ = false;
    std::atomic<bool> fetching_ = false;
    std::thread worker_;
};

}  // namespace riverlight::office
