#pragma once
#include <string>

#include "content/base/crypto.hpp"

namespace riverlight::firmware {

/// The key with which a board signs what it sends to the office.
struct BoardKey {
    SigningKey key;
    bool is_replacement = false;  ///< made now because neither file of the former key can be read
};

/// Reads the key at `path`, or its copy beside it, and makes both good again, mode 0600. Makes a key if there
/// is none yet. Files that are no key are renamed to `<path>.unreadable-<n>`, never removed. Throws Error,
/// and changes nothing, for files that may be good: that others may read, or that the disk does not deliver
/// now.
[[nodiscard]] BoardKey load_board_key(const std::string& path);

/// Makes a new key in place of the one at `path`, which belongs to another device; its files are renamed to
/// `<path>.given-up-<n>`. Throws Error.
[[nodiscard]] BoardKey replace_board_key(const std::string& path);

}  // namespace riverlight::firmware
