#pragma once
#include <cstdint>
#include <string>

#include "player/av/file_input.hpp"
#include "player/av/handles.hpp"
#include "player/av/reader.hpp"

namespace riverlight::player::av {

/// A picture is larger than what is read. Says how large it may be.
class TooLarge : public Error {
  public:
    TooLarge(const std::string& path, std::int64_t width, std::int64_t height, std::int64_t most);
};

/// Opens a file, or its current part, with the demuxers that `limits` permits, and finds its streams. Finding
/// them decodes no picture of more than 40 million pixels, or than `limits` permits if that is more. Throws
/// Error with the file's name and a remedy, MediaFileError. Only player/av includes this.
[[nodiscard]] Handle<AVFormatContext> open_format(FileInput& input, const MediaLimits& limits);

/// The most pixels that a picture of the file may have: a file that is a still image may have more.
[[nodiscard]] std::int64_t most_pixels(const AVFormatContext& format, const MediaLimits& limits);

}  // namespace riverlight::player::av
