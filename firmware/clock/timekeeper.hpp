#pragma once
#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "firmware/clock/clock.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/journal/service_start.hpp"

namespace riverlight::firmware {

/// A board's clock together with what its journal keeps about time: the latest instant that has certainly
/// passed, since when the board has been present, and a time fix for airings from before the time was known.
/// No method throws for a journal that cannot be written: the log has the fault, and the next call tries
/// again. Owner: the daemon's loop thread; read() alone may be called from any thread.
class Timekeeper {
  public:
    struct Setup {
        std::string place;
        std::string boot_id;  ///< `unknown`: no time fix can be recorded
        Instant earliest{};   ///< the age of an image that plays; the epoch: unknown
        std::function<SystemTime()> system = system_time;  ///< called from any thread
        std::function<std::optional<Instant>()> hardware_clock = firmware::hardware_clock;
    };
    /// Starts from the latest sure instant of `journal`, which must outlive the timekeeper.
    Timekeeper(Journal& journal, Setup setup);

    [[nodiscard]] ClockReading read() const { return clock_.read(setup_.system()); }
    /// Call it every few seconds: advances the clock. If it was set ahead, records the gap.
    void advance();
    /// `witness` says now that it is `says`.
    void hear(TimeWitness witness, Instant says) { clock_.hear(witness, says, setup_.system().monotonic); }
    /// The channel's signatures expire then.
    void set_signed_until(Instant until) { clock_.set_signed_until(until); }

    /// Stores the time as certainly passed.
    void save();
    /// The same, if a time daemon disciplines the clock. Call it every minute.
    void save_if_synchronised();
    /// Once a boot, as soon as the clock is synchronised: records a time fix if airings need one.
    /// `on_air_needs_fix`: so does an airing on air, which is not among the journal's closed records yet.
    void record_time_fix(bool on_air_needs_fix);
    /// Stores since when the board has been present, or corrects it once the time is known. Records a gap, as
    /// advance() does.
    void update_present_since();
    /// As of the last update, and not before the end of the last gap: this board does not miss what was
    /// planned before.
    [[nodiscard]] Instant present_since() const { return std::max(present_since_, known_since_); }

  private:
    void record_jump();

    Journal& journal_;
    Setup setup_;
    Clock clock_;
    ServiceStart service_start_;
    Instant present_since_{};
    Instant known_since_{};               ///< the end of the last gap
    std::optional<ClockJump> unwritten_;  ///< a gap that the journal could not take
    bool time_fixed_ = false;
};

}  // namespace riverlight::firmware
