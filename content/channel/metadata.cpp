#include "content/channel/metadata.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"
#include "content/segment/forms.hpp"
#include "content/segment/manifest.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_versions = std::int64_t{1} << 52;

/// Parses the envelope and gives the `signed` part to `read`, with the common fields already in `into`.
template <class Read>
void open(std::string_view bytes, const std::string& what, std::size_t cap, std::string_view type,
          Signed& into, const Read& read) {
    const auto value = parse_json(bytes, what, {.bytes = cap, .depth = 16, .values = 1'000'000});
    JsonFields envelope(value, what);
    for (const auto& item : envelope.array("signatures", 100)) {
        JsonFields fields(item, what + ": signature");
        into.signatures.push_back({fields.text("keyid", 128), fields.text("sig", 2048)});
    }
    const auto& body = envelope.object("signed");
    JsonFields fields(body, what);
    into.type = fields.text("_type", 32);
    if (into.type != type) throw Error(what + ": is of type '" + into.type + "', not " + std::string(type));
    const auto spec = fields.text("spec_version", 16);
    if (!spec.starts_with("1.")) throw Error(what + ": follows TUF " + spec + "; this version reads 1.x");
    into.version = fields.integer("version", 1, most_versions);
    const auto expires = from_rfc3339(fields.text("expires", 40));
    if (!expires) throw Error(what + ": 'expires' is not an RFC 3339 instant");
    into.expires = *expires;
    into.signed_bytes = canonical_json(body);
    read(fields);
}

std::map<std::string, std::string> read_keys(JsonFields& fields) {
    std::map<std::string, std::string> keys;
    for (const auto& member : fields.object("keys")) {
        const std::string id(member.key());
        JsonFields key(member.value(), fields.what() + ": key " + id.substr(0, 12));
        if (key.text("keytype", 32) != "ed25519" || key.text("scheme", 64) != "ed25519")
            continue;  // a key of a kind we cannot check counts for nothing
        JsonFields parts(key.object("keyval"), key.what());
        keys.emplace(id, parts.text("public", 1024));
    }
    return keys;
}

RoleKeys read_role_keys(JsonFields& role, const std::map<std::string, std::string>& known) {
    RoleKeys out;
    out.threshold = static_cast<int>(role.integer("threshold", 1, 100));
    std::set<std::string> ids;
    for (const auto& id : role.texts_or_none("keyids", 100)) {
        if (!ids.insert(id).second) throw Error(role.what() + ": names key " + id.substr(0, 12) + " twice");
        if (const auto found = known.find(id); found != known.end()) out.keys.emplace(id, found->second);
    }
    return out;
}

FileFacts read_facts(JsonFields& fields, bool needed) {
    FileFacts facts;
    facts.length = needed ? fields.integer("length", 0, most_versions)
                          : fields.integer_or("length", -1, 0, most_versions);
    if (!needed && !fields.optional("hashes")) return facts;
    JsonFields hashes(fields.object("hashes"), fields.what() + ": hashes");
    facts.sha256 = hashes.text("sha256", 64);
    if (!is_sha256(facts.sha256)) throw Error(fields.what() + ": 'sha256' is not 64 hex digits");
    return facts;
}

MetaFacts read_meta(const json::value& value, const std::string& what) {
    JsonFields fields(value, what);
    MetaFacts facts;
    static_cast<FileFacts&>(facts) = read_facts(fields, false);
    facts.version = fields.integer("version", 1, most_versions);
    return facts;
}

std::string without_json(std::string_view name, const std::string& what) {
    if (!name.ends_with(".json") || name.find('/') != std::string_view::npos)
        throw Error(what + ": '" + std::string(name) + "' is no metadata file's name");
    return std::string(name.substr(0, name.size() - 5));
}

std::vector<Delegation> read_delegations(JsonFields& fields) {
    std::vector<Delegation> out;
    JsonFields delegations(fields.object("delegations"), fields.what() + ": delegations");
    const auto known = read_keys(delegations);
    for (const auto& item : delegations.array("roles", 1000)) {
        JsonFields role(item, delegations.what());
        Delegation d;
        d.name = role.text("name", 64);
        if (!is_id(d.name)) throw Error(role.what() + ": '" + d.name + "' is no role's name");
        d.keys = read_role_keys(role, known);
        d.paths = role.texts_or_none("paths", 1000);
        d.terminating = role.boolean_or("terminating", false);
        out.push_back(std::move(d));
    }
    return out;
}

