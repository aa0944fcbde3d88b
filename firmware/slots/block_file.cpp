#include "firmware/slots/block_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace riverlight::firmware {

BlockFile::BlockFile(std::string path)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDWR | O_CLOEXEC)) {
    if (!fd_) throw fault("cannot be opened");
}

DiskFault BlockFile::fault(const std::string& what) const {
    return DiskFault(path_ + ": " + what + ": " + system_reason(errno));
}

std::string BlockFile::read(std::uint64_t at, std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const auto got = ::pread(fd_.get(), bytes.data() + done, size - done, static_cast<off_t>(at + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw fault("cannot be read");
        if (got == 0)
            throw DiskFault(path_ + ": ends at byte " + std::to_string(at + done) +
                            "; it is no slots partition");
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

void BlockFile::write(std::uint64_t at, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto put = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) throw fault("cannot be written");
        at += static_cast<std::uint64_t>(put);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

void BlockFile::flush() {
    if (::fsync(fd_.get()) != 0) throw fault("cannot be flushed");
}

}  // namespace riverlight::firmware
