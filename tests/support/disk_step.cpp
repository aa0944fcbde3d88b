#include "tests/support/disk_step.hpp"

#include <algorithm>
#include <filesystem>

namespace riverlight::test {

std::vector<std::string> files_below(const std::string& folder, std::set<std::string>& folders) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        auto path = entry.path().string().substr(folder.size() + 1);
        if (entry.is_directory())
            folders.insert(std::move(path));
        else
            out.push_back(std::move(path));
    }
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace riverlight::test
