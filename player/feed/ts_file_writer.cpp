#include "player/feed/ts_file_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <filesystem>

namespace riverlight::player {
namespace {

using namespace std::chrono;

constexpr std::size_t max_gathered = 512;  ///< IOV_MAX is 1,024 on Linux

[[noreturn]] void fail(const std::string& path, int error) {
    throw Error("cannot write " + path + ": " + system_reason(error) +
                (error == ENOSPC ? "; make room on that disk" : ""));
}

std::string hour_name(Instant hour) {
    return to_rfc3339(hour).substr(0, 13) + "Z.ts";
}

/// Seeks behind the last whole packet: a process that was killed may have left part of one.
void seek_to_end_of_packets(const Fd& fd, const std::string& path) {
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0) fail(path, errno);
    const auto whole = info.st_size - info.st_size % static_cast<off_t>(packet_size);
    if ((whole != info.st_size && ::ftruncate(fd.get(), whole) != 0) ||
        ::lseek(fd.get(), whole, SEEK_SET) < 0)
        fail(path, errno);
}

}  // namespace

void TsFileWriter::open(const std::atomic<bool>&) {
    if (hours_) {
        std::error_code ec;
        std::filesystem::create_directories(path_, ec);
        if (ec) throw Error("cannot make the folder " + path_ + ": " + ec.message());
        hour_.reset();
        return;
    }
    name_ = path_;
    // Opened again after a failure, it holds the beginning of this feed.
    const int truncate = was_open_ ? 0 : O_TRUNC;
    fd_ = Fd(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | truncate, 0644));
    if (!fd_) fail(name_, errno);
    if (was_open_) seek_to_end_of_packets(fd_, name_);
    was_open_ = true;
}

void TsFileWriter::open_hour(Instant hour) {
    close();
    name_ = path_ + '/' + hour_name(hour);
    fd_ = Fd(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    if (!fd_) fail(name_, errno);
    seek_to_end_of_packets(fd_, name_);
    hour_ = hour;
}

std::vector<bool> TsFileWriter::write(std::span<const Datagram> datagrams) {
    gathered_.clear();
    for (const auto& d : datagrams) {
        const auto hour = floor<hours>(d.utc);
        if (hours_ && (!fd_ || hour != hour_)) {
            write_gathered();
            open_hour(hour);
        }
        // writev() only reads, but its iovec is not const.
        gathered_.push_back({const_cast<std::uint8_t*>(d.bytes.data()), d.bytes.size()});
        if (gathered_.size() == max_gathered) write_gathered();
    }
    write_gathered();
    return std::vector<bool>(datagrams.size(), true);
}

void TsFileWriter::write_gathered() {
    assert(gathered_.empty() || fd_);
    for (std::span<iovec> left(gathered_); !left.empty();) {
        const auto wrote = ::writev(fd_.get(), left.data(), static_cast<int>(left.size()));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) fail(name_, errno);
        bytes_written_ += wrote;
        auto rest = static_cast<std::size_t>(wrote);
        for (; !left.empty() && rest >= left[0].iov_len; left = left.subspan(1)) rest -= left[0].iov_len;
        if (left.empty()) break;
        left[0].iov_base = static_cast<std::uint8_t*>(left[0].iov_base) + rest;
        left[0].iov_len -= rest;
    }
    gathered_.clear();
}

void TsFileWriter::close() {
    if (fd_ && ::close(fd_.release()) != 0 && errno != EINTR) fail(name_, errno);
}

}  // namespace riverlight::player
