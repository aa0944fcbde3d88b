#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

namespace riverlight {

/// This machine's own storage failed: full, spoiled or closed to us. Nobody else is to blame.
class DiskFault : public Error {
  public:
    using Error::Error;
};

/// A file descriptor that closes itself. Rule of zero for its holders.
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

/// The whole of a regular file of at most `cap` bytes. Throws Error that names the file and the system's
/// reason.
[[nodiscard]] std::string read_file(const std::string& path, std::uint64_t cap);

/// Puts `bytes` under `path` so that a reader, or a power cut, meets the old file or the new one: a temporary
/// file beside it, fsync, rename, fsync of the folder. Throws DiskFault; then the old file stands and
/// the temporary one is gone.
void write_file_atomically(const std::string& path, std::string_view bytes, unsigned mode = 0644);

/// Makes `path` and the folders above it as far as they are missing, each durable before the next. Throws
/// DiskFault.
void make_folder(const std::string& path);

/// fsync of a folder, so that a rename in it outlives a power cut.
void sync_folder(const std::string& path);

/// "No space left on device" and the like, with the errno's number kept out of it.
[[nodiscard]] std::string system_reason(int error_number);

}  // namespace riverlight
