#include "player/feed/file_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace riverlight::player {
namespace {

using namespace std::chrono;

constexpr std::size_t most_at_once = 512;  ///< IOV_MAX is 1,024 on Linux

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
            write_gathered();
            open_hour(hour);
        }
        // writev() reads what it is given.
        gathered_.push_back({const_cast<std::uint8_t*>(d.bytes.data()), d.bytes.size()});
        if (gathered_.size() == most_at_once) write_gathered();
    }
    write_gathered();
}

void FileCarrier::write_gathered() {
    for (std::span<iovec> left(gathered_); !left.empty();) {
        const auto wrote = ::writev(fd_.get(), left.data(), static_cast<int>(left.size()));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) fail(name_, errno);
        bytes_ += wrote;
        auto rest = static_cast<std::size_t>(wrote);
        for (; !left.empty() && rest >= left[0].iov_len; left = left.subspan(1)) rest -= left[0].iov_len;
        if (left.empty()) break;
        left[0].iov_base = static_cast<std::uint8_t*>(left[0].iov_base) + rest;
        left[0].iov_len -= rest;
    }
    gathered_.clear();
}

void FileCarrier::close() {
    if (fd_ && ::close(fd_.release()) != 0 && errno != EINTR) fail(name_, errno);
}

}  // namespace riverlight::player
