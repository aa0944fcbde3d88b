#include "firmware/stick/import_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace riverlight::firmware {
namespace {

std::string path_in(const std::string& folder) {
    return folder + "/stick.lock";
}

}  // namespace

Fd hold_import_lock(const std::string& folder) {
    const auto path = path_in(folder);
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd || ::flock(fd.get(), LOCK_SH) != 0)
        throw DiskFault("cannot lock " + path + ": " + system_reason(errno));
    return fd;
}

bool is_import_running(const std::string& folder) {
    const Fd fd(::open(path_in(folder).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace riverlight::firmware
