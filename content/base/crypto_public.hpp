#pragma once
#include <string>
#include <string_view>

/// Signatures of the kinds that The Update Framework names (specification 1.0, section 4.2): the public half
/// only. What this project signs itself is ed25519 (crypto.hpp); the others are read so that trees which
/// other tools signed verify too. The only file that touches OpenSSL.
namespace riverlight {

enum class KeyKind {
    unknown,     ///< counts for nothing
    ed25519,     ///< RFC 8032; 64 hex digits
    ecdsa_p256,  ///< ecdsa-sha2-nistp256: FIPS 186-4 with SHA-256, DER signature; PEM
    rsa_pss,     ///< rsassa-pss-sha256: RFC 8017 8.1 with MGF1-SHA-256, 2048 to 8192 bits; PEM
};

struct PublicKey {
    KeyKind kind = KeyKind::unknown;
    std::string value;  ///< as the metadata has it
    friend bool operator==(const PublicKey&, const PublicKey&) = default;
    friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

/// The kind that `keytype` and `scheme` name together.
[[nodiscard]] KeyKind key_kind(std::string_view keytype, std::string_view scheme) noexcept;

/// False for a bad signature, key or text of either; never throws.
[[nodiscard]] bool verify_signature(const PublicKey& key, std::string_view message,
                                    std::string_view signature_hex) noexcept;

}  // namespace riverlight
