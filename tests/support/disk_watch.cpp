#include "tests/support/disk_watch.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace riverlight::test {
namespace {

namespace fs = std::filesystem;
using Kind = DiskStep::Kind;

struct Handle {
    std::string path;  ///< below the watched folder; for a folder its own path, `.` for the watched one
    std::uint64_t inode = 0;
    bool folder = false;
};

/// The current watch. Every thread that calls libc reads it; only one of them uses the folder.
struct Watch {
    std::string folder;
    std::mutex mutex;
    std::vector<DiskStep> steps;
    std::map<int, Handle> handles;
    std::map<std::string, std::uint64_t> names;
    std::uint64_t next_inode = 1, calls = 0;
    std::optional<std::uint64_t> fail_at;
    int error = 0;
    bool for_good = false, failed = false;

    /// The path below the folder, `.` for the folder itself; nullopt for paths elsewhere.
    [[nodiscard]] std::optional<std::string> below(const char* path) const {
        const std::string text(path);
        if (text == folder) return ".";
        if (!text.starts_with(folder + '/')) return {};
        return fs::path(text.substr(folder.size() + 1)).lexically_normal().string();
    }
    /// True if this call must fail; sets errno then.
    bool faulty() {
        const auto now = calls++;
        if (!fail_at || now < *fail_at || (now > *fail_at && !for_good)) return false;
        failed = true;
        errno = error;
        return true;
    }
    void opened(int fd, const std::string& path, int flags) {
        struct stat status {};
        Handle handle{path, 0, ::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)};
        if (!handle.folder) {
            const auto known = names.find(path);
            if (known != names.end()) {
                handle.inode = known->second;
                if (flags & O_TRUNC) steps.push_back({Kind::resize, path, {}, handle.inode, 0, {}});
            } else if (flags & O_CREAT) {
                handle.inode = names[path] = next_inode++;
                steps.push_back({Kind::create, path, {}, handle.inode, 0, {}});
            }
        }
        handles[fd] = handle;
    }
};

Watch* watched = nullptr;

template <class Function>
Function real(const char* name, Function) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
#define REAL(name) static const auto next = real(#name, &::name)

/// Opens a file and records it; `path` is relative to the watched folder.
template <class Open>
int open_recorded(const std::string& path, int flags, const Open& open) {
    const std::lock_guard hold(watched->mutex);
    if (watched->faulty()) return -1;
    const int fd = open();
    if (fd >= 0) watched->opened(fd, path, flags);
    return fd;
}

/// The handle of a descriptor that belongs to the watched folder.
const Handle* handle_of(int fd) {
    if (!watched) return nullptr;
    const std::lock_guard hold(watched->mutex);
    const auto found = watched->handles.find(fd);
    return found == watched->handles.end() ? nullptr : &found->second;
}

bool must_fail() {
    const std::lock_guard hold(watched->mutex);
    return watched->faulty();
}

void record_step(DiskStep step) {
    const std::lock_guard hold(watched->mutex);
    watched->steps.push_back(std::move(step));
}

void record_write(const Handle& handle, const void* bytes, ssize_t wrote, off64_t at) {
    if (wrote <= 0) return;
    record_step({Kind::write,
                 handle.path,
                 {},
                 handle.inode,
                 static_cast<std::uint64_t>(at),
                 std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(wrote))});
}

void record_removal(const std::string& path, bool folder) {
    const std::lock_guard hold(watched->mutex);
    watched->steps.push_back(
        {folder ? Kind::remove_folder : Kind::remove, path, {}, watched->names[path], 0, {}});
    watched->names.erase(path);
}

mode_t mode_of(int flags, va_list more) {
    return flags & (O_CREAT | O_TMPFILE) ? static_cast<mode_t>(va_arg(more, int)) : 0;
}

}  // namespace

DiskWatch::DiskWatch(std::string folder) : folder_(std::move(folder)) {
    auto* fresh = new Watch;
    fresh->folder = folder_;
    std::set<std::string> folders;
    for (const auto& path : files_below(folder_, folders)) fresh->names[path] = fresh->next_inode++;
    watched = fresh;
}
DiskWatch::~DiskWatch() {
    delete std::exchange(watched, nullptr);
}
std::uint64_t DiskWatch::calls() const {
    return watched->calls;
}
void DiskWatch::fail(std::uint64_t nth, int error, bool for_good) {
    watched->fail_at = watched->calls + nth;
    watched->error = error;
    watched->for_good = for_good;
    watched->failed = false;
}
bool DiskWatch::failed() const {
    return watched->failed;
}
void DiskWatch::fail_no_more() {
    watched->fail_at.reset();
}
const std::vector<DiskStep>& DiskWatch::steps() const {
    return watched->steps;
}

}  // namespace riverlight::test

// These replace libc's functions and have its declarations. Calls outside the watched folder pass straight
// through.
using namespace riverlight::test;

