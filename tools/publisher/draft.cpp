#include "tools/publisher/draft.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "content/base/json.hpp"

namespace riverlight::publisher {
namespace {

namespace json = boost::json;
using content::RoleKeys;

constexpr JsonLimits draft_limits{.bytes = 64U << 20};

/// A body in its envelope, as the metadata parser expects it.
std::string enveloped(const json::object& body) {
    return json::serialize(json::object{{"signatures", json::array{}}, {"signed", body}});
}

RoleKeys keys_in_root(const std::string& bytes, const std::string& role) {
    return content::parse_root(bytes, "root.json").roles.at(role);
}

RoleKeys keys_in_targets(const std::string& bytes, const std::string& role) {
    for (const auto& d : content::parse_targets(bytes, "targets.json").delegations)
        if (d.name == role) return d.keys;
    return {};
}

bool top_level(const std::string& role) {
    return role == "root" || role == "targets" || role == "snapshot" || role == "timestamp";
}

std::string holder_of(const json::object& key, const std::string& id) {
    const auto* name = key.if_contains("x-riverlight-holder");
    return (name && name->is_string() ? std::string(name->get_string()) + " " : std::string{}) +
           id.substr(0, 12);
}

json::object signatures_object(const std::map<std::string, std::string>& signatures,
                               const json::object& body) {
    json::array out;
    for (const auto& [id, sig] : signatures) out.push_back(json::object{{"keyid", id}, {"sig", sig}});
    return {{"signatures", std::move(out)}, {"signed", body}};
}

std::map<std::string, std::string> read_signatures(JsonFields& role) {
    std::map<std::string, std::string> out;
    for (const auto& item : role.array("signatures", 1000)) {
        JsonFields fields(item, role.what() + ": signature");
        out[fields.text("keyid", 128)] = fields.text("sig", 4096);
    }
    return out;
}

}  // namespace

void ReleaseDraft::set(const std::string& role, json::object body) {
    roles_[role] = {std::move(body), {}};
}

std::vector<std::string> ReleaseDraft::roles() const {
    std::vector<std::string> out;
    for (const auto& [role, unused] : roles_) out.push_back(role);
    return out;
}

const json::object& ReleaseDraft::body(const std::string& role) const {
    return roles_.at(role).body;
}

RoleKeys ReleaseDraft::keys_of(const std::string& role, bool drafted) const {
    const auto* delegator = top_level(role) ? "root" : "targets";
    if (drafted && !has(delegator)) return {};
    if (!drafted && tree_.seen(delegator) == 0) return {};
    const auto bytes = drafted ? enveloped(body(delegator)) : tree_.bytes(delegator);
    return top_level(role) ? keys_in_root(bytes, role) : keys_in_targets(bytes, role);
}

std::vector<RoleKeys> ReleaseDraft::required_keys(const std::string& role) const {
    std::vector<RoleKeys> out;
    const auto former = keys_of(role, false), next = keys_of(role, true);
    const bool drafted = has(top_level(role) ? "root" : "targets");
    if (!drafted || (role == "root" && !former.keyids.empty())) out.push_back(former);
    if (drafted) out.push_back(next);
    return out;
}

void ReleaseDraft::sign(KeyRing& keys) {
    for (auto& [role, r] : roles_) {
        const auto message = tuf_canonical_json(r.body);
        for (const bool drafted : {false, true}) {
            for (const auto& [id, key] : keys_of(role, drafted).keys) {
                if (r.signatures.contains(id)) continue;
                if (const auto sig = keys.sign(key.value, message)) r.signatures[id] = *sig;
            }
        }
    }
}

content::Signed ReleaseDraft::signed_part(const std::string& role) const {
    content::Signed out;
    out.signed_bytes = tuf_canonical_json(body(role));
    for (const auto& [id, sig] : roles_.at(role).signatures) out.signatures.push_back({id, sig});
    return out;
}

std::string MissingSignatures::sentence() const {
    std::string whose;
    for (const auto& id : may_sign) whose += (whose.empty() ? "" : ", ") + id;
    return "role '" + role + "' needs signatures: " + std::to_string(good) + " of " + std::to_string(needed) +
           " so far; still missing: " + (whose.empty() ? "nobody (it has no keys)" : whose);
}

SignaturesMissing::SignaturesMissing(std::vector<MissingSignatures> roles, const std::string& lead,
                                     const std::string& remedy)
    : Error(std::accumulate(
                roles.begin(), roles.end(), lead + ':',
                [](std::string all, const auto& one) { return std::move(all) + "\n  " + one.sentence(); }) +
            (remedy.empty() ? "" : '\n' + remedy)),
      missing(std::move(roles)) {}

std::vector<MissingSignatures> ReleaseDraft::missing() const {
    std::vector<MissingSignatures> out;
    for (const auto& [role, r] : roles_) {
        const auto part = signed_part(role);
        for (const auto& keys : required_keys(role)) {
            const auto have = content::signatures_by(part, keys);
            if (have >= keys.threshold) continue;
            MissingSignatures lacks{role, have, keys.threshold, {}};
            for (const auto& id : keys.keyids)
                if (!r.signatures.contains(id)) lacks.may_sign.push_back(id.substr(0, 12));
            out.push_back(std::move(lacks));
        }
    }
    return out;
}

std::string ReleaseDraft::file(const std::string& role) const {
    const auto& r = roles_.at(role);
    // Leave out signatures of keys that no role lists any more; readers refuse too many.
    return pretty_json(signatures_object(r.signatures, r.body));
}

bool ReleaseDraft::verifies_for_former(const std::string& role) const {
    const auto former = keys_of(role, false);
    return former.keyids.empty() || content::signatures_by(signed_part(role), former) >= former.threshold;
}

std::string ReleaseDraft::text() const {
    json::object roles;
    for (const auto& [role, r] : roles_) {
        auto one = signatures_object(r.signatures, r.body);
        json::object may;
        for (const bool drafted : {false, true})
            for (const auto& [id, key] : keys_of(role, drafted).keys) may[id] = key.value;
        one["may_sign"] = std::move(may);
        roles[role] = std::move(one);
    }
    return pretty_json(json::object{{"format", 1}, {"roles", std::move(roles)}});
}

void ReleaseDraft::merge(std::string_view text, const std::string& what) {
    const auto value = parse_json(text, what, draft_limits);
    JsonFields fields(value, what);
    fields.format(1);
    const bool fresh = empty();
    for (const auto& member : fields.object("roles")) {
        const std::string role(member.key());
        JsonFields one(member.value(), fields.where().in(role));
        const auto& body = one.object("signed");
        JsonFields head(body, one.where());
        const auto version = head.integer("version", 1, std::int64_t{1} << 52);
        if (version <= tree_.newest(role))
            throw PublishError(
                PublishFault::already_published, one.where(),
                "version " + std::to_string(version) +
                    " is already published, or another one was in the meantime; create the draft again");
        if (fresh) set(role, body);
        if (!has(role) || tuf_canonical_json(roles_.at(role).body) != tuf_canonical_json(body))
            throw PublishError(
                PublishFault::another_draft, one.where(),
                "is not a copy of the same draft as the file before it; sign copies of one draft");
    }
    for (const auto& member : fields.object("roles")) {
        const std::string role(member.key());
        JsonFields one(member.value(), fields.where().in(role));
        add_signatures(role, read_signatures(one));
    }
}

void ReleaseDraft::add_signatures(const std::string& role,
                                  const std::map<std::string, std::string>& signatures) {
    auto& r = roles_.at(role);
    const auto message = tuf_canonical_json(r.body);
    for (const bool drafted : {false, true})
        for (const auto& [id, key] : keys_of(role, drafted).keys)
            if (const auto sig = signatures.find(id);
                sig != signatures.end() && verify_signature(key, message, sig->second))
                r.signatures.emplace(id,
                                     sig->second);  // an invalid signature would keep a valid one out
}

std::string sign_draft(std::string_view text, const std::string& what, KeyRing& keys,
                       std::vector<std::string>& said) {
    auto value = parse_json(text, what, draft_limits);
    JsonFields fields(value, what);
    fields.format(1);
    auto& roles = value.as_object().at("roles").as_object();
    for (auto& member : roles) {
        const std::string role(member.key());
        JsonFields one(member.value(), fields.where().in(role));
        const auto message = tuf_canonical_json(one.object("signed"));
        auto signatures = read_signatures(one);
        for (const auto& may : one.object("may_sign")) {
            const std::string id(may.key());
            if (signatures.contains(id) || !may.value().is_string()) continue;
            const auto sig = keys.sign(std::string(may.value().get_string()), message);
            if (!sig) continue;
            signatures[id] = *sig;
            said.push_back("signed " + role + " with key " + id.substr(0, 12));
        }
        member.value().as_object()["signatures"] = signatures_object(signatures, {}).at("signatures");
    }
    return pretty_json(value);
}

std::vector<std::string> describe_draft(std::string_view text, const std::string& what) {
    std::vector<std::string> out;
    const auto value = parse_json(text, what, draft_limits);
    JsonFields fields(value, what);
    fields.format(1);
    for (const auto& member : fields.object("roles")) {
        JsonFields one(member.value(), what + ": " + std::string(member.key()));
        JsonFields head(one.object("signed"), one.what());
        out.push_back(std::string(member.key()) + " " +
                      std::to_string(head.integer("version", 1, 1LL << 52)) + ", valid until " +
                      head.text("expires", 40) + ", " + std::to_string(one.array("signatures").size()) +
                      " signatures so far");
        const auto list_keys = [&](const json::object& keys) {
            for (const auto& key : keys)
                out.push_back("  key " + holder_of(key.value().as_object(), std::string(key.key())));
        };
        if (head.optional("keys")) list_keys(head.object("keys"));
        if (head.optional("delegations")) {
            JsonFields delegations(head.object("delegations"), one.what());
            list_keys(delegations.object("keys"));
        }
        if (!head.optional("targets")) continue;
        for (const auto& target : head.object("targets")) {
            JsonFields facts(target.value(), one.what());
            JsonFields hashes(facts.object("hashes"), one.what());
            out.push_back("  " + std::string(target.key()) + "  " + hashes.text("sha256", 64).substr(0, 16));
        }
    }
    return out;
}

}  // namespace riverlight::publisher
