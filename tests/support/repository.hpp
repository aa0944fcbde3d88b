#pragma once
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/instant.hpp"
#include "content/base/json.hpp"
#include "content/channel/client.hpp"

/// An in-memory repository of The Update Framework, valid or with the faults that a test chooses. Written
/// from the specification (section 4), independent of the project's own signing code.
namespace riverlight::test {

namespace json = boost::json;

/// A key holder who signs metadata.
struct Signer {
    json::object key;
    std::string id;
    std::function<std::string(std::string_view)> sign;  ///< hex
};

inline Signer signer_of(json::object key, std::function<std::string(std::string_view)> sign) {
    auto id = sha256_hex(tuf_canonical_json(key));
    return {std::move(key), std::move(id), std::move(sign)};
}

inline json::object key_json(const char* type, const char* scheme, const std::string& value) {
    return {{"keytype", type}, {"scheme", scheme}, {"keyval", json::object{{"public", value}}}};
}

inline Signer ed25519() {
    auto key = std::make_shared<SigningKey>(SigningKey::generate());  // shared, because the signer is copied
    return signer_of(key_json("ed25519", "ed25519", key->public_hex()),
                     [key](std::string_view message) { return key->sign(message); });
}

inline std::string pem_of(EVP_PKEY* key) {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), key);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

inline Signer openssl_signer(EVP_PKEY* made, const char* type, const char* scheme, bool pss) {
    const std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
    return signer_of(key_json(type, scheme, pem_of(made)), [key, pss](std::string_view message) {
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_PKEY_CTX* parameters = nullptr;
        EVP_DigestSignInit(context.get(), &parameters, EVP_sha256(), nullptr, key.get());
        if (pss) {
            EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
        }
        const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
        std::size_t size = 0;
        EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size());
        std::string out(size, '\0');
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                       message.size());
        out.resize(size);
        return to_hex(out);
    });
}

inline Signer ecdsa(const char* curve = "P-256") {
    return openssl_signer(EVP_EC_gen(curve), "ecdsa", "ecdsa-sha2-nistp256", false);
}
inline Signer rsa(unsigned bits = 2048) {
    return openssl_signer(EVP_RSA_gen(bits), "rsa", "rsassa-pss-sha256", true);
}

struct SimDelegation {
    std::string name;
    std::vector<std::string> paths{"*"};
    bool terminating = false;
    std::vector<std::string> hash_prefixes{};
    std::vector<Signer> keys{};  ///< if empty, the role's own keys
    int threshold = 1;
};

/// Signs repositories with faults on request. One member for each thing that a test may bend.
class Repository {
  public:
    explicit Repository(Instant now) : now_(now) {
        for (const auto* role : {"root", "timestamp", "snapshot", "targets"}) {
            keys[role] = {ed25519()};
            signers[role] = keys[role];
        }
        publish({"root", "targets", "snapshot", "timestamp"});
    }

    std::map<std::string, std::vector<Signer>> keys;     ///< who may sign, by the next root or delegator
    std::map<std::string, std::vector<Signer>> signers;  ///< who does sign
    std::map<std::string, int> threshold;                ///< 1 if not named
    std::map<std::string, std::int64_t> version;
    std::map<std::string, Instant> expires;  ///< in 30 days if not named
    std::map<std::string, std::vector<SimDelegation>> delegations;
    std::map<std::string, json::object> targets;                         ///< by role
    std::map<std::string, json::object> meta;                            ///< of snapshot and timestamp
    std::map<std::string, std::string> artifacts;                        ///< by path below targets/
    std::map<std::string, std::function<void(json::object&)>> tweak;     ///< of `signed`, before signing
    std::map<std::string, std::function<void(json::object&)>> envelope;  ///< of the whole file, after signing
    bool consistent = true, hashes = false;

    std::map<std::string, std::string> files;  ///< metadata by name: what a client can ask for
    std::vector<std::string> asked;

    /// Makes new keys for a role, which sign from now on.
    void rotate(const std::string& role) { signers[role] = keys[role] = {ed25519()}; }

    void delegate(const std::string& from, SimDelegation d) {
        if (!keys.contains(d.name)) signers[d.name] = keys[d.name] = {ed25519()};
        delegations[from].push_back(std::move(d));
    }

    void add_target(const std::string& role, const std::string& path, const std::string& bytes) {
        const auto sha256 = sha256_hex(bytes);
        targets[role][path] =
            json::object{{"length", bytes.size()}, {"hashes", json::object{{"sha256", sha256}}}};
        artifacts[consistent ? content::consistent_path(path, sha256) : path] = bytes;
    }

