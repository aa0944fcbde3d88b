#pragma once

namespace riverlight::player {

/// Refuses system calls that a player never needs, with EPERM, for this thread and every thread it starts
/// (seccomp(2), through libseccomp). Without `network` only local sockets can be opened; others are refused
/// with EACCES. Throws Error where the kernel refuses the filter.
void filter_system_calls(bool network);

}  // namespace riverlight::player
