#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace riverlight::content {

/// How reading a file below a folder ended.
enum class LocalEnd { complete, absent, stopped, broken };
struct LocalRead {
    LocalEnd end = LocalEnd::complete;
    std::string why;  ///< the system's message if broken
};

/// Reads `path` (percent-encoded, relative) below `folder`, from byte `from` on. `handle` receives the pieces
/// and returns false to stop. Safe on a USB stick that anybody may have written to: reads only regular files,
/// follows no symbolic link below `folder`, refuses `..` and empty parts, and never blocks on a pipe or
/// device. Throws Error if `path` is something else than a regular file.
[[nodiscard]] LocalRead read_below(const std::string& folder, std::string_view path, std::uint64_t from,
                                   const std::function<bool(std::string_view piece)>& handle);

/// `file:///a%20b` → `/a b`. Throws Error for a host other than this one.
[[nodiscard]] std::string folder_of_url(std::string_view url);

}  // namespace riverlight::content
