#pragma once
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

struct crypto_hash_sha512_state;

/// Everything that touches libsodium; SHA-256 comes from OpenSSL. Hashes, keys and signatures travel as
/// lower-case hex text.
namespace riverlight {

/// SHA-256 fed piece by piece (FIPS 180-4), with the processor's own instructions where it has them: media
/// are hashed as they come and as they are read back. Not shared between threads.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::string_view bytes);
    /// 64 hex digits; the object starts over.
    [[nodiscard]] std::string hex();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// SHA-512 fed piece by piece (FIPS 180-4). Not shared between threads.
class Sha512 {
  public:
    Sha512();
    ~Sha512();
    Sha512(Sha512&&) noexcept;
    Sha512& operator=(Sha512&&) noexcept;
    void add(std::string_view bytes);
    /// 128 hex digits; the object starts over.
    [[nodiscard]] std::string hex();

  private:
    std::unique_ptr<crypto_hash_sha512_state> state_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string sha512_hex(std::string_view bytes);
/// The 32 raw bytes, for headers that want base64.
[[nodiscard]] std::string sha256_raw(std::string_view bytes);

[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Throws Error for anything but pairs of hex digits.
[[nodiscard]] std::string from_hex(std::string_view hex);
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Throws Error for anything but RFC 4648 base64 with padding.
[[nodiscard]] std::string from_base64(std::string_view text);

/// `bytes` unpredictable bytes as hex, for tokens and epochs.
[[nodiscard]] std::string random_hex(std::size_t bytes);
/// An unpredictable number in [0, below); for jitter and claim codes, never for plans.
[[nodiscard]] std::uint32_t random_below(std::uint32_t below);

/// Says the passphrase of the key file that it is given; asked only where a file needs one. Empty: there is
/// none.
using AskPassphrase = std::function<std::string(const std::string& path)>;

/// An ed25519 key pair (RFC 8032). The secret half leaves the object only through `save`; memory is wiped
/// when it goes.
class SigningKey {
  public:
    [[nodiscard]] static SigningKey generate();
    /// Reads a file written by save(). Throws Error if it is missing, malformed, readable by others than its
    /// owner, or protected and `ask` does not know its passphrase.
    [[nodiscard]] static SigningKey load(const std::string& path, const AskPassphrase& ask = {});
    /// The public half of a key file, without its passphrase.
    [[nodiscard]] static std::string public_of(const std::string& path);
    /// Whether a passphrase is needed to load the file.
    [[nodiscard]] static bool is_protected(const std::string& path);
    /// From a 32-byte seed as 64 hex digits; for tests and published test vectors.
    [[nodiscard]] static SigningKey from_seed_hex(std::string_view hex);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    /// Writes JSON {"format":1,"keytype":"ed25519","public":…,"secret_seed":…}, mode 0600, whole or not at
    /// all; never over an existing file. With a passphrase: {"format":2,"keytype","public","sealed":…}, the
    /// seed sealed under it (crypto_seal.hpp) and bound to the public half.
    void save(const std::string& path, std::string_view passphrase = {}) const;
    [[nodiscard]] const std::string& public_hex() const { return public_hex_; }
    /// 128 hex digits.
    [[nodiscard]] std::string sign(std::string_view message) const;

  private:
    SigningKey() = default;
    std::array<unsigned char, 64> secret_{};
    std::string public_hex_;
};

/// False for a bad signature, key or text of either; never throws.
[[nodiscard]] bool verify_signature(std::string_view public_hex, std::string_view message,
                                    std::string_view signature_hex) noexcept;

/// First 16 hex digits of SHA-256 over the raw public key, in groups of four, for people to compare:
/// `3f2a-90bc-11d4-77e0`.
[[nodiscard]] std::string key_fingerprint(std::string_view public_hex);

/// Argon2id (RFC 9106) with libsodium's interactive limits, as its encoded string.
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool password_matches(std::string_view password, const std::string& encoded) noexcept;

/// Compares in time that does not depend on where the texts differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b) noexcept;

}  // namespace riverlight
