#pragma once
#include <optional>
#include <string>

#include "firmware/slots/slot_state.hpp"

namespace riverlight::firmware {

/// What is known of both slots, for programs that may not read the slots' partition. `riverlight-slots`
/// writes it to a file in memory whenever the state changes; riverlightd reads it. Format 1:
///
///     {"format":1,"running":"A","first":"A","slots":{"A":{"trust":"sure","fault":"none"},
///      "B":{"trust":"empty","fault":"none"}}}
struct SlotReport {
    SystemSlot running = SystemSlot::a;  ///< that this system was started from
    SlotState state{};                   ///< its generation is not part of the file
    friend bool operator==(const SlotReport&, const SlotReport&) = default;
};

/// Where it is, below the system's root folder.
inline constexpr auto slot_report_file = "/run/riverlight-slots/slots.json";

/// Replaces the file atomically. Throws DiskFault.
void write_slot_report(const std::string& path, const SlotReport& report);
/// Nothing if there is none, or it cannot be read. A trust that this version does not know makes it
/// unreadable; a fault becomes `unknown`. Never throws.
[[nodiscard]] std::optional<SlotReport> read_slot_report(const std::string& path);

}  // namespace riverlight::firmware
