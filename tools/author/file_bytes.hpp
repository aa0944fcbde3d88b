#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "content/base/files.hpp"

/// Reads of a container's headers, wherever they stand in a file. Nothing of what they announce is believed:
/// a read beyond the end gives fewer bytes.
namespace riverlight::author {

using Bytes = std::span<const std::uint8_t>;

/// Random reads of a file. One thread's.
class FileBytes {
  public:
    static constexpr std::size_t most = 24;  ///< bytes of a read
    /// Throws Error where the file cannot be read; so does at().
    explicit FileBytes(const std::string& path);
    /// At most `most` bytes, valid until the next read; fewer at the end.
    Bytes at(std::uint64_t offset);
    /// Nothing if the file holds up to `end`.
    [[nodiscard]] std::optional<std::uint64_t> missing_before(std::uint64_t end) const {
        return end > size ? std::optional(end - size) : std::nullopt;
    }
    std::uint64_t size = 0;

  private:
    [[noreturn]] void fail() const;

    std::string path_;
    Fd fd_;
    std::array<std::uint8_t, most> bytes_{};
};

[[nodiscard]] std::uint64_t big_endian(Bytes bytes);
[[nodiscard]] std::uint64_t little_endian(Bytes bytes);
/// Whether `text` stands at byte `at`.
[[nodiscard]] bool has(Bytes bytes, std::size_t at, std::string_view text);

/// The header of an EBML element (RFC 8794, sections 4 and 5).
struct Element {
    std::uint64_t id = 0;
    std::uint64_t header = 0;           ///< bytes
    std::optional<std::uint64_t> size;  ///< of its data; absent: unknown, as in a live recording
};
/// Nothing where the bytes hold no whole header.
[[nodiscard]] std::optional<Element> element_of(Bytes bytes);
inline constexpr std::uint64_t ebml_header = 0x1A45DFA3, matroska_segment = 0x18538067;

}  // namespace riverlight::author
