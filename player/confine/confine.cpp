#include "player/confine/confine.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "content/base/files.hpp"
#include "player/confine/landlock.hpp"

namespace riverlight::player {
namespace {

constexpr std::int64_t min_memory = 64LL << 20;
constexpr rlim_t max_files = 512;

void limit(int what, rlim_t value, const char* name) {
    const rlimit both{value, value};
    // NOLINTNEXTLINE(bugprone-narrowing-conversions): glibc's enum in C++
    if (::setrlimit(static_cast<__rlimit_resource_t>(what), &both) != 0)
        throw Error(std::string("the player cannot limit its ") + name + ": " + system_reason(errno));
}

std::string in_home(const char* path) {
    const char* home = std::getenv("HOME");
    return home ? std::string(home) + path : std::string();
}

std::string from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Paths that libraries read. None of them has settings, keys or journals of a board.
std::vector<std::string> library_read_paths() {
    return {"/usr",
            "/lib",
            "/lib64",
            "/opt/vc",
            "/etc/fonts",
            "/etc/ld.so.cache",
            "/etc/localtime",
            "/etc/alsa",
            "/etc/asound.conf",
            "/etc/group",  // alsa-lib looks up the group of the mixer's shared memory (ipc_gid)
            "/etc/pulse",
            "/etc/drirc",
            "/etc/hosts",
            "/etc/resolv.conf",
            "/etc/nsswitch.conf",
            "/etc/host.conf",
            "/etc/gai.conf",
            "/etc/services",
            "/var/cache/fontconfig",
            "/proc/self",
            "/proc/cpuinfo",
            "/proc/meminfo",
            "/proc/stat",
            "/proc/asound",
            "/sys/class",
            "/sys/devices",
            "/sys/dev",
            "/run/udev",
            in_home("/.config/pulse"),
            in_home("/.fonts"),
            in_home("/.local/share/fonts"),
            in_home("/.Xauthority"),
            from_environment("XAUTHORITY")};
}

/// Paths that libraries write: the sound server's shared memory and the font cache. The outlet adds its
/// devices.
std::vector<std::string> library_write_paths() {
    return {"/dev/null",
            "/dev/zero",
            "/dev/random",
            "/dev/urandom",
            in_home("/.cache/fontconfig"),
            from_environment("XDG_RUNTIME_DIR")};
}

}  // namespace

void limit_memory(std::int64_t bytes) {
    if (bytes < min_memory)
        throw Error("a player needs at least " + std::to_string(min_memory >> 20) +
                    " MiB of memory; it was given " + std::to_string(bytes >> 20));
    limit(RLIMIT_DATA, static_cast<rlim_t>(bytes), "memory");
}

void permit_real_time(int priority) {
    assert(priority > 0);
    const rlimit both{static_cast<rlim_t>(priority), static_cast<rlim_t>(priority)};
    static_cast<void>(::setrlimit(RLIMIT_RTPRIO, &both));
}

Confinement confine(const ConfineOptions& options) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        throw Error("the player cannot renounce new privileges: " + system_reason(errno));
    limit(RLIMIT_CORE, 0, "core files");
    limit(RLIMIT_NOFILE, max_files, "open files");
    ::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit fails as on a full disk
    assert(options.largest_file > 0);
    limit(RLIMIT_FSIZE, static_cast<rlim_t>(options.largest_file), "files' size");
    if (options.memory_bytes) limit_memory(*options.memory_bytes);
    auto read = library_read_paths(), write = library_write_paths();
    read.insert(read.end(), options.read.begin(), options.read.end());
    write.insert(write.end(), options.write.begin(), options.write.end());
    Confinement confinement;
    confinement.landlock_version = restrict_files(
        read, write, options.list, options.sockets.local ? AbstractSockets::all : AbstractSockets::own_only);
    filter_system_calls(options.sockets);
    return confinement;
}

}  // namespace riverlight::player
