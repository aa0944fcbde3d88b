#include "firmware/stick/importer.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace riverlight::firmware {
namespace {

using State = StickNote::State;

std::string path_in(const std::string& folder) {
    return folder + "/stick.lock";
}

}  // namespace

Fd hold_stick_lock(const std::string& folder) {
    const auto path = path_in(folder);
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd || ::flock(fd.get(), LOCK_SH) != 0)
        throw DiskFault("cannot lock " + path + ": " + system_reason(errno));
    return fd;
}

bool stick_is_being_imported(const std::string& folder) {
    const Fd fd(::open(path_in(folder).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

std::optional<StickNote> StickWatch::told(std::optional<StickNote> note, bool alive,
                                          std::int64_t monotonic_us) {
    if (!note || note->state != State::reading) {
        since_us_.reset();
        return note;
    }
    if (!alive) {
        note->state = State::failed;
        note->words = import_ended_early;
        return note;
    }
    if (!since_us_ || note->words != words_) {
        words_ = note->words;
        since_us_ = monotonic_us;
    }
    if (std::chrono::microseconds(monotonic_us - *since_us_) >= patience)
        note->words +=
            " But for " + std::to_string((monotonic_us - *since_us_) / 60'000'000) +
            " minutes nothing has come from it. Pull it out, and try it again or another one; what the board "
            "holds plays on.";
    return note;
}

std::string words_of_end(const std::string& service_result, const std::string& exit_status, bool reading) {
    if (service_result == "success") return {};
    if (reading) return std::string(import_ended_early);
    // 1: the importer has written what was wrong. mount(8) has other numbers, and so has a signal its name.
    const bool said = service_result == "exit-code" && exit_status == "1";
    return said ? std::string{} : std::string(stick_not_opened);
}

}  // namespace riverlight::firmware
