#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "content/airing/record.hpp"

/// How much of an airing's item was really shown, and the status that follows from it. The player measures
/// it, the record carries it as evidence, and the office works it out again from the rest of the evidence.
namespace riverlight::content {

/// What left an outlet of one item. Frames that repeat a picture because a decoder was late, and frames that
/// an output dropped or a display did not show, are not shown.
struct Shown {
    /// The item's own length; absent: unknown, since its media was never read to its end.
    std::optional<std::chrono::milliseconds> length;
    std::chrono::milliseconds shown{};   ///< 0…length
    std::chrono::milliseconds missed{};  ///< of its beginning: it was joined late
    bool end_shown = false;              ///< its last second was shown
    friend bool operator==(const Shown&, const Shown&) = default;
};

/// Whole: at least so much of the item, and its last second.
inline constexpr int whole_percent = 95;
/// Of the item's last second, so much must be shown.
inline constexpr int end_percent = 80;

/// aired where the item was shown whole, failed where nothing was shown, truncated otherwise.
[[nodiscard]] AiringStatus status_of(const Shown& shown);
/// 0…100, rounded down; of an unknown length 0.
[[nodiscard]] int percent_shown(const Shown& shown);
/// `33 % was shown (10.0 of 30.0 s), and not its end; the first 12.3 s are missing`.
[[nodiscard]] std::string describe(const Shown& shown);

/// A record's evidence of what was shown: `length_ms`, `shown_ms`, `missed_ms`, `end_shown`.
void write_shown(const Shown& shown, std::map<std::string, std::string>& evidence);
/// Nothing for records without it (earlier boards write none), or with impossible numbers.
[[nodiscard]] std::optional<Shown> read_shown(const std::map<std::string, std::string>& evidence);

/// True if a planner counts the airing as a play: it was shown, and if its evidence says how much, at least
/// half of it.
[[nodiscard]] bool counts_as_play(const AiringRecord& record);

/// How long `count` samples last, at 48 kHz; at most a year.
[[nodiscard]] std::chrono::microseconds time_of_samples(std::int64_t count);
/// How long `count` frames of an unknown rate last, at 25 a second; at most a year.
[[nodiscard]] std::chrono::microseconds time_of_frames(std::int64_t count);

/// How long the airing was on its outlet: by its samples, else by monotonic time, else by its frames at 25 a
/// second. Never the difference of two readings of a wall clock, which may be set in between. Nothing for an
/// airing that was never on.
[[nodiscard]] std::optional<std::chrono::microseconds> duration_of(const AiringRecord& record);

/// What a reader of records makes of one, from its evidence alone.
struct Assessment {
    std::optional<AiringStatus> status;  ///< that the evidence supports; absent: the airing is open
    std::chrono::milliseconds length{};  ///< of the item, as far as known
    std::chrono::milliseconds shown{};   ///< as far as the evidence supports it
    bool overclaims = false;             ///< the record claims more than its evidence supports
};
/// `shown` is at most what each piece of evidence allows: frames, samples, monotonic time, and what left the
/// outlet (`frames_shown`, the figures of `output_N`). A record that claims a play of which nothing can have
/// been shown, or aired where less than whole can, overclaims; records from before `shown_ms` existed are
/// judged by the same bounds.
[[nodiscard]] Assessment assess(const AiringRecord& record);

}  // namespace riverlight::content
