#pragma once
#include <string>
#include <string_view>

/// Texts that are not UTF-8: which encoding they probably have, and how to convert them. Only player/text
/// includes this.
namespace riverlight::player {

/// What to do about `bytes`, which are not UTF-8, as a clause: the probable encoding, how its first words
/// read, and the command that converts `file`. Of UTF-8 with a few damaged bytes: the first line that holds
/// one.
[[nodiscard]] std::string conversion_of(std::string_view bytes, const std::string& file);

/// The encoding that the bytes probably have, as iconv calls it; empty where two are about as probable, where
/// none fits, and for damaged UTF-8. Looked for are those of Riverlight's languages: Thai (windows-874),
/// Vietnamese (windows-1258, TCVN-5712, VISCII, and VNI, which iconv does not convert), Chinese (GB18030,
/// Big5, Big5-HKSCS) and Western Europe (ISO-8859-1, windows-1252). Khmer, Lao, Burmese and Shan have no
/// encoding of before Unicode that iconv converts. And those of others, so that these are not taken for them:
/// Japanese, Korean, Cyrillic, Greek, Hebrew, Arabic, Turkish, Central Europe, the Baltic.
[[nodiscard]] std::string probable_encoding(std::string_view bytes);

}  // namespace riverlight::player
