#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace riverlight {

/// What a signed message (CMS SignedData in DER, RFC 5652) has inside it. The signature is not looked at.
/// Nothing if it is no such message, or its content is elsewhere. Wraps OpenSSL.
[[nodiscard]] std::optional<std::string> read_cms_content(std::string_view der);

}  // namespace riverlight
