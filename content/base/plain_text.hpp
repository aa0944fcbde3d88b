#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

/// The door for texts from outside: what a player, a server, a library, a file's name or a person says.
/// Whatever goes into a record, a report, an alarm or a page passes it once, before it is signed or sent.
namespace riverlight {

/// True for UTF-8 (RFC 3629): no overlong form, no surrogate, nothing cut off.
[[nodiscard]] bool is_utf8(std::string_view text);
/// True for UTF-8 without control characters (Unicode's category Cc: U+0000–U+001F, U+007F–U+009F).
[[nodiscard]] bool is_plain_text(std::string_view text);

/// `text` as plain text of at most `longest` bytes, cut at a character's end. A control character becomes a
/// space, a byte that is not UTF-8 becomes U+FFFD; a character that the text's end cuts off is left out.
/// Plain text that fits stays as it is.
[[nodiscard]] std::string plain_text(std::string_view text, std::size_t longest = std::string::npos);

/// The same for every string and key of `value`. Of two keys that become equal the first stays.
void make_plain(boost::json::value& value);

}  // namespace riverlight
