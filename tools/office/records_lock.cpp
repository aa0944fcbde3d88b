#include "tools/office/records_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

constexpr auto in_use = "an office serves these records, or a command writes them: stop the office first";

Fd opened(const std::string& folder) {
    Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) throw Error(folder + ": the state folder cannot be opened (" + system_reason(errno) + ")");
    return fd;
}

/// False: somebody holds it otherwise.
bool lock(const Fd& fd, const std::string& folder, int how) {
    while (::flock(fd.get(), how | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR) throw Error(folder + ": cannot be locked (" + system_reason(errno) + ")");
    }
    return true;
}

}  // namespace

RecordsLock RecordsLock::shared(const std::string& folder) {
    auto fd = opened(folder);
    if (!lock(fd, folder, LOCK_SH))
        throw Error(folder + ": the records are being moved or restored; try again when that has ended");
    return RecordsLock(std::move(fd));
}

RecordsLock RecordsLock::sole(const std::string& folder) {
    auto fd = opened(folder);
    if (!lock(fd, folder, LOCK_EX)) throw Error(folder + ": " + in_use);
    return RecordsLock(std::move(fd));
}

void take_sole_use(Database& db) {
    if (db.kind() == DatabaseKind::sqlite) return;
    // Its transaction may wait for long while the other database is read.
    try {
        db.run_all(
            "SET lock_timeout='1s'; SELECT pg_advisory_lock(x'5249564553'::bigint); SET lock_timeout='5s'; "
            "SET idle_in_transaction_session_timeout=0");
    } catch (const Error& e) {
        throw Error(db.name + ": " + in_use + " (" + e.what() + ")");
    }
}

}  // namespace riverlight::office
