#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

/// Encrypts small secrets with a passphrase: Argon2id (RFC 9106) derives the key, XChaCha20-Poly1305
/// (draft-irtf-cfrg-xchacha-03) encrypts the secret and authenticates it together with `bound_to`.
namespace riverlight {

/// {"kdf":"argon2id13","ops","mem","salt","cipher":"xchacha20poly1305","nonce","secret"}, bytes as hex.
/// `bound_to` is authenticated but not stored. Takes 256 MiB of memory and about a second (libsodium's
/// `moderate` limits). Throws Error if the memory cannot be allocated.
[[nodiscard]] boost::json::object seal(std::string_view secret, std::string_view passphrase,
                                       std::string_view bound_to);

/// Decrypts what seal() returned. Throws Error, naming `what`, for a wrong passphrase, changed bytes, or
/// Argon2id limits above 1 GiB and 16 passes.
[[nodiscard]] std::string unseal(const boost::json::object& sealed, std::string_view passphrase,
                                 std::string_view bound_to, const std::string& what);

}  // namespace riverlight
