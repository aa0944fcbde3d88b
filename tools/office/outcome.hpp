#pragma once
#include <string>

#include "content/airing/status.hpp"

namespace riverlight::office {

/// What one record says became of an airing. A planned airing may have several: two outlets, or cut off by a
/// power failure and repeated.
struct Outcome {
    std::string airing;  ///< record_id() of the record
    content::AiringStatus status{};
    std::string reason;     ///< as the board gave it
    bool off_plan = false;  ///< aired too far from its planned time to count as that plan's airing
};

}  // namespace riverlight::office
