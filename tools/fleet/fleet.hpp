#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/fleet/check_figures.hpp"
#include "tools/fleet/fleet_board.hpp"
#include "tools/fleet/fleet_channel.hpp"
#include "tools/fleet/office_client.hpp"
#include "tools/fleet/office_process.hpp"
#include "tools/office/simulated_clock.hpp"

namespace riverlight::fleet {

struct FleetOptions {
    std::string folder;          ///< holds `channel/`, `state/` and `office.log`
    std::string office_program;  ///< to be started on `state/`; not used with `office_url`
    std::string office_url;      ///< an office that serves `state/` already; empty: start one
    int threads = 2;             ///< that simulate and send, each over one connection
    std::function<void(const std::string&)> tell{};  ///< a line for each step; may be empty
};

/// How the boards' first visits after a release were spread.
struct ReleaseSpread {
    std::string release;
    std::size_t boards = 0;  ///< that visited within two intervals
    std::size_t most_in_a_second = 0;
    std::chrono::seconds half{}, last{};  ///< after the release
};

/// What a run of a scenario came to.
struct FleetReport {
    FiguresCheck check;
    Traffic traffic;
    std::vector<ReleaseSpread> spreads;
    std::int64_t boards = 0, days = 0;
    std::int64_t database_bytes = 0;
    OfficeUse use;  ///< of the office, if the fleet started it, before its figures are read
    std::chrono::milliseconds enrolling{}, living{}, checking{};  ///< of real time
    std::chrono::milliseconds office_kept_waiting{};  ///< of `living`, for the office's periodic work
};

/// Runs a scenario: boards, their channel and an office, in simulated time.
class Fleet {
  public:
    Fleet(Scenario scenario, FleetOptions options);
    ~Fleet();
    /// Makes channel, first release, clock and user in the folder, unless they are there. Throws Error.
    void prepare();
    /// The words with which an office is started on what prepare() made.
    [[nodiscard]] std::string serve_words() const;
    /// Throws Error where it cannot go on; what differs is in the report.
    [[nodiscard]] FleetReport run();

  private:
    using Work = std::function<void(FleetBoard&, OfficeClient&)>;
    struct Tick {
        bool report = false;                       ///< every board reports
        const ScenarioRelease* release = nullptr;  ///< published then
        std::vector<FleetBoard*> replaced{};
    };

    void make_boards();
    void connect();
    void enrol_all();
    [[nodiscard]] std::map<Instant, Tick> ticks() const;
    void live(Instant at, const Tick& tick);
    void publish(const ScenarioRelease& release, Instant at);
    void replace(FleetBoard& board, Instant at);
    void set_clock(Instant at);
    void for_each_board(const Work& work);
    [[nodiscard]] std::vector<ReleaseSpread> spreads() const;
    void tell(const std::string& line) const {
        if (options_.tell) options_.tell(line);
    }
    [[nodiscard]] std::string state_folder() const { return options_.folder + "/state"; }

    // 13 members: what it was given, its parts, and what it found out.
    const Scenario scenario_;
    const FleetOptions options_;
    std::unique_ptr<FleetChannel> channel_;
    std::unique_ptr<office::SimulatedClock> clock_;
    std::unique_ptr<OfficeProcess> process_;
    std::unique_ptr<OfficeReader> reader_;
    std::string url_;
    Releases releases_;
    LedgerSubjects subjects_;
    std::vector<std::unique_ptr<FleetBoard>> boards_;
    std::vector<std::unique_ptr<OfficeClient>> clients_;  ///< one a thread
    std::vector<const Trouble*> troubles_;                ///< by board; null: none
    FleetReport report_;
};

}  // namespace riverlight::fleet
