#pragma once
#include <cstddef>

/// The columns of a CCMS record (ANSI/SCTE 118-3; .SCH and .VER files): byte positions from 1, one blank
/// between fields.
namespace riverlight::traffic::ccms {

struct Column {
    std::size_t first, width;
};
inline constexpr Column event{1, 3};             ///< LOI, REM, END, NUL
inline constexpr Column date{5, 4};              ///< scheduled, MMDD
inline constexpr Column time{10, 6};             ///< scheduled, HHMMSS
inline constexpr Column window{17, 4};           ///< window start, HHMM
inline constexpr Column window_length{22, 4};    ///< HHMM
inline constexpr Column break_number{27, 3};     ///< in the window
inline constexpr Column position{31, 3};         ///< in the break
inline constexpr Column length{35, 6};           ///< scheduled, HHMMSS
inline constexpr Column aired_time{42, 6};       ///< HHMMSS
inline constexpr Column aired_length{49, 8};     ///< HHMMSSCC, hundredths
inline constexpr Column aired_position{58, 3};   ///< in the break
inline constexpr Column spot{62, 11};            ///< spot identification
inline constexpr Column status{74, 4};           ///< `aired` or `failed_to_air`
inline constexpr Column advertiser{79, 32};      ///< here: the campaign
inline constexpr Column spot_name{112, 20};      ///< here: the segment
inline constexpr Column kind{133, 4};            ///< Sch or Fill
inline constexpr Column traffic_system{138, 6};  ///< reserved
inline constexpr std::size_t user = 145;         ///< to the end of the line; here: every field of the spot

inline constexpr std::size_t shortest_record = 77;
inline constexpr char aired[] = "0001";          ///< aired successfully
inline constexpr char failed_to_air[] = "0002";  ///< also every spot before the day begins

}  // namespace riverlight::traffic::ccms
