#pragma once
#include <string>
#include <string_view>

/// Verifies signatures of all key types of The Update Framework (specification 1.0, section 4.2), so that
/// channels signed by other tools can be read. Riverlight itself signs with ed25519 only (crypto.hpp). Wraps
/// OpenSSL.
namespace riverlight {

enum class KeyKind {
    unknown,     ///< verifies nothing
    ed25519,     ///< RFC 8032; 64 hex digits
    ecdsa_p256,  ///< ecdsa-sha2-nistp256: FIPS 186-4 with SHA-256, DER signature; PEM
    rsa_pss,     ///< rsassa-pss-sha256: RFC 8017 8.1 with MGF1-SHA-256, 2048 to 8192 bits; PEM
};

struct PublicKey {
    KeyKind kind = KeyKind::unknown;
    std::string value;  ///< as written in the metadata: hex or PEM
    friend bool operator==(const PublicKey&, const PublicKey&) = default;
    friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

/// The kind that `keytype` and `scheme` of TUF metadata select together.
[[nodiscard]] KeyKind key_kind(std::string_view keytype, std::string_view scheme) noexcept;

/// True if `signature_hex` is a valid signature of `message`. False for malformed keys and signatures too.
[[nodiscard]] bool verify_signature(const PublicKey& key, std::string_view message,
                                    std::string_view signature_hex) noexcept;

}  // namespace riverlight
