#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/http/server.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/config/config.hpp"
#include "firmware/follow/follower.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/journal/service_start.hpp"
#include "firmware/nearby/media_server.hpp"
#include "firmware/nearby/neighbours.hpp"
#include "firmware/outlet/outlet_runner.hpp"
#include "firmware/outlet/rendition_validator.hpp"
#include "firmware/report/reporter.hpp"
#include "firmware/start/endurance.hpp"
#include "firmware/start/mode.hpp"
#include "firmware/status/page.hpp"
#include "firmware/stick/importer.hpp"
#include "firmware/stick/screen_words.hpp"

namespace riverlight::firmware {

/// One life of a board: its parts, put together. What is stored goes on its outlets, the channel is followed,
/// the journal kept and handed over, the page served. On the loop's thread; the channel, the office and a
/// factory loop's hashing have threads of their own. Throws Error where it cannot begin.
class Board {
  public:
    /// `config` as settings_for(start) has it. `left_behind`: folders of journals to take over.
    Board(boost::asio::io_context& loop, Config config, Beginning& start,
          const std::vector<std::string>& left_behind);
    ~Board();
    Board(const Board&) = delete;
    Board& operator=(const Board&) = delete;

    /// Ends it in order; its players take up to 700 ms.
    void stop();
    /// Whether the channel or the office is being spoken to still, on their own threads.
    [[nodiscard]] bool fetching() const;
    /// Called once, when the board should begin anew with more than it has now. It is to be stopped then.
    std::function<void()> on_more;
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  private:
    [[nodiscard]] bool normal() const { return start_.mode == Mode::normal; }
    void add_outlets();
    void start_following();
    void start_nearby();

    // what is on
    void take_stored();
    void take_factory();
    [[nodiscard]] const content::Place* place_in(const content::ContentSet& content) const;
    void put_on(std::optional<content::ContentSet> loaded);
    void acknowledge_withdrawals(const Programme& had, const Programme& has);
    [[nodiscard]] std::set<std::string> media_in_use() const;

    // time, journal, how the start stands
    void take_over(const std::string& folder);
    void look_out();
    [[nodiscard]] bool more_is_possible();
    void note_time_fix();
    void note_lasting();
    void keep_time();
    void keep_journal();
    [[nodiscard]] Instant there_since();
    void note_time();

    // what it tells (board_view.cpp)
    void speak_of_stick();
    [[nodiscard]] BoardView view() const;
    [[nodiscard]] std::string mode_before() const;
    [[nodiscard]] std::string pulse() const;
    [[nodiscard]] std::int64_t disk_free() const;

    boost::asio::io_context& loop_;
    Config config_;
    Beginning& start_;
    Endurance endurance_;
    bool lasted_ = false, time_fixed_ = false;
    mutable StickWatch stick_watch_;  // looking moves it on
    StickOnScreen stick_on_screen_;
    std::int64_t began_us_ = 0;
    Journal journal_;
    ServiceStart service_start_{journal_, boot_id()};
    Instant since_{};
    content::Store store_;
    Clock clock_;
    boost::asio::steady_timer minute_, outlook_;
    std::unique_ptr<RenditionValidator> rendition_validator_;
    std::vector<std::unique_ptr<OutletRunner>> outlets_;
    std::unique_ptr<Reporter> reporter_;
    std::shared_ptr<const Programme> programme_;
    std::string fault_;
    http::Server server_;
    std::unique_ptr<MediaServer> media_server_;
    std::unique_ptr<Neighbours> neighbours_;
    std::unique_ptr<Follower> follower_;  // its visit ends before what it speaks to goes
    std::future<void> hashing_;           // last: its thread, too
};

}  // namespace riverlight::firmware
