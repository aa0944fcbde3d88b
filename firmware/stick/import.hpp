#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "content/channel/trust.hpp"

namespace riverlight::firmware {

struct StickSetup {
    std::string stick;  ///< where it is mounted
    std::string state;  ///< the board's state folder
    std::string trusted_root, place;
    std::uint64_t quota = 0;
    int lock_seconds = 900;  ///< waits so long for a visit of the daemon to end
};

struct StickResult {
    bool failed = false;          ///< something that was on the stick could not be taken, or given to it
    bool changed = false;         ///< a new release is current
    std::int64_t airings = 0;     ///< of the journal, now on the stick
    std::int64_t receipted = -1;  ///< the office holds up to here, as its receipt on the stick says; −1: none
    std::string words;            ///< for people: what was taken and given, or why not
};

/// Takes from a stick what is on it and gives it the board's journal, each part for itself: the office's
/// receipt (only one signed by the office that the board enrolled with, and only further than the last), then
/// the journal as signed batches of 500, each written aside, renamed and read back, then the channel through
/// the same client as any other line, then what the journal has grown by. Nothing is believed because it is
/// on a stick; no folder of it is walked. Pulled at any time, the store holds the old release or the new one,
/// and the next import goes on. Never deletes a record. Blocking. Throws Error only where there is no stick.
/// What goes on, for people; `percent` of what is copied, while it is.
using TellImport = std::function<void(const std::string& words, std::optional<int> percent)>;
[[nodiscard]] StickResult import_stick(const StickSetup& setup, content::ClockReading moment,
                                       const TellImport& tell);

}  // namespace riverlight::firmware
