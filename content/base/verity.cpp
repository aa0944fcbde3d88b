#include "content/base/verity.hpp"

#include <fcntl.h>
#include <linux/fsverity.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"

namespace riverlight {

Sealing seal_file(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd) return Sealing::refused;
    fsverity_enable_arg how{};
    how.version = 1;
    how.hash_algorithm = FS_VERITY_HASH_ALG_SHA256;
    how.block_size = static_cast<std::uint32_t>(::sysconf(_SC_PAGESIZE));  // before Linux 6.3 the only one
    if (::ioctl(fd.get(), FS_IOC_ENABLE_VERITY, &how) == 0 || errno == EEXIST) return Sealing::sealed;
    return errno == ENOTTY || errno == EOPNOTSUPP ? Sealing::unsupported : Sealing::refused;
}

std::optional<std::string> measure_seal(int fd) {
    constexpr std::size_t longest = 64;
    alignas(fsverity_digest) std::array<char, sizeof(fsverity_digest) + longest> room{};
    auto* const digest = reinterpret_cast<fsverity_digest*>(room.data());
    digest->digest_size = longest;
    if (::ioctl(fd, FS_IOC_MEASURE_VERITY, digest) != 0) return {};
    return std::to_string(digest->digest_algorithm) + ':' +
           to_hex({room.data() + sizeof(fsverity_digest), digest->digest_size});
}

}  // namespace riverlight
