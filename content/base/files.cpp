#include "content/base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace riverlight {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
}

int Fd::release() noexcept {
    return std::exchange(fd_, -1);
}

void Fd::reset(int fd) noexcept {
    assert(fd < 0 || fd != fd_);  // it would be closed and kept
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

std::string system_reason(int error_number) {
    return std::generic_category().message(error_number);
}

std::string read_file(const std::string& path, std::uint64_t cap) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    const Where where(path, "cannot read " + path);
    if (!fd && errno == ENOENT) throw ReadError(ReadFault::missing, where, system_reason(errno));
    if (!fd) throw Error(where.text() + ": " + system_reason(errno));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
        throw ReadError(ReadFault::wrong_type, where, "not a regular file");
    if (static_cast<std::uint64_t>(status.st_size) > cap) {
        throw ReadError(
            ReadFault::too_large, where,
            std::to_string(status.st_size) + " bytes, more than the " + std::to_string(cap) + " allowed");
    }
    std::string bytes;
    bytes.resize(static_cast<std::size_t>(status.st_size));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto n = ::read(fd.get(), bytes.data() + have, bytes.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error(where.text() + ": " + system_reason(errno));
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    bytes.resize(have);
    return bytes;
}

void sync_folder(const std::string& path) {
    const Fd fd(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
        throw DiskFault("cannot make folder " + path + " durable: " + system_reason(errno));
}

void make_way(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ec;
    const auto type = fs::symlink_status(path, ec).type();
    if (type == fs::file_type::regular || type == fs::file_type::not_found) return;
    fs::remove_all(path, ec);
    if (ec) throw DiskFault("cannot remove " + path + ": " + ec.message());
}

void make_folder(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code ec;
    if (path.empty() || fs::is_directory(path, ec)) return;
    const auto parent = fs::path(path).parent_path().string();
    if (parent != path) make_folder(parent);
    if (::mkdir(path.c_str(), 0777) == 0) return sync_folder(parent);
    if (errno != EEXIST || !fs::is_directory(path, ec))
        throw DiskFault("cannot make the folder " + path + ": " + system_reason(errno));
}

void make_own_folder(const std::string& path) {
    std::error_code ec;
    if (!std::filesystem::is_directory(path, ec)) std::filesystem::remove(path, ec);
    make_folder(path);
}

void write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    std::string staging = path + ".XXXXXX";
    Fd fd(::mkostemp(staging.data(), O_CLOEXEC));
    if (!fd) throw DiskFault("cannot write " + path + ": " + system_reason(errno));
    const auto fail = [&](const char* step) {
        const auto why = system_reason(errno);
        ::unlink(staging.c_str());
        throw DiskFault("cannot write " + path + " (" + step + "): " + why);
    };
    while (!bytes.empty()) {
        const auto n = ::write(fd.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("write");
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fchmod(fd.get(), static_cast<mode_t>(mode)) != 0) fail("chmod");
    if (::fsync(fd.get()) != 0) fail("fsync");
    fd.reset();
    if (::rename(staging.c_str(), path.c_str()) != 0) fail("rename");
    sync_folder(folder);
}

}  // namespace riverlight
