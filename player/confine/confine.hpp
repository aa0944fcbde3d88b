#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"
#include "player/confine/seccomp.hpp"

/// What a player gives up before it reads the first byte of media, so that a decoder which a hostile file
/// takes over can reach only one outlet's own files and sockets. Linux only: resource limits (setrlimit(2)),
/// system calls (seccomp.hpp), files and signals (landlock.hpp), root's rights (user.hpp).
namespace riverlight::player {

/// Largest file of a player that records nothing: an HLS segment, the memory that it shares with a sound
/// server.
inline constexpr std::int64_t usual_largest_file = 256LL << 20;

struct ConfineOptions {
    std::optional<std::int64_t> memory_bytes;        ///< RLIMIT_DATA, ≥ 64 MiB; nothing: no limit
    std::int64_t largest_file = usual_largest_file;  ///< RLIMIT_FSIZE, bytes; a write beyond it fails (EFBIG)
    Sockets sockets;                                 ///< that may be opened
    std::vector<std::string> read;   ///< folders and files that may be read, with all below them
    std::vector<std::string> write;  ///< folders that may be read and written, with all below them
    std::vector<std::string>
        list;  ///< folders whose names may be listed, with those below; no file is opened
};

struct Confinement {
    std::optional<int>
        landlock_version;  ///< nothing: this kernel has no Landlock, and files are not restricted
};

/// Confines this thread and every thread it starts, for good. Afterwards the process cannot start programs,
/// signal, inspect or limit other processes, or change the system's settings. Besides the given folders it
/// may use what libraries need (fonts, devices, certificates, the display's own files). Call it before other
/// threads exist. Throws Error where the kernel refuses a limit or the filter: a player that cannot be
/// confined must not run.
[[nodiscard]] Confinement confine(const ConfineOptions& options);

/// Lets the process use real-time priorities up to `priority`, as root may, also when it is root no more. To
/// be called before become_user(). Changes nothing where the kernel does not allow it.
void permit_real_time(int priority);

/// One step of confine(): limits the process's memory. Throws Error below 64 MiB.
void limit_memory(std::int64_t bytes);

}  // namespace riverlight::player
