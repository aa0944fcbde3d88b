#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "firmware/outlet/outlet_setup.hpp"

namespace riverlight::firmware {

/// A folder that a player fills by itself, and how much it may hold. A decoder that a hostile file has taken
/// over could fill the board's disk through it.
struct FolderLimit {
    std::string folder;
    std::uint64_t bytes = 0;                ///< on the disk, at most
    std::string prefix{};                   ///< only files whose names begin so; empty: all that is in it
    std::optional<std::string> keeps = {};  ///< name of a small file that clear_folder() leaves
};

/// Of an outlet's snapshot and memory, and of its HLS output by that output's own settings: all segments that
/// it keeps, at the rate of the fastest feed, twice. In an HLS folder elsewhere on the disk, which may hold
/// the files of others, only those with a segment's name count. Recordings (`file:`) have no such limit: they
/// are there to stay, and end when their disk is full.
[[nodiscard]] std::vector<FolderLimit> folder_limits(const OutletSetup& setup);

/// What is too much in a folder, as a sentence; nothing where it is within its limit. Reads names and sizes
/// of at most some thousand files: a folder with more is over its limit.
[[nodiscard]] std::optional<std::string> find_excess(const FolderLimit& limit);

/// Removes what counts in the folder, without following links; reports no error, since find_excess() finds it
/// again.
void clear_folder(const FolderLimit& limit);

}  // namespace riverlight::firmware
