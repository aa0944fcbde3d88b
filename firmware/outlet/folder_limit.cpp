#include "firmware/outlet/folder_limit.hpp"

#include <sys/stat.h>

#include <cassert>
#include <chrono>
#include <filesystem>

#include "content/store/space.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::uint64_t own_folder_bytes = 64U << 20;
constexpr std::size_t most_files = 2000;
/// Above the mux rate of every profile (player/feed/profile.hpp).
constexpr std::uint64_t fastest_feed = 20'000'000 / 8;
constexpr auto longest_gop = 2s;            // a segment ends at a key picture
constexpr const char* hls_prefix = "live";  // of segments and playlist
constexpr off_t small_file = 4096;

std::uint64_t hls_bytes(const player::OutputSpec& spec) {
    // The list, as many that left it, and those that are being written or removed
    // (player/feed/hls_writer.hpp).
    const auto segments = 2 * static_cast<std::uint64_t>(spec.window) + 4;
    const auto seconds = static_cast<std::uint64_t>((spec.segment + longest_gop).count());
    return 2 * segments * seconds * fastest_feed;
}

}  // namespace

std::vector<FolderLimit> folder_limits(const OutletSetup& setup) {
    std::vector<FolderLimit> limits{{setup.player.folder, own_folder_bytes, {}, "feed"}};
    const auto& words = setup.player.options;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i - 1] != "--outlet") continue;
        const auto spec = player::parse_output(words[i]);
        if (spec.kind != player::OutputSpec::Kind::hls) continue;
        if (spec.path.starts_with(setup.player.folder + '/'))
            limits.front().bytes += hls_bytes(spec);
        else
            limits.push_back({spec.path, hls_bytes(spec), hls_prefix, {}});
    }
    return limits;
}

std::optional<std::string> find_excess(const FolderLimit& limit) {
    assert(!limit.folder.empty() && limit.bytes > 0);
    std::uint64_t bytes = 0;
    std::size_t files = 0;
    std::error_code ec;
    for (fs::recursive_directory_iterator at(limit.folder, ec), end; !ec && at != end; at.increment(ec)) {
        if (!at->path().filename().string().starts_with(limit.prefix)) continue;
        if (++files > most_files)
            return "the player put more than " + std::to_string(most_files) + " files into " + limit.folder;
        struct stat about {};
        if (::lstat(at->path().c_str(), &about) == 0)
            bytes += static_cast<std::uint64_t>(about.st_blocks) * 512;
    }
    if (bytes <= limit.bytes) return {};
    return "the player wrote " + content::format_size(bytes) + " into " + limit.folder + ", where " +
           content::format_size(limit.bytes) + " are the most";
}

void clear_folder(const FolderLimit& limit) {
    std::error_code ec;
    std::vector<fs::path> found;
    for (fs::directory_iterator at(limit.folder, ec), end; !ec && at != end; at.increment(ec)) {
        struct stat about {};
        const bool kept = at->path().filename() == limit.keeps && ::lstat(at->path().c_str(), &about) == 0 &&
                          S_ISREG(about.st_mode) && about.st_size <= small_file;
        if (!kept && at->path().filename().string().starts_with(limit.prefix)) found.push_back(at->path());
    }
    for (const auto& path : found) fs::remove_all(path, ec);
}

}  // namespace riverlight::firmware
