#include "firmware/start/state_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;

std::string fault_of(const std::string& folder, const std::string& why) {
    return "The state folder " + folder + " cannot be used: " + why +
           ". Check that the data partition is mounted, healthy and not full, and who owns the folder.";
}

bool is_on_root_filesystem(const std::string& folder) {
    struct stat here {
    }, root{};
    return ::stat(folder.c_str(), &here) == 0 && ::stat("/", &root) == 0 && here.st_dev == root.st_dev;
}

/// Why a file cannot be written and read back; empty if it can. Nothing is flushed: the start is counted
/// next, durably, and that shows what only a flush can.
std::string probe(const std::string& folder) {
    const auto path = folder + "/.state-probe";
    const auto text = random_hex(16);
    std::string why;
    try {
        make_way(path);
        const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            throw DiskFault("cannot write " + path + ": " + system_reason(errno));
        if (read_file(path, 64) != text) why = "it returned other bytes than were written";
    } catch (const Error& e) {
        why = e.what();
    }
    std::error_code ec;
    fs::remove(path, ec);
    if (why.empty() && ec) why = "a file in it could not be removed (" + ec.message() + ')';
    return why;
}

/// Removes unfinished downloads of the store if the disk is full. True if that made room.
bool make_room(const std::string& folder) {
    std::error_code ec;
    const auto space = fs::space(folder, ec);
    if (ec || space.available > (1U << 20)) return false;
    std::uintmax_t removed = 0;
    for (const auto& entry : fs::directory_iterator(folder + "/store/staging", ec)) {
        std::error_code gone;
        const auto count = fs::remove_all(entry.path(), gone);
        if (!gone) removed += count;
    }
    return removed > 0;
}

}  // namespace

std::optional<std::string> check_state_folder(const std::string& folder, bool own_partition) {
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec) return fault_of(folder, ec.message());
    if (!fs::is_directory(folder, ec)) return fault_of(folder, ec ? ec.message() : "it is not a folder");
    if (own_partition && is_on_root_filesystem(folder))
        return fault_of(folder,
                        "its partition is not mounted (own_partition is set, and the folder is on /)");
    auto why = probe(folder);
    if (!why.empty() && make_room(folder)) why = probe(folder);
    if (why.empty()) return {};
    return fault_of(folder, why);
}

}  // namespace riverlight::firmware
