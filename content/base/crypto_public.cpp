#include "content/base/crypto_public.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

#include "content/base/crypto.hpp"

namespace riverlight {
namespace {

struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

struct KeyTypeRow {
    std::string_view keytype, scheme;
    KeyKind kind;
};
/// Older tools wrote `ecdsa-sha2-nistp256` as the keytype too.
constexpr std::array<KeyTypeRow, 4> kinds{
    {{"ed25519", "ed25519", KeyKind::ed25519},
     {"ecdsa", "ecdsa-sha2-nistp256", KeyKind::ecdsa_p256},
     {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", KeyKind::ecdsa_p256},
     {"rsa", "rsassa-pss-sha256", KeyKind::rsa_pss}}};

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

Key read_pem(const std::string& pem) {
    const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

/// True if the key has the curve or the size that its scheme requires.
bool fits(EVP_PKEY* key, KeyKind kind) {
    if (kind == KeyKind::rsa_pss) {
        const auto bits = EVP_PKEY_get_bits(key);
        return EVP_PKEY_is_a(key, "RSA") == 1 && bits >= 2048 && bits <= 8192;
    }
    std::array<char, 32> group{};
    std::size_t length = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

bool verify_pem(const PublicKey& key, std::string_view message, std::string_view signature) {
    const auto pem = read_pem(key.value);
    if (!pem || !fits(pem.get(), key.kind)) return false;
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;  // owned by context
    if (!context || EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, pem.get()) != 1)
        return false;
    if (key.kind == KeyKind::rsa_pss &&
        (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_AUTO) != 1))
        return false;
    return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(message), message.size()) ==
           1;
}

}  // namespace

KeyKind key_kind(std::string_view keytype, std::string_view scheme) noexcept {
    for (const auto& k : kinds)
        if (k.keytype == keytype && k.scheme == scheme) return k.kind;
    return KeyKind::unknown;
}

bool verify_signature(const PublicKey& key, std::string_view message,
                      std::string_view signature_hex) noexcept {
    if (key.kind == KeyKind::unknown) return false;
    if (key.kind == KeyKind::ed25519) return verify_signature(key.value, message, signature_hex);
    try {
        const bool good = verify_pem(key, message, from_hex(signature_hex));
        ERR_clear_error();  // a bad signature leaves an entry in this thread's error queue
        return good;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace riverlight
