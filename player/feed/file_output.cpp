#include "player/feed/file_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace riverlight::player {
namespace {

using namespace std::chrono;

[[noreturn]] void fail(const std::string& path, int error) {
    throw Error("cannot write " + path + ": " + system_reason(error) +
                (error == ENOSPC ? "; make room on that disk" : ""));
}

std::string hour_name(Instant hour) {
    return to_rfc3339(hour).substr(0, 13) + "Z.ts";
}

/// Where the next packet belongs; a process that was killed may have left a piece of one.
void go_to_last_packet(const Fd& fd, const std::string& path) {
    struct stat about {};
    if (::fstat(fd.get(), &about) != 0) fail(path, errno);
    const auto whole = about.st_size - about.st_size % static_cast<off_t>(packet_size);
    if ((whole != about.st_size && ::ftruncate(fd.get(), whole) != 0) ||
        ::lseek(fd.get(), whole, SEEK_SET) < 0)
        fail(path, errno);
}

}  // namespace

void FileCarrier::open(const std::atomic<bool>&) {
    if (hours_) {
        std::error_code ec;
        std::filesystem::create_directories(path_, ec);
        if (ec) throw Error("cannot make the folder " + path_ + ": " + ec.message());
        hour_ = {};
        return;
    }
    name_ = path_;
    const int anew =
        begun_ ? 0 : O_TRUNC;  // what is in it already is this feed's, where it was lost meanwhile
    fd_ = Fd(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | anew, 0644));
    if (!fd_) fail(name_, errno);
    if (begun_) go_to_last_packet(fd_, name_);
    begun_ = true;
}

void FileCarrier::open_hour(Instant hour) {
    close();
    name_ = path_ + '/' + hour_name(hour);
    fd_ = Fd(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!fd_) fail(name_, errno);
    go_to_last_packet(fd_, name_);
    hour_ = hour;
}

void FileCarrier::carry(std::span<const Datagram> run) {
    gathered_.clear();
    for (const auto& d : run) {
        const auto hour = floor<hours>(d.utc);
        if (hours_ && (!fd_ || hour != hour_)) {
            write(gathered_);
            gathered_.clear();
            open_hour(hour);
        }
        gathered_.insert(gathered_.end(), d.bytes.begin(), d.bytes.end());
    }
    write(gathered_);
}

void FileCarrier::write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::write(fd_.get(), bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) fail(name_, errno);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
        bytes_ += wrote;
    }
}

void FileCarrier::close() {
    if (fd_ && ::close(fd_.release()) != 0 && errno != EINTR) fail(name_, errno);
}

}  // namespace riverlight::player
