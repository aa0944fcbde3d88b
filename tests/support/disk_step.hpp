#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

/// What a watch of a folder records and a replay repeats.
namespace riverlight::test {

/// One thing done to the watched folder, in order.
struct DiskStep {
    enum class Kind {
        create,
        write,
        resize,
        sync_file,
        sync_folder,
        rename,
        remove,
        make_folder,
        remove_folder
    };
    Kind kind{};
    std::string path, to;     ///< below the folder; `to` of a rename
    std::uint64_t inode = 0;  ///< of create, write, resize, sync_file
    std::uint64_t at = 0;     ///< of write; the new size of resize
    std::string bytes;
};

/// Paths of the files below `folder`, relative to it, in the order that numbers them. Adds subfolders to
/// `folders`.
[[nodiscard]] std::vector<std::string> files_below(const std::string& folder, std::set<std::string>& folders);

}  // namespace riverlight::test
