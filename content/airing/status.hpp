#pragma once
#include <array>
#include <optional>
#include <string_view>

/// What became of an airing, and how far the clock that timed it is trusted. Their texts stand in records,
/// events, the office's database and lists; only the functions here write and read them.
namespace riverlight::content {

enum class AiringStatus {
    aired,        ///< whole, as it was asked for
    truncated,    ///< ended before its time: cut, taken over, withdrawn
    substituted,  ///< an alternative aired in its place: another file, language or segment
    skipped,      ///< nothing of it aired: its time passed, it was withdrawn or missed
    failed,       ///< could not begin, or broke on air
    interrupted,  ///< power or the daemon was lost while it was on air
};
inline constexpr std::array every_airing_status{AiringStatus::aired,       AiringStatus::truncated,
                                                AiringStatus::substituted, AiringStatus::skipped,
                                                AiringStatus::failed,      AiringStatus::interrupted};
[[nodiscard]] std::string_view to_text(AiringStatus status);
[[nodiscard]] std::optional<AiringStatus> parse_airing_status(std::string_view text);

/// True if something of it went out: whole, cut short, or as an alternative. Such an airing counts as a play.
[[nodiscard]] bool counts_as_play(AiringStatus status);
/// The same of an airing that may have no status yet.
[[nodiscard]] inline bool counts_as_play(const std::optional<AiringStatus>& status) {
    return status && counts_as_play(*status);
}

/// How a board knew the time.
enum class ClockState {
    floor,           ///< no better than the latest time it had proof of: the clock was never set
    unsynchronised,  ///< the system's clock, which no time service keeps
    synchronised,    ///< kept by a time service
};
[[nodiscard]] std::string_view to_text(ClockState state);
[[nodiscard]] std::optional<ClockState> parse_clock_state(std::string_view text);

}  // namespace riverlight::content
