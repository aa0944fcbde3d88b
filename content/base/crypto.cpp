#include "content/base/crypto.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <cassert>
#include <utility>

namespace riverlight {
namespace {

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// libsodium must be initialised once. A static does so on first use, from any thread.
void start_sodium() {
    static const int started = sodium_init();
    if (started < 0) throw Error("libsodium could not start: no source of randomness; see getrandom(2)");
}

/// OpenSSL's SHA-256 of one text after another. Looking the algorithm up and making a context take longer
/// than hashing a short text, so both are kept.
class Sha256Context {
  public:
    Sha256Context() { start(); }
    void add(std::string_view bytes) {
        require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
    }
    /// The digest of what was added; the next text begins.
    [[nodiscard]] std::string finish() {
        std::string digest(crypto_hash_sha256_BYTES, '\0');
        require(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr));
        start();
        return digest;
    }

  private:
    struct Free {
        void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    static const EVP_MD* algorithm() {
        static const std::unique_ptr<EVP_MD, Free> found(EVP_MD_fetch(nullptr, "SHA256", nullptr));
        return found.get();
    }
    void start() { require(algorithm() ? EVP_DigestInit_ex(context_.get(), algorithm(), nullptr) : 0); }
    static void require(int done) {
        if (done != 1)
            throw Error(
                "OpenSSL cannot compute SHA-256; reinstall libssl3, or allow SHA-256 in OpenSSL's settings");
    }

    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

}  // namespace

struct Sha256::State {
    Sha256Context context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
    assert(state_);  // not moved from
    state_->context.add(bytes);
}

std::string Sha256::hex() {
    assert(state_);
    return to_hex(state_->context.finish());
}

Sha512::Sha512() : state_(std::make_unique<crypto_hash_sha512_state>()) {
    crypto_hash_sha512_init(state_.get());
}
Sha512::~Sha512() = default;
Sha512::Sha512(Sha512&&) noexcept = default;
Sha512& Sha512::operator=(Sha512&&) noexcept = default;

void Sha512::add(std::string_view bytes) {
    assert(state_);
    crypto_hash_sha512_update(state_.get(), raw(bytes), bytes.size());
}

std::string Sha512::hex() {
    assert(state_);
    std::string digest(crypto_hash_sha512_BYTES, '\0');
    crypto_hash_sha512_final(state_.get(), reinterpret_cast<unsigned char*>(digest.data()));
    crypto_hash_sha512_init(state_.get());
    return to_hex(digest);
}

std::string sha256_raw(std::string_view bytes) {
    thread_local Sha256Context context;
    context.add(bytes);
    return context.finish();
}

std::string sha256_hex(std::string_view bytes) {
    return to_hex(sha256_raw(bytes));
}

std::string sha512_hex(std::string_view bytes) {
    Sha512 sha;
    sha.add(bytes);
    return sha.hex();
}

std::string to_hex(std::string_view bytes) {
    std::string hex(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), raw(bytes), bytes.size());
    hex.pop_back();
    return hex;
}

std::string from_hex(std::string_view hex) {
    std::string bytes(hex.size() / 2, '\0');
    std::size_t written = 0;
    if (hex.size() % 2 != 0 ||
        sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(), hex.size(),
                       nullptr, &written, nullptr) != 0 ||
        written != bytes.size()) {
        throw Error("not hexadecimal text: '" + std::string(hex.substr(0, 80)) + "'");
    }
    return bytes;
}

std::string to_base64(std::string_view bytes) {
    std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

std::string from_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t written = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &written, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size()) {
        throw Error("not base64 text: '" + std::string(text.substr(0, 80)) + "'");
    }
    bytes.resize(written);
    return bytes;
}

std::string random_hex(std::size_t bytes) {
    start_sodium();
    std::string random(bytes, '\0');
    randombytes_buf(random.data(), random.size());
    return to_hex(random);
}

std::uint32_t random_below(std::uint32_t below) {
    assert(below > 0);
    start_sodium();
    return randombytes_uniform(below);
}

bool verify_signature(std::string_view public_hex, std::string_view message,
                      std::string_view signature_hex) noexcept {
    try {
        const auto key = from_hex(public_hex);
        const auto signature = from_hex(signature_hex);
        return key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
               crypto_sign_verify_detached(raw(signature), raw(message), message.size(), raw(key)) == 0;
    } catch (const std::exception&) {
        return false;
    }
}

std::string key_fingerprint(std::string_view public_hex) {
    const auto digest = sha256_hex(from_hex(public_hex));
    return digest.substr(0, 4) + '-' + digest.substr(4, 4) + '-' + digest.substr(8, 4) + '-' +
           digest.substr(12, 4);
}

std::string hash_password(std::string_view password) {
    start_sodium();
    std::array<char, crypto_pwhash_STRBYTES> encoded{};
    if (crypto_pwhash_str_alg(encoded.data(), password.data(), password.size(),
                              crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw Error("cannot hash the password: Argon2id needs 64 MiB of memory; close other programs");
    }
    return encoded.data();
}

bool password_matches(std::string_view password, const std::string& encoded) noexcept {
    return encoded.size() < crypto_pwhash_STRBYTES &&
           crypto_pwhash_str_verify(encoded.c_str(), password.data(), password.size()) == 0;
}

bool same_secret(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace riverlight
