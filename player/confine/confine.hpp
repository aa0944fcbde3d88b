#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "content/base/error.hpp"

/// What a player gives up before it meets the first byte of media: a decoder taken over by a hostile file
/// holds no more than one outlet's own files and line. Linux only: resource limits (setrlimit(2)), system
/// calls (seccomp(2), through libseccomp), files (Landlock, landlock(7)).
namespace riverlight::player {

struct Confinement {
    std::int64_t memory_bytes = 0;   ///< RLIMIT_DATA, ≥ 64 MiB; 0: not limited
    bool network = false;            ///< may open internet sockets
    std::vector<std::string> read;   ///< folders and files that may be read, with all beneath them
    std::vector<std::string> write;  ///< folders that may be read and written, with all beneath them
    std::vector<std::string> list;  ///< folders whose names may be read, with those beneath them, and no file
};

struct Confined {
    bool files = false;     ///< false: this kernel has no Landlock, or has it switched off
    int files_version = 0;  ///< Landlock's, 0 without it
};

/// Gives it all up, for this thread and every one it starts; nothing gives it back. Programs cannot be
/// started, other processes cannot be looked into, the system's settings cannot be changed; without `network`
/// there are local sockets only, and an internet socket is refused with EACCES. What lies outside `read` and
/// `write`, and outside what libraries need (fonts, devices, certificates, the display's own files), is
/// refused with EACCES. A folder that is not there is passed over. Call it before other threads exist. Throws
/// Error where the kernel refuses a limit or the system-call filter: better no picture than an open door.
[[nodiscard]] Confined confine(const Confinement& how);

/// The single steps, for confine() and its tests.
void limit_memory(std::int64_t bytes);
void filter_system_calls(bool network);
/// 0 where this kernel has no Landlock; its version otherwise.
[[nodiscard]] int confine_files(const std::vector<std::string>& read, const std::vector<std::string>& write,
                                const std::vector<std::string>& list = {});

}  // namespace riverlight::player
