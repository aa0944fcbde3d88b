#include "content/store/scrub.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <optional>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/store/layout.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

std::string after_of(const StoreLayout& layout) {
    try {
        const auto value = parse_json(read_file(layout.scrubbed(), 1024), layout.scrubbed());
        JsonFields fields(value, layout.scrubbed());
        fields.format(1);
        return fields.text("after");
    } catch (const Error&) {
        return {};  // no round yet, or the file is damaged: start a new round
    }
}

/// Path → the hash that its bytes must have.
std::map<std::string, std::string> files_of(const StoreLayout& layout) {
    std::map<std::string, std::string> out;
    for (const auto which : {KeptRelease::current, KeptRelease::last_good}) {
        const auto release = find_release(layout, which).value_or(StoredRelease{});
        for (const auto& [path, sha256] : release.facts) out.emplace(layout.facts(sha256), sha256);
        for (const auto& [name, bytes] : release.media)
            out.emplace(layout.media_folder() + '/' + name, name.substr(0, name.find('.')));
    }
    return out;
}

/// The hash of the file on disk: empty if it cannot be read, nothing if `stop` was set first.
std::optional<std::string> disk_hash(const std::string& path, const std::atomic<bool>& stop,
                                     std::uint64_t& bytes) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd) return std::string{};
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    Sha256 hash;
    std::string piece(1U << 20, '\0');
    for (;;) {
        if (stop) return {};
        const auto got = ::read(fd.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::string{};
        if (got == 0) break;
        hash.add({piece.data(), static_cast<std::size_t>(got)});
        bytes += static_cast<std::uint64_t>(got);
    }
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    return hash.hex();
}

void note(const StoreLayout& layout, const std::string& after) {
    write_file_atomically(layout.scrubbed(), pretty_json(json::object{{"format", 1}, {"after", after}}));
}

}  // namespace

std::string hash_on_disk(const std::string& path) {
    const std::atomic<bool> never = false;
    std::uint64_t bytes = 0;
    return disk_hash(path, never, bytes).value_or(std::string{});
}

ScrubReport scrub(const std::string& root, std::uint64_t budget, const std::atomic<bool>& stop) {
    const StoreLayout layout{root};
    ScrubReport report;
    const auto files = files_of(layout);
    if (files.empty()) return report;
    auto at = files.upper_bound(after_of(layout));
    if (at == files.end()) at = files.begin();
    for (; at != files.end() && report.bytes < budget; ++at) {
        const auto& [path, sha256] = *at;
        if (::access(path.c_str(), F_OK) != 0) continue;  // missing: the next visit downloads it
        const auto found = disk_hash(path, stop, report.bytes);
        if (!found) break;
        if (*found == sha256) continue;
        if (::unlink(path.c_str()) != 0 && errno != ENOENT)
            throw Error("cannot remove the damaged file " + path + ": " + system_reason(errno));
        report.damaged.push_back(path.substr(path.rfind('/') + 1));
    }
    report.whole_round = at == files.end();
    note(layout, at == files.begin() ? std::string{} : std::prev(at)->first);
    return report;
}

}  // namespace riverlight::content
