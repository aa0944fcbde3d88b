#include "tools/publisher/sign.hpp"

#include "content/base/json.hpp"
#include "content/channel/metadata.hpp"

namespace riverlight::publisher {

namespace json = boost::json;

json::object metadata_head(const char* type, std::int64_t version, Instant now, std::chrono::days term) {
    // The specification's instants have whole seconds.
    const auto expires = to_rfc3339(std::chrono::floor<std::chrono::seconds>(now) + term).substr(0, 19) + 'Z';
    return {{"_type", type}, {"spec_version", "1.0.31"}, {"version", version}, {"expires", expires}};
}

json::object key_object(const std::string& public_hex) {
    return {{"keytype", "ed25519"}, {"scheme", "ed25519"}, {"keyval", json::object{{"public", public_hex}}}};
}

std::string signed_file(const json::object& body, const SigningKey& key) {
    json::array signatures;
    signatures.push_back(
        json::object{{"keyid", content::key_id(key.public_hex())}, {"sig", key.sign(canonical_json(body))}});
    return pretty_json(json::object{{"signatures", std::move(signatures)}, {"signed", body}});
}

}  // namespace riverlight::publisher
