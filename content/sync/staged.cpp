#include "content/sync/staged.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace riverlight::content {
namespace {

/// From here on a file is worth a thread.
constexpr std::uint64_t large = 512U << 10;
/// The system begins to write what it holds after so many bytes, so that the fsync at the end finds little
/// left to do.
constexpr std::uint64_t write_early = 8U << 20;

}  // namespace

Staged::Staged(std::string path, const FileFacts& facts)
    : path_(std::move(path)),
      facts_(facts),
      size_(static_cast<std::uint64_t>(facts.length)),
      fd_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644)) {
    if (!fd_) throw DiskFault("cannot write " + path_ + ": " + system_reason(errno));
    std::string piece(1U << 20, '\0');
    for (ssize_t got = 0; (got = ::read(fd_.get(), piece.data(), piece.size())) > 0;) {
        hash({piece.data(), static_cast<std::size_t>(got)});
        have_ += static_cast<std::uint64_t>(got);
    }
    if (have_ > size_) start_over();
    if (size_ - have_ >= large)
        behind_ = std::make_unique<Behind>([this](std::string_view bytes) {
            write(bytes);
            hash(bytes);
        });
}

void Staged::start_over() {
    if (behind_) behind_->drain();
    if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) < 0)
        throw DiskFault("cannot write " + path_ + ": " + system_reason(errno));
    sha256_ = {};
    sha512_ = {};
    have_ = 0;
    remember_etag({}, {});
}

bool Staged::add(std::string_view bytes) {
    if (have_ + bytes.size() > size_) return false;
    have_ += bytes.size();
    if (behind_) {
        behind_->give(bytes);
    } else {
        write(bytes);
        hash(bytes);
    }
    return true;
}

void Staged::write(std::string_view bytes) {
    for (auto left = bytes; !left.empty();) {
        const auto wrote = ::write(fd_.get(), left.data(), left.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) {
            const int why = errno;
            discard();  // it may be the disk that is full: what was staged is not what it is needed for
            throw DiskFault("cannot write " + path_ + ": " + system_reason(why) +
                            (why == ENOSPC ? "; make room on that disk" : ""));
        }
        left.remove_prefix(static_cast<std::size_t>(wrote));
    }
    unwritten_ += bytes.size();
    if (unwritten_ < write_early) return;
    unwritten_ = 0;
    // Advice: what it cannot begin, the fsync does.
    static_cast<void>(::sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
}

bool Staged::holds() {
    if (!full()) return false;
    if (behind_) behind_->drain();
    return (facts_.sha256.empty() || sha256_.hex() == facts_.sha256) &&
           (facts_.sha512.empty() || sha512_.hex() == facts_.sha512);
}

void Staged::discard() const {
    ::unlink(path_.c_str());
    ::unlink(etag_path().c_str());
}

void Staged::place(const std::string& into) const {
    if (::fsync(fd_.get()) != 0) throw DiskFault("cannot write " + path_ + ": " + system_reason(errno));
    if (!is_at(path_)) throw Error(path_ + ": was changed while it was fetched; it is not taken");
    if (::rename(path_.c_str(), into.c_str()) != 0)
        throw DiskFault("cannot write " + into + ": " + system_reason(errno));
    if (!is_at(into)) {
        ::unlink(into.c_str());
        throw Error(into + ": was changed while it was taken in; it is removed");
    }
    ::unlink(etag_path().c_str());
}

std::string Staged::etag(const std::string& url) const {
    try {
        const auto text = read_file(etag_path(), 4096);
        const auto end = text.find('\n');
        return end != text.npos && text.substr(end + 1) == url ? text.substr(0, end) : std::string{};
    } catch (const Error&) {
        return {};
    }
}

void Staged::remember_etag(const std::string& url, const std::string& etag) const {
    ::unlink(etag_path().c_str());
    if (etag.empty() || etag.size() + url.size() > 4000) return;
    // Not durable, which would cost two waits for the disk before the first byte: an ETag that a power cut
    // takes along or cuts short is none (etag()), and no ETag vouches for bytes, their hash does.
    const Fd file(::open(etag_path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
    const auto note = etag + '\n' + url;
    if (!file || ::write(file.get(), note.data(), note.size()) != static_cast<ssize_t>(note.size()))
        ::unlink(etag_path().c_str());
}

bool Staged::is_at(const std::string& path) const {
    struct stat ours {
    }, theirs{};
    return ::fstat(fd_.get(), &ours) == 0 && ::lstat(path.c_str(), &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

void Staged::hash(std::string_view bytes) {
    if (!facts_.sha256.empty()) sha256_.add(bytes);
    if (!facts_.sha512.empty()) sha512_.add(bytes);
}

}  // namespace riverlight::content
