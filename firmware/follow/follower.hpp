#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "content/sync/sync.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/follow/ration.hpp"

/// Keeps a board's store at its channel's newest release.
namespace riverlight::firmware {

struct FollowSetup {
    content::SyncOptions options;  ///< but what the follower fills in: outlook, in_use, on_early,
                                   ///< standing, pace, received, nearby
    std::chrono::seconds check{300};
    SyncConfig rules;
    std::string budget_file;  ///< bytes received this month are kept there
    std::function<std::vector<std::string>()>
        nearby;  ///< boards that hand media out; any thread. May be none
};

/// Visits the channel on a thread of its own, one visit at a time, and between visits reads media back from
/// the disk in idle time (content/store/scrub.hpp). Notices within two seconds when somebody else changed
/// the store: the import of a stick. Owner and callbacks: the loop's thread.
class Follower {
  public:
    /// `take` is told when the store may hold something new (`changed`: it does), and answers whether a
    /// programme is on. `in_use` names media that players have or are about to open. `clock` is asked on the
    /// visit's thread too.
    Follower(boost::asio::io_context& loop, FollowSetup setup, std::function<ClockReading()> clock,
             std::function<std::set<std::string>()> in_use, std::function<bool(bool changed)> take);
    ~Follower();
    Follower(const Follower&) = delete;
    /// Begins with a visit.
    void start();
    /// No more visits; what is under way goes on until it ends or the process does.
    void stop();
    [[nodiscard]] bool busy() const { return busy_; }
    /// Why the channel brings nothing, to follow a colon; empty if it does.
    [[nodiscard]] const std::string& fault() const { return fault_; }
    /// What is being fetched or waits, and how much of the month's budget is used, for people; empty:
    /// nothing.
    [[nodiscard]] std::string doing();
    /// Sources that are left aside for what they did, a sentence each.
    [[nodiscard]] std::vector<std::string> complaints() const;
    /// What was found damaged on the disk and is not whole again yet, a sentence; empty if nothing.
    [[nodiscard]] const std::string& damage() const { return damage_; }

  private:
    struct Looked {
        std::string fault;
        bool changed = false;
        std::vector<std::string> damaged;
        content::DeferredMedia waiting;
    };
    void look();
    [[nodiscard]] content::SyncOptions options();
    [[nodiscard]] Looked visit(const content::SyncOptions& options, content::ClockReading moment);
    void looked(const Looked& how);
    [[nodiscard]] std::chrono::microseconds until_next(bool on);
    void watch();

    boost::asio::io_context& loop_;
    FollowSetup setup_;
    std::function<ClockReading()> clock_;
    std::function<std::set<std::string>()> in_use_;
    std::function<bool(bool)> take_;
    boost::asio::steady_timer check_, watch_;
    Rationing rationing_;
    std::shared_ptr<content::MirrorHealth> standing_ =
        std::make_shared<content::MirrorHealth>();  // with each visit
    content::DeferredMedia waiting_;
    std::string fault_, damage_, seen_;
    bool stopping_ = false;
    std::atomic<bool> busy_ = false, ending_ = false;
    std::atomic<std::uint64_t> done_ = 0, total_ = 0;  // bytes of media of the visit under way
    std::thread worker_;
};

}  // namespace riverlight::firmware