    void publish(const std::vector<std::string>& roles) {
        for (const auto& role : roles) {
            const auto n = ++version[role];
            put(role, sign_role(role, n), n);
        }
    }
    void put(const std::string& role, const std::string& bytes, std::int64_t n) {
        const auto name = content::percent_encoded(role) + ".json";
        const bool bare = role == "timestamp" || (!consistent && role != "root");
        files[bare ? name : std::to_string(n) + '.' + name] = bytes;
        json::object facts{{"version", n}};
        if (hashes) {
            facts["length"] = bytes.size();
            facts["hashes"] = json::object{{"sha256", sha256_hex(bytes)}};
        }
        if (role == "snapshot") {
            meta["timestamp"] = {{"snapshot.json", facts}};
        } else if (role != "root" && role != "timestamp") {
            meta["snapshot"][role + ".json"] = facts;
        }
    }

    std::string sign_role(const std::string& role, std::int64_t n) {
        auto body = body_of(role, n);
        if (const auto t = tweak.find(role); t != tweak.end()) t->second(body);
        json::array signatures;
        const auto bytes = tuf_canonical_json(body);
        for (const auto& s : signers[role])
            signatures.push_back(json::object{{"keyid", s.id}, {"sig", s.sign(bytes)}});
        json::object file{{"signatures", std::move(signatures)}, {"signed", std::move(body)}};
        if (const auto t = envelope.find(role); t != envelope.end()) t->second(file);
        return json::serialize(file);
    }

    content::FetchMetadata fetch() {
        return [this](const std::string& name, std::uint64_t cap) -> std::optional<std::string> {
            asked.push_back(name);
            const auto found = files.find(name);
            if (found == files.end()) return {};
            if (found->second.size() > cap) throw Error(name + ": too long");
            return found->second;
        };
    }

    /// Writes the repository as files: metadata/ and targets/.
    void write_to(const std::string& folder) const {
        std::filesystem::create_directories(folder + "/metadata");
        for (const auto& [name, bytes] : files) write_file_atomically(folder + "/metadata/" + name, bytes);
        for (const auto& [path, bytes] : artifacts) {
            const auto at = folder + "/targets/" + path;
            std::filesystem::create_directories(std::filesystem::path(at).parent_path());
            write_file_atomically(at, bytes);
        }
    }

  private:
    int threshold_of(const std::string& role) const {
        const auto found = threshold.find(role);
        return found == threshold.end() ? 1 : found->second;
    }

    static json::array ids(const std::vector<Signer>& all) {
        json::array out;
        for (const auto& s : all) out.push_back(json::value(s.id));
        return out;
    }

    json::object body_of(const std::string& role, std::int64_t n) {
        const bool top = role == "root" || role == "timestamp" || role == "snapshot";
        const auto end = expires.contains(role) ? expires.at(role) : now_ + std::chrono::days{30};
        json::object body{{"_type", top ? role : "targets"},
                          {"spec_version", "1.0.34"},
                          {"version", n},
                          {"expires", to_rfc3339(end).substr(0, 19) + "Z"}};
        if (role == "root") {
            body["consistent_snapshot"] = consistent;
            json::object all, roles;
            for (const auto* name : {"root", "timestamp", "snapshot", "targets"}) {
                for (const auto& s : keys[name]) all[s.id] = s.key;
                roles[name] = json::object{{"keyids", ids(keys[name])}, {"threshold", threshold_of(name)}};
            }
            body["keys"] = std::move(all);
            body["roles"] = std::move(roles);
        } else if (top) {
            body["meta"] = meta[role];
        } else {
            body["targets"] = targets[role];
            if (delegations.contains(role)) body["delegations"] = delegations_of(role);
        }
        return body;
    }

    json::object delegations_of(const std::string& role) {
        json::object all;
        json::array roles;
        for (const auto& d : delegations[role]) {
            const auto& who = d.keys.empty() ? keys[d.name] : d.keys;
            for (const auto& s : who) all[s.id] = s.key;
            json::object one{{"name", d.name},
                             {"keyids", ids(who)},
                             {"threshold", d.threshold},
                             {"terminating", d.terminating}};
            if (d.hash_prefixes.empty())
                one["paths"] = json::array(d.paths.begin(), d.paths.end());
            else
                one["path_hash_prefixes"] = json::array(d.hash_prefixes.begin(), d.hash_prefixes.end());
            roles.push_back(std::move(one));
        }
        return {{"keys", std::move(all)}, {"roles", std::move(roles)}};
    }

    Instant now_;
};

}  // namespace riverlight::test
