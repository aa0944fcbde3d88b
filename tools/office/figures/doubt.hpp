#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "content/airing/record.hpp"

/// Records in doubt: signed by their board, kept in its chain, and not believed. They are listed on the page
/// Quarantine and count nowhere.
namespace riverlight::office {

/// Why a record is in doubt: the first that is true of it.
enum class Doubt {
    unreadable,         ///< the stored text is no record: the file was damaged or edited
    ends_before_start,  ///< planned, on air, or by its monotonic clock
    far_from_plan,      ///< started more than 400 days from its planned start
    future,             ///< of a time more than a day after it came
    no_evidence,        ///< says it aired whole, and names no frame or no file
    overlap,            ///< on air on an outlet while another airing of the same boot was
    over_a_day,         ///< with it, an outlet's airings of one day last longer than the day
};
inline constexpr std::array every_doubt{Doubt::unreadable, Doubt::ends_before_start, Doubt::far_from_plan,
                                        Doubt::future,     Doubt::no_evidence,       Doubt::overlap,
                                        Doubt::over_a_day};
/// As office.db and JSON name it: `ends-before-start`.
[[nodiscard]] std::string_view to_text(Doubt doubt);
[[nodiscard]] std::optional<Doubt> parse_doubt(std::string_view text);
/// A sentence's end for people, behind "its record": `overlaps another airing on the same outlet`.
[[nodiscard]] std::string_view describe(Doubt doubt);

/// A start may lie so far from its planned start: a clock that was never set.
inline constexpr std::chrono::days farthest_from_plan{400};
/// The events of a player come late by up to 2.5 s (content/airing/shown.cpp): so far, airings that follow
/// each other may seem to overlap, and for each of them a day may seem longer.
inline constexpr std::chrono::seconds late_event{5};
/// What came may speak of times up to so much later: clocks differ.
inline constexpr std::chrono::days farthest_ahead{1};

/// What is in doubt of a record by itself. `received`: when it came; absent: not known any more. `started`:
/// by its board's clock, or corrected. Pure.
[[nodiscard]] std::optional<Doubt> doubt_of(const content::AiringRecord& record,
                                            const std::optional<Instant>& started,
                                            const std::optional<Instant>& received);

}  // namespace riverlight::office
