#pragma once
#include <cstdint>
#include <optional>

#include "firmware/slots/slot_state.hpp"

namespace riverlight::firmware {

/// Starts that an unsure slot has to become sure.
inline constexpr int starts_of_unsure_slot = 3;

/// What the boot loader itself keeps, in one file that it writes in place (`firmware/image/choose.cfg`).
struct StartCount {
    std::int32_t generation = 0;       ///< of the state that these starts are counted for; 0: none yet
    int starts = 0;                    ///< of an unsure slot in that generation, 0 to `starts_of_unsure_slot`
    std::optional<SystemSlot> last{};  ///< that was started without trust in either

    friend bool operator==(const StartCount&, const StartCount&) = default;
};

/// Which slot starts, and the count to keep of it.
struct SlotChoice {
    SystemSlot slot = SystemSlot::a;
    StartCount count{};

    friend bool operator==(const SlotChoice&, const SlotChoice&) = default;
};

/// The rule by which the boot loader chooses, `choose.cfg` in C++. `state`: none if neither copy can be read.
/// `can_count` is false if the count cannot be written: then no unsure slot starts, since it would have
/// starts without end. Of the slot that is to start, then the other one, the first is taken that is sure, or
/// unsure with starts left. If there is none, both are started in turn. Pure.
[[nodiscard]] SlotChoice choose_slot(const std::optional<SlotState>& state, const StartCount& count,
                                     bool can_count = true);

}  // namespace riverlight::firmware
