#include "player/confine/confine.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdlib>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

constexpr std::int64_t least_memory = 64LL << 20;
constexpr rlim_t most_files = 512;

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

/// What the libraries read on their own account; no settings, keys or journals of a board lie here.
std::vector<std::string> libraries_read() {
    return {"/usr",
            "/lib",
            "/lib64",
            "/opt/vc",
            "/etc/fonts",
            "/etc/ld.so.cache",
            "/etc/localtime",
            "/etc/alsa",
            "/etc/asound.conf",
            "/etc/group",  // whose the mixer's shared memory is (alsa-lib, ipc_gid)
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

/// What they write: the sound server's shared memory, the cache of fonts. Devices are the outlet's own.
std::vector<std::string> libraries_write() {
    return {"/dev/null",
            "/dev/zero",
            "/dev/random",
            "/dev/urandom",
            in_home("/.cache/fontconfig"),
            from_environment("XDG_RUNTIME_DIR")};
}

}  // namespace

void limit_memory(std::int64_t bytes) {
    if (bytes < least_memory)
        throw Error("a player needs at least " + std::to_string(least_memory >> 20) +
                    " MiB of memory; it was given " + std::to_string(bytes >> 20));
    limit(RLIMIT_DATA, static_cast<rlim_t>(bytes), "memory");
}

Confined confine(const Confinement& how) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        throw Error("the player cannot give up new privileges: " + system_reason(errno));
    limit(RLIMIT_CORE, 0, "core files");
    limit(RLIMIT_NOFILE, most_files, "open files");
    if (how.memory_bytes > 0) limit_memory(how.memory_bytes);
    auto read = libraries_read(), write = libraries_write();
    read.insert(read.end(), how.read.begin(), how.read.end());
    write.insert(write.end(), how.write.begin(), how.write.end());
    Confined confined;
    confined.files_version = confine_files(read, write, how.list);
    confined.files = confined.files_version > 0;
    filter_system_calls(how.network);
    return confined;
}

}  // namespace riverlight::player
