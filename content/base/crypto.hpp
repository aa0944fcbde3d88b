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

/// Hashes, signatures, random numbers and passwords. Wraps libsodium; SHA-256 comes from OpenSSL. Hashes,
/// keys and signatures are lower-case hex text. Functions are safe from any thread.
namespace riverlight {

/// Incremental SHA-256 (FIPS 180-4). OpenSSL uses the processor's SHA instructions where it has them, which
/// matters because every media file is hashed when it is downloaded and again when it is checked. For one
/// thread at a time. A moved-from object may only be assigned to or destroyed.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void add(std::string_view bytes);
    /// 64 hex digits. Resets the object for the next message.
    [[nodiscard]] std::string hex();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Incremental SHA-512 (FIPS 180-4). For one thread at a time. A moved-from object may only be assigned to or
/// destroyed.
class Sha512 {
  public:
    Sha512();
    ~Sha512();
    Sha512(Sha512&&) noexcept;
    Sha512& operator=(Sha512&&) noexcept;
    void add(std::string_view bytes);
    /// 128 hex digits. Resets the object for the next message.
    [[nodiscard]] std::string hex();

  private:
    std::unique_ptr<crypto_hash_sha512_state> state_;
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
[[nodiscard]] std::string sha512_hex(std::string_view bytes);
/// The 32 raw bytes, for HTTP headers that carry a digest as base64.
[[nodiscard]] std::string sha256_raw(std::string_view bytes);

[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Throws Error unless `hex` consists of pairs of hex digits.
[[nodiscard]] std::string from_hex(std::string_view hex);
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Throws Error unless `text` is RFC 4648 base64 with padding.
[[nodiscard]] std::string from_base64(std::string_view text);

/// `bytes` random bytes from the system's secure generator, as hex. For tokens and epochs.
[[nodiscard]] std::string random_hex(std::size_t bytes);
/// A secure random number in [0, below), `below` > 0. For jitter and claim codes; plans must not use it,
/// since office and board must compute the same plan.
[[nodiscard]] std::uint32_t random_below(std::uint32_t below);

/// Returns the passphrase of the key file at `path`, or an empty string if there is none to give. Called only
/// for files that need one.
using AskPassphrase = std::function<std::string(const std::string& path)>;

/// An ed25519 key pair (RFC 8032). Only `save` writes the secret half. The destructor wipes it from memory.
/// Why a file of keys cannot be used or written.
enum class KeyFault : std::uint8_t {
    exposed,            ///< others may read it
    needs_passphrase,   ///< it is protected, and no passphrase was given
    wrong_passphrase,   ///< or the file was changed
    mismatched_halves,  ///< its public and secret halves are of two keys
    exists,             ///< another key is there already
};
using KeyError = Refused<KeyFault>;

class SigningKey {
  public:
    [[nodiscard]] static SigningKey generate();
    /// Reads a file written by save(). Throws Error if it is missing, malformed or readable by anyone but its
    /// owner, and if it is protected and `ask` returns no passphrase or a wrong one.
    [[nodiscard]] static SigningKey load(const std::string& path, const AskPassphrase& ask = {});
    /// Reads the public half of a key file (64 hex digits). Needs no passphrase.
    [[nodiscard]] static std::string read_public_hex(const std::string& path);
    /// True if loading the file needs a passphrase.
    [[nodiscard]] static bool is_protected(const std::string& path);
    /// Makes the key pair of a 32-byte seed (64 hex digits).
    [[nodiscard]] static SigningKey from_seed_hex(std::string_view hex);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    /// Writes JSON {"format":1,"keytype":"ed25519","public":…,"secret_seed":…} atomically, mode 0600. Throws
    /// Error if the file exists. With a passphrase: {"format":2,"keytype","public","sealed":…}, where the
    /// seed is encrypted with it (crypto_seal.hpp) and bound to the public half.
    void save(const std::string& path, std::string_view passphrase = {}) const;
    [[nodiscard]] const std::string& public_hex() const { return public_hex_; }
    /// 128 hex digits.
    [[nodiscard]] std::string sign(std::string_view message) const;

  private:
    SigningKey() = default;
    std::array<unsigned char, 64> secret_{};
    std::string public_hex_;
};

/// True if `signature_hex` is a valid ed25519 signature of `message`. False for malformed keys and signatures
/// too.
[[nodiscard]] bool verify_signature(std::string_view public_hex, std::string_view message,
                                    std::string_view signature_hex) noexcept;

/// First 16 hex digits of SHA-256 over the raw public key, in groups of four, for people to compare:
/// `3f2a-90bc-11d4-77e0`.
[[nodiscard]] std::string key_fingerprint(std::string_view public_hex);

/// Argon2id (RFC 9106) with libsodium's interactive limits, as its encoded string.
[[nodiscard]] std::string hash_password(std::string_view password);
[[nodiscard]] bool password_matches(std::string_view password, const std::string& encoded) noexcept;

/// Compares in constant time, so that an attacker cannot measure how far a guess was right.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b) noexcept;

}  // namespace riverlight
