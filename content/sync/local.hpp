#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace riverlight::content {

/// How reading a file below a folder ended.
enum class LocalEnd { whole, absent, stopped, broken };
struct LocalRead {
    LocalEnd end = LocalEnd::whole;
    std::string why;  ///< the system's words where broken
};

/// Reads `path` (percent-encoded, relative) below `folder`, a stick or another place that anybody may have
/// written to, from byte `from` on; `take` gets the pieces, and false stops. Only regular files are read;
/// no symbolic link on the way is followed below `folder`, `..` and empty parts are refused, nothing blocks
/// on a pipe or a device. Throws Error for what is there and is no such file.
[[nodiscard]] LocalRead read_below(const std::string& folder, std::string_view path, std::uint64_t from,
                                   const std::function<bool(std::string_view piece)>& take);

/// `file:///a%20b` → `/a b`. Throws Error for a host that is not this one.
[[nodiscard]] std::string folder_of_url(std::string_view url);

}  // namespace riverlight::content
