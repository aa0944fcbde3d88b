#pragma once
#include <string>

namespace riverlight::firmware {

/// Why `folder` cannot hold a board's state, as a sentence for people with what to do; empty if it can: it is
/// there or can be made, and a file written to it reads back as it was. `own_partition`: it must lie on
/// another filesystem than `/`; the bare folder of a partition that is not mounted does not count. On a full
/// disk, what was staged for the store is removed first, and the folder looked at again. Blocking; never
/// throws.
[[nodiscard]] std::string state_fault(const std::string& folder, bool own_partition);

}  // namespace riverlight::firmware
