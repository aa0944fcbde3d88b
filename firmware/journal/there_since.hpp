#pragma once
#include <cstdint>
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

class Journal;

/// Since when a board is there: what was planned before that is nobody's loss. Kept among its journal's
/// notes, so that a new journal begins anew. Where it was noted by a clock that nobody vouched for (a first
/// start without a network, in 1970), it is set right as soon as the time is known: by the monotonic clock
/// within the same boot, else to the moment at which the board learnt the time. On the loop's thread.
class ThereSince {
  public:
    ThereSince(Journal& journal, std::string boot_id) : journal_(journal), boot_id_(std::move(boot_id)) {}

    /// `sure`: `now` is known to be right. Notes it where nothing is noted. Throws Error where the journal
    /// cannot be written; then nothing has changed.
    [[nodiscard]] Instant at(Instant now, bool sure, std::int64_t monotonic_us);

  private:
    Journal& journal_;
    std::string boot_id_;
};

}  // namespace riverlight::firmware
