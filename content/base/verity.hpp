#pragma once
#include <cstdint>
#include <optional>
#include <string>

/// Files that the kernel keeps as they are (fs-verity, Linux's Documentation/filesystems/fsverity.rst): ext4
/// and others have it where it was switched on. A sealed file cannot be written, only replaced or removed,
/// and each read of it is verified against a hash tree.
namespace riverlight {

enum class Sealing : std::uint8_t {
    sealed,       ///< now, or before
    unsupported,  ///< the kernel or the file system has no fs-verity
    refused,      ///< somebody writes the file, or there is no room for its hash tree
};
/// Seals a file that nobody will write any more. Reads all of it; blocks.
[[nodiscard]] Sealing seal_file(const std::string& path);

/// What the kernel says a sealed file's bytes are: fs-verity's digest, with its algorithm's number. Nothing
/// for every other file.
[[nodiscard]] std::optional<std::string> measure_seal(int fd);

}  // namespace riverlight
