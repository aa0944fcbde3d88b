#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "content/sync/sync.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/follow/bandwidth_policy.hpp"

/// Keeps a board's store at its channel's newest release.
namespace riverlight::firmware {

struct FollowSetup {
    content::SyncOptions options;     ///< without what the follower sets: air_times, in_use, on_early,
                                      ///< mirror_health, bandwidth_limit, received, nearby
    std::chrono::seconds check{300};  ///< between two visits
    SyncConfig rules;
    std::string budget_file;                           ///< keeps the bytes received this month
    std::function<std::vector<std::string>()> nearby;  ///< boards that serve media; any thread. May be empty
    std::function<std::string()> survived{};           ///< SyncOptions::survived; may be empty
    std::function<void(Instant)> on_timestamp{};       ///< when the channel's newest timestamp was signed
    /// The office's head as it stands in the channel, not verified (content/audit); asked for four times a
    /// day. May be empty: then it is not asked for.
    std::function<void(const std::string&)> on_tree_head{};
    /// What a visit is asked for, for the board's own system; called before each. May be empty: nothing.
    std::function<std::optional<content::SystemImageRequest>()> image{};
    /// What the visit did for it. Not called after a visit that failed. May be empty.
    std::function<void(const content::ImageResult&)> on_image{};
};

/// What keeps the channel's newest release away.
enum class FollowFault : std::uint8_t {
    unreachable,  ///< no source answers, or the visit failed for a reason of its own
    unusable,     ///< what a source offers is damaged, incomplete, out of date, or not signed as it must be
    no_room,      ///< the disk is too small for it
    disk,         ///< the disk cannot be read or written
};

/// Visits the channel on a thread of its own, one visit at a time. Between visits it reads media back from
/// the disk in idle time (content/store/scrub.hpp). Notices within two seconds if another process changed the
/// store: the import of a stick. Owner and callbacks: the daemon's loop thread.
class Follower {
  public:
    /// `on_store` is called when the store may have something new (`changed`: it has), and returns whether a
    /// programme is on. `in_use` returns names of media that players have open or are about to open. `clock`
    /// is also called on the visit's thread.
    Follower(boost::asio::io_context& loop, FollowSetup setup, std::function<ClockReading()> clock,
             std::function<std::set<std::string>()> in_use, std::function<bool(bool changed)> on_store);
    ~Follower();  ///< waits for a visit under way
    Follower(const Follower&) = delete;
    /// Starts with a visit. Call it once.
    void start();
    /// Media were found damaged: visits the channel within seconds, not only after the check interval, and
    /// reads them back. Visits that this asks for begin at least 10 s after the one before.
    void visit_soon();
    /// Starts no more visits; one that is under way continues until it ends or the process does.
    void stop();
    [[nodiscard]] bool is_visiting() const { return visiting_; }
    /// Why the channel's newest release is not here, to follow a colon; empty if it is.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// Of which kind that is, while there is a fault.
    [[nodiscard]] FollowFault fault_kind() const { return fault_kind_; }
    /// The newest release, if this board refused it because it could not play it; nothing if it did not.
    [[nodiscard]] const std::optional<content::ReleaseRefusal>& refusal() const { return refusal_; }
    /// What is being downloaded or has to wait, and how much of the month's budget is used, for people;
    /// empty: nothing.
    [[nodiscard]] std::string describe_activity();
    /// A sentence for each source that is suspended because of what it did.
    [[nodiscard]] std::vector<std::string> source_faults() const;
    /// Sentences about damage on the disk that was found within a day, repaired or not; empty: none was.
    [[nodiscard]] const std::string& damage() const { return damage_; }

  private:
    struct VisitResult {
        std::string fault;
        FollowFault kind = FollowFault::unreachable;  ///< of the fault
        bool changed = false;
        std::vector<std::string> damaged, repaired;  ///< files of the store: without a good copy; with one
        content::DeferredMedia deferred;
        std::optional<Instant> made;  ///< SyncResult::made
        std::string tree_head;        ///< SyncResult::tree_head
        bool asked_tree_head = false;
        std::optional<content::ImageResult> image;  ///< none: the visit failed, or was not asked for it
    };
    void start_visit();
    void start_visit_in(std::chrono::microseconds wait);
    [[nodiscard]] std::chrono::microseconds time_to_asked_visit() const;
    [[nodiscard]] content::SyncOptions visit_options();
    [[nodiscard]] VisitResult visit(const content::SyncOptions& options, content::UpdateTime clock);
    void finish_visit(const VisitResult& result);
    [[nodiscard]] std::chrono::seconds next_media_time(const content::DeferredMedia& deferred) const;
    [[nodiscard]] std::chrono::microseconds time_to_next_visit(bool programme_on);
    void look_at_store();
    void watch_store();

    // More than 12 members: a worker thread and the loop share one visit, and each needs its state here.
    boost::asio::io_context& loop_;
    FollowSetup setup_;
    std::function<ClockReading()> clock_;
    std::function<std::set<std::string>()> in_use_;
    std::function<bool(bool)> on_store_;
    boost::asio::steady_timer visit_timer_, watch_timer_;
    BandwidthPolicy bandwidth_;
    std::shared_ptr<content::MirrorHealth> mirror_health_ =
        std::make_shared<content::MirrorHealth>();  // shared with each visit
    content::DeferredMedia deferred_;
    std::chrono::seconds media_time_;  ///< for media in one visit
    FollowFault fault_kind_ = FollowFault::unreachable;
    std::string fault_, damage_;
    bool asked_ = false;                       ///< visit_soon() was called during the visit
    MonotonicTime visit_ended_{};              ///< the last one
    std::vector<std::string> damaged_;         ///< files that are to be fetched again
    MonotonicTime damage_ends_{};              ///< when damage_ is no news any more
    std::optional<MonotonicTime> head_asked_;  ///< when the channel had the office's head last
    std::optional<content::ReleaseRefusal> refusal_;
    std::string store_version_;  ///< version_of() the store's current release, when it was last read
    bool stopping_ = false;
    std::atomic<bool> visiting_ = false, ending_ = false;
    std::atomic<std::uint64_t> done_ = 0, total_ = 0;  // bytes of media of the visit under way
    std::thread worker_;
};

}  // namespace riverlight::firmware
