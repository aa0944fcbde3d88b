#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace riverlight::content {

/// What signed metadata says about a file.
struct FileFacts {
    std::optional<std::uint64_t> length;  ///< bytes; none: not given
    std::string sha256;                   ///< 64 hex digits; empty: not given
    std::string sha512;                   ///< 128 hex digits; empty: not given
    bool hashed = false;                  ///< hashes are given, though perhaps none of a supported kind
    /// True if one of its hashes can be checked.
    [[nodiscard]] bool checkable() const { return !sha256.empty() || !sha512.empty(); }
    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

}  // namespace riverlight::content
