#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// What containers say of their own end, by their headers, whatever stands in between.
namespace riverlight::author {

struct ContainerEnd {
    /// How many bytes more than it has the file announces, at least.
    std::optional<std::uint64_t> missing{};
    /// Of ASF: how long the whole file lasts.
    std::optional<std::chrono::microseconds> length{};
};

/// Matroska (also live, without a length), MP4, RIFF (AVI, WAV), MPEG-TS (188 or 192 bytes a packet; the last
/// picture and the last sound of each stream are whole), Ogg (each stream has its last page), MXF, ASF (WMV,
/// WMA), FLV. Nothing for a whole file, and for other containers. Throws Error where the file cannot be read.
[[nodiscard]] ContainerEnd container_end(const std::string& path);

}  // namespace riverlight::author
