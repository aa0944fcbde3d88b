#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace riverlight::player {

/// Local sockets without a file, which no file rule restricts.
enum class AbstractSockets : std::uint8_t {
    own_only,  ///< only those that this process made itself
    all,       ///< X servers listen on one
};

/// Restricts this thread, and every thread it starts, to some files (Landlock, landlock(7)). `read`: folders
/// and files that may be read, with everything below them; `write`: folders that may be read and written;
/// `list`: folders whose names may be listed, with those below, but no file opened. Other paths are refused
/// with EACCES; paths that do not exist are ignored. From Landlock's version 6 on it also keeps signals, and
/// abstract sockets as `abstract` says, within the process. Returns Landlock's version; nothing where this
/// kernel has no Landlock, and then nothing is restricted. Throws Error where the kernel refuses.
[[nodiscard]] std::optional<int> restrict_files(const std::vector<std::string>& read,
                                                const std::vector<std::string>& write,
                                                const std::vector<std::string>& list = {},
                                                AbstractSockets abstract = AbstractSockets::own_only);

}  // namespace riverlight::player
