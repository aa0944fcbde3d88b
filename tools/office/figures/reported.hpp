#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "content/airing/status.hpp"
#include "tools/office/figures/doubt.hpp"

namespace riverlight::office {

// More than 12 members: what a settlement needs of a record.
/// What one record reports of an airing. An airing may have several: two outlets, or cut off by a power
/// failure and repeated.
struct Reported {
    std::string airing;              ///< record_id() of the record
    content::AiringStatus status{};  ///< that its evidence supports
    std::string reason;              ///< as the board gave it
    bool off_plan = false;           ///< aired too far from its planned time to count as that plan's airing
    std::string outlet{};            ///< the board and its outlet
    std::chrono::milliseconds shown{};  ///< of the item, as its evidence supports
    bool overclaims = false;            ///< the record claims more than that
    std::optional<Doubt> doubt{};       ///< it reports nothing but that
    std::string booking{}, campaign{}, segment{}, locale{};
};

}  // namespace riverlight::office
