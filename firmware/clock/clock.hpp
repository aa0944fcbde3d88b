#pragma once
#include <cstdint>
#include <string>

#include "content/base/instant.hpp"
#include "firmware/journal/record.hpp"

/// The board's time and how far it is to be trusted. Nothing below main reads a clock by itself.
namespace riverlight::firmware {

struct ClockReading {
    Instant now{};
    ClockState state = ClockState::floor;
    std::int64_t error_ms = -1;  ///< −1: unknown
    std::int64_t monotonic_us = 0;
};

/// The realtime clock, never before `floor` (the latest instant that the board is sure has passed); whether a
/// time daemon disciplines it and within what bound, by adjtimex(2).
[[nodiscard]] ClockReading read_clock(Instant floor);
/// Of this boot: /proc/sys/kernel/random/boot_id; `unknown` without it.
[[nodiscard]] std::string boot_id();

}  // namespace riverlight::firmware
