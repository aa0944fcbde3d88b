#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"

/// What a player gives up before it reads the first byte of media, so that a decoder which a hostile file
/// takes over can reach only one outlet's own files and sockets. Linux only: resource limits (setrlimit(2)),
/// system calls (seccomp.hpp), files (landlock.hpp).
namespace riverlight::player {

struct ConfineOptions {
    std::optional<std::int64_t> memory_bytes;  ///< RLIMIT_DATA, ≥ 64 MiB; nothing: no limit
    bool network = false;                      ///< may open internet sockets
    std::vector<std::string> read;             ///< folders and files that may be read, with all below them
    std::vector<std::string> write;            ///< folders that may be read and written, with all below them
    std::vector<std::string>
        list;  ///< folders whose names may be listed, with those below; no file is opened
};

struct Confinement {
    std::optional<int>
        landlock_version;  ///< nothing: this kernel has no Landlock, and files are not restricted
};

/// Confines this thread and every thread it starts, for good. Afterwards the process cannot start programs,
/// inspect other processes or change the system's settings. Besides the given folders it may use what
/// libraries need (fonts, devices, certificates, the display's own files). Call it before other threads
/// exist. Throws Error where the kernel refuses a limit or the filter: a player that cannot be confined must
/// not run.
[[nodiscard]] Confinement confine(const ConfineOptions& options);

/// One step of confine(): limits the process's memory. Throws Error below 64 MiB.
void limit_memory(std::int64_t bytes);

}  // namespace riverlight::player
