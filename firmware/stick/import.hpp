#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "content/channel/trust.hpp"
#include "firmware/update/system_paths.hpp"

namespace riverlight::firmware {

struct StickSetup {
    std::string stick;  ///< where it is mounted
    std::string state;  ///< the board's state folder
    std::string trusted_root, place;
    std::uint64_t quota = 0;  ///< most bytes of media in the store; 0: the disk is the limit
    int lock_seconds = 900;   ///< how long to wait for a visit of the daemon to end
    SystemPaths system{};     ///< says whether the board's system takes updates, and from which version
};

struct StickResult {
    bool failed = false;       ///< a part could not be read from the stick, or written to it
    bool changed = false;      ///< a new release is current
    std::int64_t airings = 0;  ///< of the journal, now on the stick
    std::optional<std::int64_t>
        receipted;        ///< the stick had the office's receipt: it holds records up to here
    std::string summary;  ///< for people: what was imported and exported, or why not
};

/// Progress for people; `percent` of the copy, while there is one.
using ReportImport = std::function<void(const std::string& message, std::optional<int> percent)>;

/// Imports what a stick holds and exports the board's journal to it. The parts are independent, in this
/// order.
/// 1. The office's receipt is taken, if it is signed by the office that the board is enrolled with, and newer
/// than the last.
/// 2. The journal is written as signed batches of 500, each aside, then renamed and read back.
/// 3. The channel is read with the same client and checks as over the network, and what it has for the
/// board's system.
/// 4. What the journal has grown by is written too.
///
/// Nothing is trusted because it is on a stick, and none of its folders is listed. If it is pulled out at any
/// time, the store has the old release or the new one, and the next import continues. Never deletes a record.
/// Blocking. Throws Error only if there is no stick.
[[nodiscard]] StickResult import_stick(const StickSetup& setup, content::UpdateTime clock,
                                       const ReportImport& report);

}  // namespace riverlight::firmware
