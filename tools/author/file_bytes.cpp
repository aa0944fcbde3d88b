#include "tools/author/file_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "content/base/error.hpp"

namespace riverlight::author {

FileBytes::FileBytes(const std::string& path) : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat about {};
    if (!fd_ || ::fstat(fd_.get(), &about) != 0) fail();
    size = static_cast<std::uint64_t>(about.st_size);
}

Bytes FileBytes::at(std::uint64_t offset) {
    if (offset >= size) return {};
    const auto got = ::pread(fd_.get(), bytes_.data(), bytes_.size(), static_cast<off_t>(offset));
    if (got < 0) fail();
    return {bytes_.data(), static_cast<std::size_t>(got)};
}

void FileBytes::fail() const {
    throw Error("cannot read " + path_ + ": " + system_reason(errno));
}

std::uint64_t big_endian(Bytes bytes) {
    std::uint64_t value = 0;
    for (const auto byte : bytes) value = value << 8 | byte;
    return value;
}

std::uint64_t little_endian(Bytes bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

bool has(Bytes bytes, std::size_t at, std::string_view text) {
    return bytes.size() >= at + text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char c, std::uint8_t byte) { return static_cast<std::uint8_t>(c) == byte; });
}

std::optional<Element> element_of(Bytes bytes) {
    const auto length_of = [](std::uint8_t first) {
        std::size_t length = 1;
        while (length <= 8 && !(first & 0x80 >> (length - 1))) ++length;
        return length;
    };
    if (bytes.empty()) return {};
    const auto id = length_of(bytes[0]);
    if (id > 4 || bytes.size() <= id) return {};
    const auto size = length_of(bytes[id]);
    if (size > 8 || bytes.size() < id + size) return {};
    const auto mask = (std::uint64_t{1} << 7 * size) - 1;
    const auto value = big_endian(bytes.subspan(id, size)) & mask;
    return Element{big_endian(bytes.first(id)), id + size,
                   value == mask ? std::nullopt : std::optional(value)};
}

}  // namespace riverlight::author
