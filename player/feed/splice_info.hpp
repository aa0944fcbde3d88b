#pragma once
#include <cstdint>
#include <optional>

#include "player/av/coding.hpp"
#include "player/feed/ticks.hpp"

/// splice_info_section (ANSI/SCTE 35 2019a, 9.6): tells a partner where it may insert its own programme.
namespace riverlight::player {

/// splice_insert() for the whole programme (9.7.3).
struct SpliceInsert {
    std::uint32_t event = 0;
    bool out_of_network = true;          ///< into an avail; false: back from it
    StampTicks pts{};                    ///< of the first frame after the splice point, wrapped or not
    std::optional<StampTicks> duration;  ///< of the avail, which then returns by itself
    std::uint16_t program = 1;           ///< unique_program_id
    std::uint8_t avail = 0, avails_expected = 0;
};
[[nodiscard]] Bytes splice_insert_section(const SpliceInsert& splice);
/// splice_null() (9.7.1): the heartbeat that shows that the PID is in use.
[[nodiscard]] Bytes splice_null_section();

}  // namespace riverlight::player
