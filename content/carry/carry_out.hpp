#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "content/channel/trust.hpp"

namespace riverlight::content {

struct CarryOptions {
    std::string channel;              ///< folder of the channel's tree
    std::string trusted_root;         ///< root.json to trust it by; empty: its own first one
    std::string stick;                ///< where the stick is mounted
    std::vector<std::string> places;  ///< media that may air there; none: all media
    /// SHA-256 of what the medium holds under a path; empty: hash_on_disk(). Tests pass sticks that lie.
    std::function<std::string(const std::string& path)> read_back;
};

struct CarryReport {
    std::int64_t snapshot = 0;
    std::size_t places = 0, files = 0, copied = 0, removed = 0;
    std::uint64_t bytes = 0;  ///< copied
};

/// Brings a stick to the channel's newest release: verifies the channel like any reader, then writes what is
/// missing of facts and of the places' media, reads each back from the stick, then the metadata, the
/// timestamp last, and only after that removes what the release no longer names. Pulled at any time the stick
/// holds the old release or the new one. Blocking. Throws Error (NoRoom before anything is written; a stick
/// that does not keep what it is given).
CarryReport carry_out(
    const CarryOptions& options, ClockReading moment,
    const std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace riverlight::content
