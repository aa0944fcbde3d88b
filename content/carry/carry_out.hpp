#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "content/channel/trust.hpp"

namespace riverlight::content {

struct CarryOptions {
    std::string channel;              ///< folder of the channel's tree
    std::string trusted_root;         ///< root.json to trust; empty: the channel's own first one
    std::string stick;                ///< where the stick is mounted
    std::vector<std::string> places;  ///< copy the media that may air at these places; empty: all media
    /// Also copies the bundles of boards' systems that are not held (content/update); which boards get them
    /// is always copied.
    bool images = false;
    /// Returns the SHA-256 of a file on the medium; empty: hash_on_disk(). Tests pass a broken stick here.
    std::function<std::string(const std::string& path)> read_back;
};

struct CarryReport {
    std::int64_t snapshot = 0;
    std::size_t places = 0, files = 0, copied = 0, removed = 0;
    std::uint64_t bytes = 0;  ///< copied
};

/// Updates a stick to the channel's newest release: verifies the channel like any reader, copies missing
/// facts and media of the places, reads each file back from the stick, then writes the metadata, the
/// timestamp last, and finally removes what the release does not use. If the stick is pulled at any time, it
/// has either the former release or the new one. Blocks. Throws Error: NoRoom before anything is written; a
/// stick that does not store what was written to it.
CarryReport carry_out(
    const CarryOptions& options, UpdateTime moment,
    const std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace riverlight::content
