#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "content/store/content_set.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "tools/office/compare.hpp"
#include "tools/office/store.hpp"

/// The channel as the office knows it: verified like a board verifies it, facts only, no media.
namespace riverlight::office {

/// One release, ready to plan from. Immutable.
struct Release {
    content::ContentSet content;
    std::map<std::string, scheduler::Schedule> schedules;

    /// The plan of a place's day; nothing for a place that the release lacks.
    [[nodiscard]] std::optional<KeptPlan> plan(const std::string& place, std::chrono::local_days day) const;
    /// Where a place's broadcast day begins: its schedule's `day_start`; midnight where the release lacks it.
    [[nodiscard]] std::chrono::minutes day_start(const content::Place& place) const;
};

struct ProgrammeSetup {
    std::string channel_url, trusted_root, ca_file;
    std::string folder;  ///< where the facts are kept
    std::chrono::seconds every{60};
};

/// On the loop's thread; fetches on a thread of its own.
class Programme {
  public:
    /// `changed` is called on the loop when another release is current.
    Programme(boost::asio::io_context& loop, ProgrammeSetup setup, std::function<Instant()> now,
              std::function<void()> changed);
    ~Programme();
    void stop();
    [[nodiscard]] bool fetching() const { return fetching_; }
    [[nodiscard]] std::shared_ptr<const Release> release() const { return release_; }  ///< null: none yet
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] PlaceFacts facts(const std::string& place) const;

  private:
    void load();
    void look();

    boost::asio::io_context& loop_;
    ProgrammeSetup setup_;
    std::function<Instant()> now_;
    std::function<void()> changed_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<const Release> release_;
    std::string fault_;
    bool stopping_ = false;
    std::atomic<bool> fetching_ = false;
    std::thread worker_;
};

}  // namespace riverlight::office
