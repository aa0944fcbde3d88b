#pragma once
#include <string>
#include <string_view>

/// Texts that are not UTF-8: which encoding they probably have, and how to convert them. Only player/text
/// includes this.
namespace riverlight::player {

/// What to do about `bytes`, which are not UTF-8, as a clause: the probable encoding, how its first words
/// read, and the command that converts `file`.
[[nodiscard]] std::string conversion_of(std::string_view bytes, const std::string& file);

/// The probable encoding by its IANA name; empty if none is likely. Only those are looked for in which
/// Riverlight's languages are written: Thai (windows-874) and Vietnamese (windows-1258), which ICU's detector
/// does not know, Chinese (GB18030, Big5), and English (ISO-8859-1, windows-1252). Khmer, Lao, Burmese and
/// Shan have no encoding of before Unicode that iconv converts.
[[nodiscard]] std::string probable_encoding(std::string_view bytes);

}  // namespace riverlight::player
