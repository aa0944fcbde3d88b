#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

namespace riverlight {

/// This machine's own storage failed: it is full, damaged or not writable for us. Trying another source does
/// not help.
class DiskFault : public Error {
  public:
    using Error::Error;
};

/// Owns a file descriptor and closes it.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.release()) {}
    Fd& operator=(Fd&& other) noexcept;
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
    [[nodiscard]] int release() noexcept;
    void reset(int fd = -1) noexcept;

  private:
    int fd_ = -1;
};

/// Reads a regular file of at most `cap` bytes. Throws ReadError: missing, too_large, wrong_type for what is
/// no regular file; Error with the system's reason for a file that is there and cannot be read.
[[nodiscard]] std::string read_file(const std::string& path, std::uint64_t cap);

/// Replaces `path` atomically: readers, and a restart after a power cut, find either the old file or the new
/// one. Writes a temporary file beside it, then fsync, rename, fsync of the folder. Throws DiskFault, in
/// which case the old file is unchanged and the temporary one removed.
void write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode = 0644);

/// Removes what stands at `path` in place of a regular file of our own, so that the file can be written: a
/// folder with all that is in it, a link, a pipe. Throws DiskFault.
void make_way(const std::string& path);

/// Creates `path` and its missing parents, each durable before the next. Throws DiskFault.
void make_folder(const std::string& path);

/// The same for a folder of our own: a file or a link to nowhere in its place is removed.
void make_own_folder(const std::string& path);

/// Calls fsync on a folder, so that a rename in it survives a power cut. Throws DiskFault.
void sync_folder(const std::string& path);

/// The system's text for an errno, such as "No space left on device".
[[nodiscard]] std::string system_reason(int error_number);

}  // namespace riverlight
