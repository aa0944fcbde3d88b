#pragma once
#include <cstdint>
#include <string>

namespace riverlight::content {

/// A file that metadata vouches for.
struct FileFacts {
    std::int64_t length = -1;  ///< −1: not said
    std::string sha256;        ///< empty: not said
    std::string sha512;        ///< empty: not said
    bool hashed = false;       ///< hashes are named, though perhaps none of a kind known here
    /// Whether any of its hashes can be checked.
    [[nodiscard]] bool checkable() const { return !sha256.empty() || !sha512.empty(); }
    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

}  // namespace riverlight::content
