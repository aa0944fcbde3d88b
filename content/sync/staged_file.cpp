#include "content/sync/staged_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <utility>

#include "content/sync/fetch.hpp"

namespace riverlight::content {
namespace {

/// Files with at least this much to come get a write queue.
constexpr std::uint64_t large = 512U << 10;
/// Write-back starts after this many bytes, so that the fsync at the end has little left to do.
constexpr std::uint64_t flush_every = 8U << 20;

}  // namespace

StagedFile::StagedFile(std::string path, const FileFacts& facts)
    : path_(std::move(path)),
      facts_(facts),
      size_(facts.length.value()),
      fd_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644)) {
    if (!fd_) throw DiskFault("cannot write " + path_ + ": " + system_reason(errno));
    std::string piece(1U << 20, '\0');
    for (ssize_t got = 0; (got = ::read(fd_.get(), piece.data(), piece.size())) > 0;) {
        hash({piece.data(), static_cast<std::size_t>(got)});
        have_ += static_cast<std::uint64_t>(got);
    }
    if (have_ > size_) start_over();
    if (size_ - have_ >= large)
        write_queue_ = std::make_unique<WriteQueue>([this](std::string_view bytes) {
            write(bytes);
            hash(bytes);
        });
}

void StagedFile::start_over() {
    if (write_queue_) write_queue_->drain();
    if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) < 0)
        throw DiskFault("cannot write " + path_ + ": " + system_reason(errno));
    sha256_ = {};
    sha512_ = {};
    have_ = 0;
    remember_etag({}, {});
}

bool StagedFile::add(std::string_view bytes) {
    if (have_ + bytes.size() > size_) return false;
    have_ += bytes.size();
    if (write_queue_) {
        write_queue_->push(bytes);
    } else {
        write(bytes);
        hash(bytes);
    }
    return true;
}

void StagedFile::write(std::string_view bytes) {
    for (auto left = bytes; !left.empty();) {
        const auto wrote = ::write(fd_.get(), left.data(), left.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) {
            const int why = errno;
            discard();  // if the disk is full, other files need the room more than this part
            throw DiskFault("cannot write " + path_ + ": " + system_reason(why) +
                            (why == ENOSPC ? "; make room on that disk" : ""));
        }
        left.remove_prefix(static_cast<std::size_t>(wrote));
    }
    unflushed_ += bytes.size();
    if (unflushed_ < flush_every) return;
    unflushed_ = 0;
    // Only a hint: place() calls fsync in any case.
    static_cast<void>(::sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE));
}

bool StagedFile::verify() {
    if (!full()) return false;
    if (write_queue_) write_queue_->drain();
    return (facts_.sha256.empty() || sha256_.hex() == facts_.sha256) &&
           (facts_.sha512.empty() || sha512_.hex() == facts_.sha512);
}

void StagedFile::discard() const {
    ::unlink(path_.c_str());
    ::unlink(etag_path().c_str());
}

void StagedFile::place(const std::string& into) const {
    if (::fsync(fd_.get()) != 0) throw DiskFault("cannot write " + path_ + ": " + system_reason(errno));
    assert(full());
    if (!is_at(path_))
        throw FetchError(FetchFault::replaced, path_, "was replaced during the download; it is not used");
    if (::rename(path_.c_str(), into.c_str()) != 0)
        throw DiskFault("cannot write " + into + ": " + system_reason(errno));
    if (!is_at(into)) {
        ::unlink(into.c_str());
        throw FetchError(FetchFault::replaced, into, "was replaced during the download; it is removed");
    }
    ::unlink(etag_path().c_str());
}

std::string StagedFile::etag(const std::string& url) const {
    try {
        const auto text = read_file(etag_path(), 4096);
        const auto end = text.find('\n');
        return end != text.npos && text.substr(end + 1) == url ? text.substr(0, end) : std::string{};
    } catch (const Error&) {
        return {};
    }
}

void StagedFile::remember_etag(const std::string& url, const std::string& etag) const {
    ::unlink(etag_path().c_str());
    if (etag.empty() || etag.size() + url.size() > 4000) return;
    // Not written durably, which would cost two waits for the disk before the first byte. If a power cut
    // loses or shortens it, etag() returns nothing; the bytes are verified by hash in any case.
    const Fd file(::open(etag_path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
    const auto note = etag + '\n' + url;
    if (!file || ::write(file.get(), note.data(), note.size()) != static_cast<ssize_t>(note.size()))
        ::unlink(etag_path().c_str());
}

bool StagedFile::is_at(const std::string& path) const {
    struct stat ours {
    }, theirs{};
    return ::fstat(fd_.get(), &ours) == 0 && ::lstat(path.c_str(), &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

void StagedFile::hash(std::string_view bytes) {
    if (!facts_.sha256.empty()) sha256_.add(bytes);
    if (!facts_.sha512.empty()) sha512_.add(bytes);
}

}  // namespace riverlight::content
