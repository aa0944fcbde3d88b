#pragma once
#include <string>

#include "content/base/instant.hpp"

namespace riverlight::firmware {

class Journal;

/// Since when the board has been in service: planned airings before that are not expected of it. Kept in the
/// journal; a new epoch starts again. If it was first noted by a clock that was not known to be right (a
/// first start without a network, in 1970), it is corrected once the time is known: by the monotonic clock
/// within the same boot, else to the moment at which the time became known. Loop thread.
class ServiceStart {
  public:
    ServiceStart(Journal& journal, std::string boot_id) : journal_(journal), boot_id_(std::move(boot_id)) {}

    /// Since when; notes `now` if nothing is noted. `is_sure`: `now` is known to be right. Throws Error if
    /// the journal cannot be written; then nothing has changed.
    [[nodiscard]] Instant at(Instant now, bool is_sure, MonotonicTime monotonic);

  private:
    Journal& journal_;
    std::string boot_id_;
};

}  // namespace riverlight::firmware
