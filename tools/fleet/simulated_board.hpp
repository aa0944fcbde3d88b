#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "firmware/outlet/agenda.hpp"
#include "firmware/outlet/airing_log.hpp"
#include "firmware/outlet/record_keeper.hpp"

/// A board in simulated time: the daemon's own agenda, planner and records; only the player and the clock are
/// made up. It says what it really did, whatever its records say.
namespace riverlight::fleet {

/// What a record says that is not so.
enum class Lie : std::uint8_t {
    without_evidence,   ///< it aired; it names no frame
    overlap,            ///< it was on while another airing was, with evidence
    ends_before_start,  ///< by both clocks
    far_from_plan,      ///< it started 500 days before its plan
    overclaim,          ///< it aired whole; its evidence supports a third
};
inline constexpr std::size_t lie_count = 5;

/// What really became of one planned airing.
struct Deed {
    scheduler::PlannedAiring planned;
    content::AiringStatus status{};      ///< what happened
    std::optional<Instant> began;        ///< by a right clock; absent: it was never on
    std::chrono::milliseconds shown{};   ///< of it
    std::chrono::milliseconds on_air{};  ///< for so long the outlet had nothing else
    std::optional<Lie> lie;              ///< its record says something else
};

class SimulatedBoard {
  public:
    struct Setup {
        std::string board, place;
        /// What the board has from a moment on; by its clock's true time. Not null.
        std::function<std::shared_ptr<const firmware::Programme>(Instant now)> programme;
        /// A start of the board: closes what was on when the power went, and returns its log, which lasts
        /// until the next start.
        std::function<firmware::AiringLog&()> begin_log;
        std::function<void(const Deed&)> on_deed;
        std::uint32_t seed = 0;
        int lies_percent = 0;  ///< of its records
    };
    explicit SimulatedBoard(Setup setup);

    void set_in_service_since(Instant since) { since_ = since; }
    /// The power comes, unless it is on. The board's clock is `behind` and known to be wrong, until it is set
    /// right at `fixed`.
    void start(Instant from, std::chrono::seconds behind = std::chrono::seconds{0}, Instant fixed = {});
    /// Lives on until then; an airing that is on stays on.
    void run_until(Instant until);
    /// Lives on until then; then the power goes.
    void cut_power(Instant at);
    [[nodiscard]] bool is_on() const { return boot_.has_value(); }

  private:
    /// From a start to a power cut.
    struct Boot {
        Instant began{};
        std::string id;
        std::chrono::seconds behind{};
        Instant fixed{};
        firmware::AiringLog& log;
        firmware::RecordKeeper keeper;
        firmware::Agenda agenda{};
    };
    struct OnAir {
        scheduler::PlannedAiring planned;
        content::AiringRecord record;
        Instant began{}, end{};
    };
    [[nodiscard]] firmware::ClockReading clock(Instant now) const;
    void look_at_clock();
    void look_at_agenda();
    void begin(scheduler::PlannedAiring planned);
    void end();
    void claim_next(const OnAir& beside);
    [[nodiscard]] std::optional<Lie> draw_lie();
    void flush();

    const Setup setup_;
    std::minstd_rand chance_;
    Instant since_{}, now_{};
    std::optional<Boot> boot_;
    int boots_ = 0;
    std::optional<OnAir> on_air_;
    std::vector<content::AiringRecord> waiting_;  ///< to be written at once
};

}  // namespace riverlight::fleet
