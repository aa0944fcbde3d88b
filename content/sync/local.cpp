#include "content/sync/local.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "content/base/files.hpp"

namespace riverlight::content {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Percent-decodes (RFC 3986, section 2.1). Refuses zero bytes, which would cut names short.
std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t n = 0; n < text.size(); ++n) {
        const bool escape = text[n] == '%' && n + 2 < text.size() && hex_value(text[n + 1]) >= 0 &&
                            hex_value(text[n + 2]) >= 0;
        out += escape ? static_cast<char>(hex_value(text[n + 1]) * 16 + hex_value(text[n + 2])) : text[n];
        if (escape) n += 2;
        if (out.back() == '\0')
            throw ReadError(ReadFault::malformed, std::string(text), "is not a valid path");
    }
    return out;
}

bool is_absence(int error) {
    return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

[[noreturn]] void no_file(const std::string& folder, std::string_view path) {
    throw ReadError(ReadFault::wrong_type, folder + '/' + std::string(path),
                    "is not a regular file but a link, a folder or a device; it is not read");
}

}  // namespace

std::string folder_of_url(std::string_view url) {
    constexpr std::string_view scheme = "file://";
    auto rest = url.substr(scheme.size());
    if (rest.starts_with("localhost/")) rest.remove_prefix(9);
    if (!rest.starts_with('/'))
        throw ReadError(ReadFault::unsupported, std::string(url),
                        "names another machine; write it as file:///folder");
    return decoded(rest);
}

LocalRead read_below(const std::string& folder, std::string_view path, std::uint64_t from,
                     const std::function<bool(std::string_view)>& handle) {
    Fd at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::string_view rest = path;
    while (at && !rest.empty()) {
        const auto slash = rest.find('/');
        const auto part = decoded(rest.substr(0, slash));
        rest = slash == rest.npos ? std::string_view{} : rest.substr(slash + 1);
        if (part.empty() || part == "." || part == ".." || part.find('/') != part.npos) no_file(folder, path);
        const int kind = rest.empty() ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY;
        at = Fd(::openat(at.get(), part.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind));
    }
    if (!at) {
        const int error = errno;
        if (is_absence(error)) return {LocalEnd::absent, {}};
        if (error == ELOOP || error == ENXIO) no_file(folder, path);
        return {LocalEnd::broken, system_reason(error)};
    }
    struct stat status {};
    if (::fstat(at.get(), &status) != 0) return {LocalEnd::broken, system_reason(errno)};
    if (!S_ISREG(status.st_mode)) no_file(folder, path);
    if (from > 0 && ::lseek(at.get(), static_cast<off_t>(from), SEEK_SET) < 0)
        return {LocalEnd::broken, system_reason(errno)};
    std::string piece(256U << 10, '\0');
    for (;;) {
        const auto got = ::read(at.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return {LocalEnd::broken, system_reason(errno)};
        if (got == 0) return {};
        if (!handle({piece.data(), static_cast<std::size_t>(got)})) return {LocalEnd::stopped, {}};
    }
}

}  // namespace riverlight::content
