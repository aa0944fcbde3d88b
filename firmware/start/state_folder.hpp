#pragma once
#include <optional>
#include <string>

namespace riverlight::firmware {

/// Why `folder` cannot hold a board's state, a sentence for people with what to do; none if it can: it exists
/// or can be made, and a file written to it reads back unchanged. `own_partition`: it must be on another
/// filesystem than `/`, so that the empty mount point of a partition that is not mounted does not count. On a
/// full disk, downloads in the store's staging folder are removed, and the check is made again. Blocking;
/// never throws.
[[nodiscard]] std::optional<std::string> check_state_folder(const std::string& folder, bool own_partition);

}  // namespace riverlight::firmware
