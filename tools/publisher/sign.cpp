#include "tools/publisher/sign.hpp"

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight::publisher {
namespace {

namespace json = boost::json;

/// The specification's instants have whole seconds.
std::string expiry(Instant now, std::chrono::days term) {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(now) + term).substr(0, 19) + 'Z';
}

}  // namespace

json::object metadata_head(std::string_view type, std::int64_t version, Instant now, std::chrono::days term) {
    json::object body{{"_type", type}, {"spec_version", "1.0.34"}};
    renew(body, version, now, term);
    return body;
}

void renew(json::object& body, std::int64_t version, Instant now, std::chrono::days term) {
    body["version"] = version;
    body["expires"] = expiry(now, term);
    body["x-riverlight-made"] = to_rfc3339(now);
}

json::object key_object(const std::string& public_hex, const std::string& holder) {
    json::object key{
        {"keytype", "ed25519"}, {"scheme", "ed25519"}, {"keyval", json::object{{"public", public_hex}}}};
    if (!holder.empty()) key["x-riverlight-holder"] = holder;
    return key;
}

std::string key_id(const json::object& key) {
    return sha256_hex(tuf_canonical_json(key));
}

}  // namespace riverlight::publisher
