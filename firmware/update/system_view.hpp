#pragma once
#include <optional>
#include <string>

#include "content/airing/system_report.hpp"
#include "firmware/slots/slot_report.hpp"

namespace riverlight::firmware {

/// What people see of a board's system and its update, at one moment.
struct SystemView {
    content::SystemReport report;
    std::string compatible;             ///< the kind of board
    bool looked_after = true;           ///< false: this run of the board leaves the system as it is
    std::optional<SlotReport> slots{};  ///< none: not known yet
    std::string other_version{};        ///< in the slot that does not run; empty: not known, or none
    std::string why{};                  ///< of the last update's fault, for a technician; may be empty
    std::string trouble{};  ///< why it waits, in others' words (Updater::why_it_waits()); may be empty
    std::optional<Instant> next_idle{};  ///< while it waits for the place to close: when that is
    friend bool operator==(const SystemView&, const SystemView&) = default;
};

}  // namespace riverlight::firmware
