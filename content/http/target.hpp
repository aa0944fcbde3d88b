#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riverlight::http {

/// What a request line asks for (RFC 9112, 3.2).
struct Target {
    std::string host;  ///< of the absolute form, where it replaces the Host header; otherwise empty
    std::string path;  ///< percent-decoded, begins with `/`
    std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
};

/// Reads the origin form (`/path?query`) and the absolute form (`http://host/path`), which a client sends
/// that takes the server for a proxy. Nothing for the forms of CONNECT and OPTIONS, and for anything else.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

}  // namespace riverlight::http
