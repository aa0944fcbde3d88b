#include <sodium.h>
#include <sys/stat.h>

#include <cassert>
#include <filesystem>
#include <utility>

#include "content/base/crypto.hpp"
#include "content/base/crypto_seal.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight {
namespace {

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

void start_sodium() {
    if (sodium_init() < 0)
        throw Error("libsodium could not start: no source of randomness; see getrandom(2)");
}

/// A key file as JSON: format 1 (not protected) or 2 (sealed with a passphrase), ed25519.
boost::json::value read_key_file(const std::string& path) {
    auto value = parse_json(read_file(path, 8192), path, {.bytes = 8192, .depth = 4, .values = 100});
    JsonFields fields(value, path);
    const auto format = fields.integer("format", 0, 1'000'000);
    if (format != 1 && format != 2)
        throw ReadError(
            ReadFault::unsupported, fields.where().in("format", {}),
            "format " + std::to_string(format) + " of key files is not supported; update the program");
    if (fields.text("keytype", 32) != "ed25519")
        fields.refuse("keytype", ReadFault::unsupported, "must be ed25519");
    return value;
}

bool is_sealed(const boost::json::value& value) {
    return value.as_object().contains("sealed");
}

/// The seed of a sealed key file, as hex.
std::string unseal_seed(JsonFields& fields, const std::string& public_hex, const std::string& path,
                        const AskPassphrase& ask) {
    auto passphrase = ask ? ask(path) : std::string{};
    if (passphrase.empty())
        throw KeyError(KeyFault::needs_passphrase, path,
                       "is protected by a passphrase and none was given; pass it with --passphrase-file or "
                       "--passphrase-fd, or run the command at a terminal");
    auto seed = unseal(fields.object("sealed"), passphrase, public_hex, path);
    sodium_memzero(passphrase.data(), passphrase.size());
    return seed;
}

}  // namespace

SigningKey::SigningKey(SigningKey&& other) noexcept
    : secret_(other.secret_), public_hex_(std::move(other.public_hex_)) {
    sodium_memzero(other.secret_.data(), other.secret_.size());
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
    std::swap(secret_, other.secret_);
    std::swap(public_hex_, other.public_hex_);
    return *this;
}

SigningKey::~SigningKey() {
    sodium_memzero(secret_.data(), secret_.size());
}

SigningKey SigningKey::generate() {
    start_sodium();
    return from_seed_hex(random_hex(crypto_sign_SEEDBYTES));
}

SigningKey SigningKey::from_seed_hex(std::string_view hex) {
    start_sodium();
    auto seed = from_hex(hex);
    if (seed.size() != crypto_sign_SEEDBYTES)
        throw Error("an ed25519 seed is 64 hex digits, not " + std::to_string(hex.size()));
    SigningKey key;
    std::string public_key(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(public_key.data()), key.secret_.data(),
                             raw(seed));
    sodium_memzero(seed.data(), seed.size());
    key.public_hex_ = to_hex(public_key);
    return key;
}

SigningKey SigningKey::load(const std::string& path, const AskPassphrase& ask) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
        throw KeyError(KeyFault::exposed, path, "is readable by others; run: chmod 600 " + path);
    }
    const auto value = read_key_file(path);
    JsonFields fields(value, path);
    const auto public_hex = fields.text("public", 64);
    auto key = from_seed_hex(is_sealed(value) ? unseal_seed(fields, public_hex, path, ask)
                                              : fields.text("secret_seed", 64));
    if (public_hex != key.public_hex()) {
        throw KeyError(KeyFault::mismatched_halves, path,
                       "its public and secret halves do not match; restore the file from its backup");
    }
    return key;
}

std::string SigningKey::read_public_hex(const std::string& path) {
    const auto value = read_key_file(path);
    return JsonFields(value, path).text("public", 64);
}

bool SigningKey::is_protected(const std::string& path) {
    return is_sealed(read_key_file(path));
}

void SigningKey::save(const std::string& path, std::string_view passphrase) const {
    if (std::filesystem::exists(path)) {
        throw KeyError(KeyFault::exists, path,
                       "exists already; keys are never overwritten: choose another name");
    }
    auto seed = to_hex({reinterpret_cast<const char*>(secret_.data()), crypto_sign_SEEDBYTES});
    boost::json::object file{
        {"format", passphrase.empty() ? 1 : 2}, {"keytype", "ed25519"}, {"public", public_hex_}};
    if (passphrase.empty()) {
        file["secret_seed"] = seed;
    } else {
        file["sealed"] = seal(seed, passphrase, public_hex_);
    }
    sodium_memzero(seed.data(), seed.size());
    write_file_atomically(path, pretty_json(file), 0600);
}

std::string SigningKey::sign(std::string_view message) const {
    assert(!public_hex_.empty());  // not moved from
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, raw(message),
                         message.size(), secret_.data());
    return to_hex(signature);
}

}  // namespace riverlight
