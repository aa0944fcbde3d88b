#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/failure_run.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/outlet/agenda.hpp"
#include "firmware/outlet/airing_log.hpp"
#include "firmware/outlet/queued_airing.hpp"
#include "player/cue/events.hpp"

namespace riverlight::firmware {

/// Keeps the records of an outlet's airings: open before the first frame, updated when it left, closed with
/// what was really shown. On the loop's thread.
class RecordKeeper {
  public:
    /// What every record of the outlet says.
    struct Identity {
        std::string outlet, place, boot_id;
    };
    /// `log` outlives this.
    RecordKeeper(AiringLog& log, Identity identity) : log_(log), identity_(std::move(identity)) {}

    /// What is known of an airing before it is on.
    [[nodiscard]] content::AiringRecord planned(const scheduler::PlannedAiring& planned) const;
    void open(QueuedAiring& queued);
    /// Its first frame left.
    void on_air(QueuedAiring& queued, const player::OnAir& event, const ClockReading& now);
    /// It is over. `country` is named as the reason of a withdrawal.
    void close(QueuedAiring& queued, const player::OffAir& event, const std::string& country,
               const ClockReading& now);
    /// It was not on air, and may be later.
    void discard(const QueuedAiring& queued);
    /// Airings that are over without having been played.
    void skip(const std::vector<Agenda::Missed>& missed, const ClockReading& now);
    /// An airing could not be played while nothing could: it becomes part of one record with those before and
    /// after it. `reason`: why, of the last that was tried; empty: this one was not.
    void add_failure(const scheduler::PlannedAiring& planned, const std::string& reason,
                     const ClockReading& now);
    /// Writes the record of the failures so far, if there are any.
    void write_failures();
    /// The same, where the run has lasted for so long that a power cut should not lose more of it.
    void write_old_failures(MonotonicTime now);
    static constexpr std::chrono::minutes failures_are_old_after{10};
    void write_waiting() { log_.write_waiting(); }

    [[nodiscard]] std::vector<scheduler::Aired> aired_since(Instant from) { return log_.aired_since(from); }
    [[nodiscard]] const std::string& fault() const { return log_.fault(); }

  private:
    /// Airings that failed one after the other.
    struct Failures {
        content::AiringRecord first;
        content::FailureRun run;
        MonotonicTime began{};
    };
    AiringLog& log_;
    Identity identity_;
    std::optional<Failures> failures_;
    std::string last_reason_;  ///< why an airing could not be played
};

}  // namespace riverlight::firmware
