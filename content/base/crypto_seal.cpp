#include "content/base/crypto_seal.hpp"

#include <sodium.h>

#include <array>
#include <cassert>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_memory = 1LL << 30, most_passes = 16;

unsigned char* raw(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}
const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// A key derived from a passphrase. The destructor wipes it from memory.
class DerivedKey {
  public:
    DerivedKey(std::string_view passphrase, std::string_view salt, std::int64_t passes, std::int64_t memory) {
        if (crypto_pwhash(bytes_.data(), bytes_.size(), passphrase.data(), passphrase.size(), raw(salt),
                          static_cast<unsigned long long>(passes), static_cast<std::size_t>(memory),
                          crypto_pwhash_ALG_ARGON2ID13) != 0)
            throw Error("Argon2id needs " + std::to_string(memory >> 20) +
                        " MiB of memory, and this machine has less; close other programs");
    }
    ~DerivedKey() { sodium_memzero(bytes_.data(), bytes_.size()); }
    DerivedKey(const DerivedKey&) = delete;
    DerivedKey& operator=(const DerivedKey&) = delete;
    [[nodiscard]] const unsigned char* data() const { return bytes_.data(); }

  private:
    std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> bytes_{};
};

std::string random_bytes(std::size_t count) {
    return from_hex(random_hex(count));
}

std::string field_bytes(JsonFields& fields, std::string_view key, std::size_t size) {
    auto bytes = from_hex(fields.text(key, size * 2));
    if (bytes.size() != size)
        fields.refuse(key, ReadFault::malformed, "must be " + std::to_string(size) + " bytes as hex");
    return bytes;
}

}  // namespace

json::object seal(std::string_view secret, std::string_view passphrase, std::string_view bound_to) {
    assert(!passphrase.empty());
    const auto salt = random_bytes(crypto_pwhash_SALTBYTES);
    const auto nonce = random_bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const std::int64_t passes = crypto_pwhash_OPSLIMIT_MODERATE, memory = crypto_pwhash_MEMLIMIT_MODERATE;
    const DerivedKey key(passphrase, salt, passes, memory);
    std::string out(secret.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out), nullptr, raw(secret), secret.size(), raw(bound_to),
                                               bound_to.size(), nullptr, raw(nonce), key.data());
    return {{"kdf", "argon2id13"},
            {"ops", passes},
            {"mem", memory},
            {"salt", to_hex(salt)},
            {"cipher", "xchacha20poly1305"},
            {"nonce", to_hex(nonce)},
            {"secret", to_hex(out)}};
}

std::string unseal(const json::object& sealed, std::string_view passphrase, std::string_view bound_to,
                   const std::string& what) {
    JsonFields fields(sealed, what + ": sealed");
    if (fields.text("kdf", 32) != "argon2id13" || fields.text("cipher", 32) != "xchacha20poly1305")
        throw Error(what + ": is sealed with a method that is not supported; update the program");
    const auto passes = fields.integer("ops", 1, most_passes);
    const auto memory =
        fields.integer("mem", static_cast<std::int64_t>(crypto_pwhash_MEMLIMIT_MIN), most_memory);
    const auto salt = field_bytes(fields, "salt", crypto_pwhash_SALTBYTES);
    const auto nonce = field_bytes(fields, "nonce", crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const auto cipher = from_hex(fields.text("secret", 4096));
    if (cipher.size() < crypto_aead_xchacha20poly1305_ietf_ABYTES)
        throw Error(what + ": 'secret' is too short");
    const DerivedKey key(passphrase, salt, passes, memory);
    std::string out(cipher.size() - crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(raw(out), nullptr, nullptr, raw(cipher), cipher.size(),
                                                   raw(bound_to), bound_to.size(), raw(nonce),
                                                   key.data()) != 0)
        throw KeyError(
            KeyFault::wrong_passphrase, what,
            "the passphrase is wrong, or the file was changed; try again, or restore the file from its "
            "backup");
    return out;
}

}  // namespace riverlight