void require_safe(const std::string& path, const std::string& what) {
    const bool ok = !path.empty() && path.size() < 512 && path.front() != '/' &&
                    path.find("..") == std::string::npos && std::all_of(path.begin(), path.end(), [](char c) {
                        return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
                               c == '.' || c == '/';
                    });
    if (!ok) throw Error(what + ": '" + path.substr(0, 80) + "' is not a path that this channel may hold");
}

}  // namespace

Root parse_root(std::string_view bytes, const std::string& what) {
    Root root;
    open(bytes, what, root_cap, "root", root, [&](JsonFields& fields) {
        const auto known = read_keys(fields);
        JsonFields roles(fields.object("roles"), what + ": roles");
        if (!fields.boolean_or("consistent_snapshot", false))
            throw Error(what +
                        ": the channel has no consistent snapshots, so it cannot be read while it changes");
        for (const auto* name : {"root", "timestamp", "snapshot", "targets"}) {
            JsonFields role(roles.object(name), what + ": role " + name);
            root.roles[name] = read_role_keys(role, known);
        }
    });
    return root;
}

Timestamp parse_timestamp(std::string_view bytes, const std::string& what) {
    Timestamp out;
    open(bytes, what, timestamp_cap, "timestamp", out, [&](JsonFields& fields) {
        const auto& meta = fields.object("meta");
        const auto* found = meta.if_contains("snapshot.json");
        if (!found || meta.size() != 1) throw Error(what + ": must name snapshot.json and nothing else");
        out.snapshot = read_meta(*found, what + ": snapshot.json");
    });
    return out;
}

Snapshot parse_snapshot(std::string_view bytes, const std::string& what) {
    Snapshot out;
    open(bytes, what, snapshot_cap, "snapshot", out, [&](JsonFields& fields) {
        for (const auto& member : fields.object("meta"))
            out.meta.emplace(without_json(member.key(), what), read_meta(member.value(), what));
    });
    return out;
}

Targets parse_targets(std::string_view bytes, const std::string& what) {
    Targets out;
    open(bytes, what, targets_cap, "targets", out, [&](JsonFields& fields) {
        for (const auto& member : fields.object("targets")) {
            const std::string path(member.key());
            require_safe(path, what);
            JsonFields facts(member.value(), what + ": " + path);
            out.targets.emplace(path, read_facts(facts, true));
        }
        if (fields.optional("delegations")) out.delegations = read_delegations(fields);
    });
    return out;
}

int signatures_by(const Signed& metadata, const RoleKeys& keys) {
    std::set<std::string> signers;  // by public key: one key under two ids counts once
    for (const auto& signature : metadata.signatures) {
        const auto key = keys.keys.find(signature.keyid);
        if (key != keys.keys.end() && verify_signature(key->second, metadata.signed_bytes, signature.sig))
            signers.insert(key->second);
    }
    return static_cast<int>(signers.size());
}

void require_signatures(const Signed& metadata, const RoleKeys& keys, const std::string& what) {
    const int signers = signatures_by(metadata, keys);
    if (signers >= keys.threshold) return;
    throw Error(
        what + ": " + std::to_string(signers) + " of the " + std::to_string(keys.threshold) +
        " signatures it needs are good; it was changed on its way, or signed with other keys. It is not "
        "taken, what was there stays");
}

std::string key_id(std::string_view public_hex) {
    return sha256_hex(canonical_json(json::object{
        {"keytype", "ed25519"}, {"scheme", "ed25519"}, {"keyval", json::object{{"public", public_hex}}}}));
}

bool path_matches(std::string_view pattern, std::string_view path) {
    if (pattern.empty()) return path.empty();
    if (pattern[0] == '*') {
        for (std::size_t n = 0;; ++n) {
            if (path_matches(pattern.substr(1), path.substr(n))) return true;
            if (n == path.size() || path[n] == '/') return false;
        }
    }
    if (path.empty() || (pattern[0] != path[0] && (pattern[0] != '?' || path[0] == '/'))) return false;
    return path_matches(pattern.substr(1), path.substr(1));
}

std::string consistent_path(std::string_view path, std::string_view sha256) {
    const auto slash = path.rfind('/');
    const auto cut = slash == std::string_view::npos ? 0 : slash + 1;
    return std::string(path.substr(0, cut)) + std::string(sha256) + '.' + std::string(path.substr(cut));
}

}  // namespace riverlight::content
