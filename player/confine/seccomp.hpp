#pragma once

namespace riverlight::player {

/// What a player may open sockets for. Those that it was started with stay open.
struct Sockets {
    bool network = false;  ///< to other machines
    bool local = false;    ///< to programs on this machine: a window's display and sound servers
};

/// Refuses system calls that a player never needs, for this thread and every thread it starts (seccomp(2),
/// through libseccomp). With EPERM: other programs, processes of its own, the system's settings, and signals,
/// limits, priorities and processors of any process but this one. With EACCES: sockets that `sockets` does
/// not name. Throws Error where the kernel refuses the filter.
void filter_system_calls(const Sockets& sockets);

}  // namespace riverlight::player
