#include "tools/upload/upload_plan.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "content/base/error.hpp"
#include "content/base/files.hpp"

namespace riverlight::upload {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view metadata_folder = "metadata/", timestamp = "metadata/timestamp.json";

/// Files are staged as `name.json.AbCdEf`. A media file's `<sha256>.<sha256>.webvtt` is not.
bool is_unfinished(const fs::path& file) {
    constexpr std::size_t longest_ending = 10;
    const auto before = file.stem().extension().string();
    return file.extension().string().size() == 7 && !before.empty() && before.size() <= longest_ending;
}

FileState state_of(const fs::path& file) {
    struct stat facts {};
    if (::stat(file.c_str(), &facts) != 0)
        throw Error(file.string() + ": cannot be read: " + system_reason(errno));
    return {static_cast<std::uint64_t>(facts.st_size),
            static_cast<std::int64_t>(facts.st_mtim.tv_sec) * 1'000'000 + facts.st_mtim.tv_nsec / 1000};
}

/// When a file may become visible to readers.
enum class Turn : std::uint8_t {
    target,     ///< first: nobody asks for it yet
    versioned,  ///< then: it has its version in its name
    last,       ///< what readers ask for first
};

Turn turn_of(const std::string& path) {
    if (!path.starts_with(metadata_folder)) return Turn::target;
    return path == timestamp || path.ends_with(".root.json") ? Turn::last : Turn::versioned;
}

}  // namespace

Files list_tree(const std::string& folder) {
    if (!fs::exists(folder + '/' + std::string(timestamp)))
        throw Error(folder + ": is no channel's tree; publish it first (riverlight channel publish --out)");
    Files files;
    for (const auto* part : {"metadata", "targets"}) {
        const auto root = fs::path(folder) / part;
        if (!fs::exists(root)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root))
            if (entry.symlink_status().type() == fs::file_type::regular && !is_unfinished(entry.path()))
                files.emplace(entry.path().lexically_relative(folder).string(), state_of(entry.path()));
    }
    return files;
}

UploadPlan plan_upload(const Files& files, const Files& sent) {
    UploadPlan plan;
    for (const auto& [path, state] : files) {
        const auto had = sent.find(path);
        if (had == sent.end() || had->second != state) plan.put.push_back(path);
    }
    std::stable_sort(plan.put.begin(), plan.put.end(), [&](const auto& a, const auto& b) {
        const auto key = [&](const std::string& path) {
            const auto turn = turn_of(path);
            return std::tuple(turn, turn == Turn::last ? files.at(path).written_us : 0);
        };
        return key(a) < key(b);
    });
    for (const auto& [path, state] : sent)
        if (!files.contains(path)) plan.remove.push_back(path);
    return plan;
}

}  // namespace riverlight::upload
