#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "firmware/slots/slot_state.hpp"

namespace riverlight::firmware {

/// Starts that an unsure slot has to become sure.
inline constexpr int starts_of_unsure_slot = 3;
/// Starts in a row that a sure slot has to arrive, while the other slot is sure too.
inline constexpr int tries_of_sure_slot = 8;

/// Tells the counted starts of a sure slot apart. The boot loader gives a start its mark on the kernel's
/// command line, and the system writes it back once it has arrived (`write_arrival`).
enum class StartMark : std::uint8_t { none, odd, even };
[[nodiscard]] std::string_view to_text(StartMark mark);  ///< empty, `odd`, `even`

/// What the boot loader itself keeps, in one file that it writes in place (`firmware/image/choose.cfg`).
struct StartCount {
    std::int32_t generation = 0;  ///< of the state that starts and tries are counted for; 0: none yet
    int starts = 0;               ///< of an unsure slot in that generation, 0 to `starts_of_unsure_slot`
    std::optional<SystemSlot>
        last{};     ///< that was started without trust in either, or as one of two sure ones
    int tries = 0;  ///< in a row of the slot that is to start, both being sure, 0 to `tries_of_sure_slot`
    StartMark mark = StartMark::none;  ///< of the last start of one of two sure slots

    friend bool operator==(const StartCount&, const StartCount&) = default;
};

/// Which slot starts, and the count to keep of it.
struct SlotChoice {
    SystemSlot slot = SystemSlot::a;
    StartCount count{};
    bool marked = false;  ///< this start has a mark to write back, `count.mark`

    friend bool operator==(const SlotChoice&, const SlotChoice&) = default;
};

/// What the boot loader finds when the power comes.
struct StartFacts {
    std::optional<SlotState> state{};  ///< none if neither copy can be read
    StartMark arrived = StartMark::none;
    bool can_count = true;  ///< false if the count cannot be written
};

/// The rule by which the boot loader chooses, `choose.cfg` in C++. Of the slot that is to start, then the
/// other one, the first is taken that is sure, or unsure with starts left. If there is none, both are started
/// in turn. If both are sure, the one that is to start has `tries_of_sure_slot` starts in a row to arrive;
/// then the other one is started once, and after that each of them has one start in turn, until the first
/// arrives again. What is known of the slots never changes for that. What cannot be counted does not happen:
/// an unsure slot would have starts without end. Pure.
[[nodiscard]] SlotChoice choose_slot(const StartFacts& facts, const StartCount& count);

}  // namespace riverlight::firmware
