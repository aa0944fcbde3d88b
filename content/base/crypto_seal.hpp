#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

/// Small secrets under a passphrase: Argon2id (RFC 9106) makes a key of it, XChaCha20-Poly1305
/// (draft-irtf-cfrg-xchacha-03) seals the secret and what it is bound to.
namespace riverlight {

/// {"kdf":"argon2id13","ops","mem","salt","cipher":"xchacha20poly1305","nonce","secret"}, bytes as hex.
/// `bound_to` is authenticated, not kept. Costs 256 MiB of memory and about a second: libsodium's `moderate`
/// limits. Throws Error where the memory cannot be had.
[[nodiscard]] boost::json::object seal(std::string_view secret, std::string_view passphrase,
                                       std::string_view bound_to);

/// The secret again. Throws Error, naming `what`, for a wrong passphrase, changed bytes, or limits beyond 1
/// GiB and 16 passes, which nothing here writes.
[[nodiscard]] std::string unseal(const boost::json::object& sealed, std::string_view passphrase,
                                 std::string_view bound_to, const std::string& what);

}  // namespace riverlight