extern "C" {

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    REAL(open);
    const auto below = watched ? watched->below(path) : std::nullopt;
    if (!below) return next(path, flags, mode);
    return open_recorded(*below, flags, [&] { return next(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    return open(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = mode_of(flags, more);
    va_end(more);
    REAL(openat);
    const auto* in = path[0] == '/' ? nullptr : handle_of(folder);
    auto below = watched && path[0] == '/' ? watched->below(path) : std::nullopt;
    if (in) below = in->path == "." ? std::string(path) : in->path + '/' + path;
    if (!below) return next(folder, path, flags, mode);
    return open_recorded(*below, flags, [&] { return next(folder, path, flags, mode); });
}

// <fcntl.h> calls these if _FORTIFY_SOURCE does not know the flags at compile time.
int __open_2(const char* path, int flags) {
    return open(path, flags);
}
int __openat_2(int folder, const char* path, int flags) {
    return openat(folder, path, flags);
}

int mkostemp(char* pattern, int flags) {
    REAL(mkostemp);
    const auto below = watched ? watched->below(pattern) : std::nullopt;
    if (!below) return next(pattern, flags);
    const std::lock_guard hold(watched->mutex);
    if (watched->faulty()) return -1;
    const int fd = next(pattern, flags);
    if (fd >= 0) watched->opened(fd, *watched->below(pattern), flags | O_CREAT);
    return fd;
}

int close(int fd) {
    REAL(close);
    if (watched) {
        const std::lock_guard hold(watched->mutex);
        watched->handles.erase(fd);
    }
    return next(fd);
}

ssize_t read(int fd, void* bytes, size_t count) {
    REAL(read);
    if (handle_of(fd) && must_fail()) return -1;
    return next(fd, bytes, count);
}

ssize_t pread64(int fd, void* bytes, size_t count, off64_t at) {
    REAL(pread64);
    if (handle_of(fd) && must_fail()) return -1;
    return next(fd, bytes, count, at);
}

ssize_t write(int fd, const void* bytes, size_t count) {
    REAL(write);
    const auto* handle = handle_of(fd);
    if (!handle) return next(fd, bytes, count);
    if (must_fail()) return -1;
    const auto at = ::lseek(fd, 0, SEEK_CUR);
    const auto wrote = next(fd, bytes, count);
    record_write(*handle, bytes, wrote, at);
    return wrote;
}

// SQLite writes with this one, syncs with fdatasync() and cuts with ftruncate64().
ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t at) {
    REAL(pwrite64);
    const auto* handle = handle_of(fd);
    if (!handle) return next(fd, bytes, count, at);
    if (must_fail()) return -1;
    const auto wrote = next(fd, bytes, count, at);
    record_write(*handle, bytes, wrote, at);
    return wrote;
}

int ftruncate(int fd, off_t length) noexcept {
    REAL(ftruncate);
    const auto* handle = handle_of(fd);
    if (!handle) return next(fd, length);
    if (must_fail()) return -1;
    const int done = next(fd, length);
    if (done == 0)
        record_step({DiskStep::Kind::resize,
                     handle->path,
                     {},
                     handle->inode,
                     static_cast<std::uint64_t>(length),
                     {}});
    return done;
}

int ftruncate64(int fd, off64_t length) noexcept {
    return ftruncate(fd, length);
}

int fsync(int fd) {
    const auto* handle = handle_of(fd);
    if (!handle) return 0;       // power cuts are simulated only for watched files
    if (must_fail()) return -1;  // none of it counts as synced
    record_step({handle->folder ? DiskStep::Kind::sync_folder : DiskStep::Kind::sync_file,
                 handle->path,
                 {},
                 handle->inode,
                 0,
                 {}});
    return 0;  // no real sync: the replay decides what is durable
}

int fdatasync(int fd) {
    return fsync(fd);
}

int rename(const char* from, const char* to) noexcept {
    REAL(rename);
    const auto below = watched ? watched->below(from) : std::nullopt;
    const auto target = watched ? watched->below(to) : std::nullopt;
    if (!below || !target) return next(from, to);
    if (must_fail()) return -1;
    const int done = next(from, to);
    if (done != 0) return done;
    const std::lock_guard hold(watched->mutex);
    const auto inode = watched->names[*below];
    watched->names.erase(*below);
    watched->names[*target] = inode;
    watched->steps.push_back({DiskStep::Kind::rename, *below, *target, inode, 0, {}});
    return 0;
}

int unlink(const char* path) noexcept {
    REAL(unlink);
    const auto below = watched ? watched->below(path) : std::nullopt;
    if (!below) return next(path);
    if (must_fail()) return -1;
    const int done = next(path);
    if (done == 0) record_removal(*below, false);
    return done;
}

int rmdir(const char* path) noexcept {
    REAL(rmdir);
    const auto below = watched ? watched->below(path) : std::nullopt;
    if (!below) return next(path);
    if (must_fail()) return -1;
    const int done = next(path);
    if (done == 0) record_removal(*below, true);
    return done;
}

int remove(const char* path) noexcept {
    REAL(remove);
    const auto below = watched ? watched->below(path) : std::nullopt;
    if (!below) return next(path);
    struct stat status {};
    const bool folder = ::lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
    return folder ? rmdir(path) : unlink(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
    REAL(mkdir);
    const auto below = watched ? watched->below(path) : std::nullopt;
    if (!below) return next(path, mode);
    if (must_fail()) return -1;
    const int done = next(path, mode);
    if (done == 0) record_step({DiskStep::Kind::make_folder, *below, {}, 0, 0, {}});
    return done;
}

}  // extern "C"
