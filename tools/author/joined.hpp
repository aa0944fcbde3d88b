#pragma once
#include <cstdint>
#include <optional>
#include <string>

/// Files that somebody joined byte by byte (`copy /b`, `cat`). Transport and programme streams, AVI, MP3, AAC
/// and FLAC go on; other containers have one index, and whatever plays them shows the first file alone.
namespace riverlight::author {

/// The byte at which another file begins: Matroska and WebM (a second EBML header), MP4 and MOV (a second
/// `moov`), FLV, ASF (WMV, WMA), WAV, AIFF. Nothing for one file, and for other containers. Throws Error
/// where the file cannot be read.
[[nodiscard]] std::optional<std::uint64_t> second_file_in(const std::string& path);

/// Throws Error, with place and remedy, for a file that holds another.
void refuse_joined(const std::string& path);

}  // namespace riverlight::author
