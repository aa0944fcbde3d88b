#include "content/store/scrub.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/verity.hpp"
#include "content/store/layout.hpp"
#include "content/store/store_files.hpp"

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

/// One file of a release: the name under which it is kept, and the hash that its bytes must have.
struct ReleaseFile {
    std::string sha256, name;
    bool fact = false;
};

/// By path, in the order of a round.
std::map<std::string, ReleaseFile> files_of(const StoreLayout& layout) {
    std::map<std::string, ReleaseFile> out;
    for (const auto which : {KeptRelease::current, KeptRelease::last_good}) {
        const auto release = find_release(layout, which).value_or(StoredRelease{});
        for (const auto& [path, sha256] : release.facts)
            out.emplace(layout.facts(sha256), ReleaseFile{sha256, sha256, true});
        for (const auto& [name, bytes] : release.media)
            out.emplace(layout.media_folder() + '/' + name,
                        ReleaseFile{name.substr(0, name.find('.')), name, false});
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
    make_way(layout.scrubbed());
    write_file_atomically(layout.scrubbed(), pretty_json(json::object{{"format", 1}, {"after", after}}));
}

/// Whether something stands at `path`, of whatever kind.
bool exists(const std::string& path) {
    std::error_code ec;
    return std::filesystem::symlink_status(path, ec).type() != std::filesystem::file_type::not_found;
}

bool has_entries(const std::string& folder) {
    std::error_code ec;
    return std::filesystem::directory_iterator(folder, ec) != std::filesystem::directory_iterator{};
}

/// Reads files, and counts the bytes.
class Scrubber {
  public:
    Scrubber(const StoreLayout& layout, const std::atomic<bool>& stop)
        : layout_(layout), stop_(stop), had_copies_(has_entries(layout.copies_folder())) {}

    /// False if `stop` was set before it was done.
    bool read(const ReleaseFile& file) { return file.fact ? read_fact(file) : read_media(file); }
    ScrubReport report;

  private:
    /// Of the two files of a fact, repairs the one from the other.
    bool read_fact(const ReleaseFile& file) {
        const std::string paths[]{layout_.facts(file.sha256), layout_.facts_copy(file.sha256)};
        int good = 0;
        bool lost = false;
        for (const auto& path : paths) {
            const auto found = disk_hash(path, stop_, report.bytes);
            if (!found) return false;
            good += *found == file.sha256;
            // An earlier version kept no copies.
            lost = lost || (*found != file.sha256 && (had_copies_ || exists(path)));
        }
        if (good == 2) return true;
        const auto bytes = good == 1 ? find_fact(layout_, file.sha256) : std::nullopt;
        if (bytes) keep_fact(layout_, file.sha256, *bytes);
        if (lost || !bytes) (bytes ? report.repaired : report.damaged).push_back(file.name);
        return true;
    }

    bool read_media(const ReleaseFile& file) {
        const auto path = layout_.media_folder() + '/' + file.name;
        if (!exists(path)) {  // the next visit downloads it, unless …
            if (take_media_back(layout_, file.name)) report.repaired.push_back(file.name);
            return true;
        }
        const auto found = disk_hash(path, stop_, report.bytes);
        if (!found) return false;
        if (*found == file.sha256) {
            static_cast<void>(
                seal_file(path));  // from now on nobody alters it, where the file system has that
            return true;
        }
        set_media_aside(layout_, file.name);
        report.damaged.push_back(file.name);
        return true;
    }

    const StoreLayout& layout_;
    const std::atomic<bool>& stop_;
    bool had_copies_;
};

}  // namespace

std::string hash_on_disk(const std::string& path) {
    const std::atomic<bool> never = false;
    std::uint64_t bytes = 0;
    return disk_hash(path, never, bytes).value_or(std::string{});
}

void scrub_first(const std::string& root, const std::string& media_file) {
    assert(!media_file.empty());
    const StoreLayout layout{root};
    // What sorts directly before it.
    note(layout, layout.media_folder() + '/' + media_file.substr(0, media_file.size() - 1));
}

ScrubReport scrub(const std::string& root, std::uint64_t budget, const std::atomic<bool>& stop) {
    const StoreLayout layout{root};
    const auto files = files_of(layout);
    if (files.empty()) return {};
    Scrubber scrubber(layout, stop);
    auto at = files.upper_bound(after_of(layout));
    if (at == files.end()) at = files.begin();
    for (; at != files.end() && scrubber.report.bytes < budget; ++at)
        if (!scrubber.read(at->second)) break;
    scrubber.report.whole_round = at == files.end();
    note(layout, at == files.begin() ? std::string{} : std::prev(at)->first);
    return std::move(scrubber.report);
}

}  // namespace riverlight::content
