#include "content/channel/metadata.hpp"

#include <algorithm>
#include <array>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_versions = std::int64_t{1} << 52;

/// Parses the envelope, fills in the common fields of `into` and passes the `signed` part to `read`.
template <class Read>
void open(std::string_view bytes, const std::string& what, std::size_t cap, std::string_view type,
          Signed& into, const Read& read, const JsonMemberStream& stream = {}) {
    auto [value, canonical] =
        parse_json_with("signed", bytes, what, {.bytes = cap, .depth = 32, .values = 1'000'000}, stream);
    JsonFields envelope(value, what);
    std::set<std::string> signers;
    for (const auto& item : envelope.array("signatures", 100)) {
        const auto number = std::to_string(into.signatures.size() + 1);
        JsonFields fields(item, envelope.where().in("signatures." + number, "signature"));
        into.signatures.push_back({fields.text("keyid", 128), fields.text("sig", 4096)});
        if (!signers.insert(into.signatures.back().keyid).second)
            throw ReadError(ReadFault::duplicate, envelope.where().in("signatures", {}),
                            "is signed twice by key " + into.signatures.back().keyid.substr(0, 12) +
                                "; each key signs once (section 4.2.1)");
    }
    const auto& body = envelope.object("signed");
    JsonFields fields(body, what);
    into.type = fields.text("_type", 32);
    const auto refuse = [&](ReadFault kind, std::string_view key, const std::string& why) {
        throw ReadError(kind, fields.where().in(key, {}), why);
    };
    if (into.type != type)
        refuse(ReadFault::misplaced, "_type", "is of type '" + into.type + "', not " + std::string(type));
    const auto spec = fields.text("spec_version", 16);
    if (!spec.starts_with("1."))
        refuse(ReadFault::unsupported, "spec_version", "follows TUF " + spec + "; this version reads 1.x");
    into.version = fields.integer("version", 1, most_versions);
    const auto expires = from_rfc3339(fields.text("expires", 40));
    if (!expires) refuse(ReadFault::malformed, "expires", "'expires' is not an RFC 3339 instant");
    into.expires = *expires;
    into.made = from_rfc3339(fields.text_or("x-riverlight-made", "", 40));
    into.signed_bytes = std::move(canonical);
    read(fields);
}

using Keys = std::map<std::string, PublicKey>;

/// Keys of kinds that can be checked, under ids that are their own (section 4.3, KEYID); others count for
/// nothing.
Keys read_keys(JsonFields& fields) {
    Keys keys;
    for (const auto& member : fields.object("keys")) {
        const std::string id(member.key());
        JsonFields key(member.value(), fields.where().in("keys." + id, "key " + id.substr(0, 12)));
        const auto kind = key_kind(key.text("keytype", 64), key.text("scheme", 64));
        if (kind == KeyKind::unknown || sha256_hex(tuf_canonical_json(member.value())) != id) continue;
        JsonFields parts(key.object("keyval"), key.where().in("keyval", {}));
        keys.emplace(id, PublicKey{kind, parts.text("public", 4096)});
    }
    return keys;
}

RoleKeys read_role_keys(JsonFields& role, const Keys& known) {
    RoleKeys out;
    out.threshold = static_cast<int>(role.integer("threshold", 1, 1000));
    for (const auto& id : role.texts_or_none("keyids", 1000)) {
        out.keyids.insert(id);
        if (const auto found = known.find(id); found != known.end()) out.keys.emplace(id, found->second);
    }
    return out;
}

std::string read_hash(JsonFields& hashes, std::string_view kind, std::size_t digits) {
    if (!hashes.optional(kind)) return {};
    auto hex = hashes.text(kind, digits);
    if (hex.size() != digits || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        hashes.refuse(kind, ReadFault::malformed,
                      "is not " + std::to_string(digits) + " lower-case hex digits");
    return hex;
}

FileFacts read_facts(JsonFields& fields, bool needed) {
    FileFacts facts;
    if (needed || fields.optional("length"))
        facts.length = static_cast<std::uint64_t>(fields.integer("length", 0, most_versions));
    if (!needed && !fields.optional("hashes")) return facts;
    JsonFields hashes(fields.object("hashes"), fields.where().in("hashes"));
    facts.hashed = true;
    facts.sha256 = read_hash(hashes, "sha256", 64);
    facts.sha512 = read_hash(hashes, "sha512", 128);
    return facts;
}

MetaFacts read_meta(const json::value& value, const Where& where) {
    JsonFields fields(value, where);
    MetaFacts facts;
    static_cast<FileFacts&>(facts) = read_facts(fields, false);
    facts.version = fields.integer("version", 1, most_versions);
    return facts;
}

constexpr std::array<std::string_view, 4> top_roles{"root", "timestamp", "snapshot", "targets"};

std::string without_json(std::string_view name, const Where& where) {
    if (!name.ends_with(".json"))
        throw ReadError(ReadFault::malformed, where,
                        "'" + std::string(name.substr(0, 80)) + "' is not a metadata file's name");
    return std::string(name.substr(0, name.size() - 5));
}

std::vector<std::string> read_hash_prefixes(JsonFields& role) {
    auto prefixes = role.texts_or_none("path_hash_prefixes", 100'000);
    for (const auto& prefix : prefixes)
        if (prefix.empty() || prefix.size() > 64 ||
            prefix.find_first_not_of("0123456789abcdef") != std::string::npos)
            throw ReadError(
                ReadFault::malformed, role.where().in("path_hash_prefixes"),
                "'" + prefix.substr(0, 64) + "' is not the beginning of a SHA-256 in lower-case hex");
    return prefixes;
}

Delegation read_delegation(const json::value& item, const Where& where, const Keys& known) {
    JsonFields role(item, where.in("roles", {}));
    Delegation d;
    d.name = role.text("name", 80);
    if (d.name.empty() || std::find(top_roles.begin(), top_roles.end(), d.name) != top_roles.end())
        throw ReadError(ReadFault::misplaced, role.where().in("name", {}),
                        "'" + d.name + "' cannot be delegated to; it is a top-level role's name, or none");
    JsonFields named(item, where.in("roles." + d.name, "role '" + d.name + "'"));
    d.keys = read_role_keys(named, known);
    if (named.optional("paths") && named.optional("path_hash_prefixes"))
        throw ReadError(ReadFault::misplaced, named.where().in("path_hash_prefixes", {}),
                        "has paths and path_hash_prefixes; one of them may stand (section 4.5)");
    d.paths = named.texts_or_none("paths", 1000);
    d.hash_prefixes = read_hash_prefixes(named);
    d.terminating = named.boolean_or("terminating", false);
    return d;
}

std::vector<Delegation> read_delegations(JsonFields& fields) {
    std::vector<Delegation> out;
    JsonFields delegations(fields.object("delegations"), fields.where().in("delegations"));
    const auto known = read_keys(delegations);
    if (!delegations.optional("roles")) return out;  // a way of delegating that is not known here
    std::set<std::string> names;
    for (const auto& item : delegations.array("roles", 20'000)) {
        out.push_back(read_delegation(item, delegations.where(), known));
        if (!names.insert(out.back().name).second)
            throw ReadError(ReadFault::duplicate, delegations.where().in("roles." + out.back().name, {}),
                            "role '" + out.back().name + "' is listed twice");
    }
    return out;
}

}  // namespace

Root parse_root(std::string_view bytes, const std::string& what) {
    Root root;
    open(bytes, what, root_cap, "root", root, [&](JsonFields& fields) {
        const auto known = read_keys(fields);
        JsonFields roles(fields.object("roles"), fields.where().in("roles"));
        root.consistent_snapshot = fields.boolean_or("consistent_snapshot", false);
        for (const auto name : top_roles) {
            const std::string key(name);
            JsonFields role(roles.object(name), fields.where().in("roles." + key, "role " + key));
            root.roles[key] = read_role_keys(role, known);
        }
    });
    return root;
}

Timestamp parse_timestamp(std::string_view bytes, const std::string& what) {
    Timestamp out;
    open(bytes, what, timestamp_cap, "timestamp", out, [&](JsonFields& fields) {
        const auto& meta = fields.object("meta");
        const auto* found = meta.if_contains("snapshot.json");
        const auto where = fields.where().in("meta", {});
        if (!found || meta.size() != 1)
            throw ReadError(found ? ReadFault::misplaced : ReadFault::missing, where,
                            "must name snapshot.json and nothing else");
        out.snapshot = read_meta(*found, where.in("snapshot.json"));
    });
    return out;
}

Snapshot parse_snapshot(std::string_view bytes, const std::string& what) {
    Snapshot out;
    open(bytes, what, snapshot_cap, "snapshot", out, [&](JsonFields& fields) {
        const auto where = fields.where().in("meta", {});
        for (const auto& member : fields.object("meta"))
            out.meta.emplace(without_json(member.key(), where),
                             read_meta(member.value(), where.in(member.key(), {})));
    });
    return out;
}

Targets parse_targets(std::string_view bytes, const std::string& what) {
    Targets out;
    const auto where = Where(what).in("targets", {});
    const auto take = [&](std::string_view path, const json::value& value) {
        JsonFields facts(value, where.in(path.substr(0, 200)));
        out.targets.add(path, read_facts(facts, true));
    };
    open(bytes, what, targets_cap, "targets", out,
         [&](JsonFields& fields) {
             static_cast<void>(fields.object("targets"));  // must be there
             if (fields.optional("delegations")) out.delegations = read_delegations(fields);
         },
         {"signed", "targets", take});
    out.targets.close();
    return out;
}

Targets parse_targets_head(std::string_view bytes, const std::string& what) {
    Targets out;
    open(bytes, what, targets_cap, "targets", out, [](JsonFields&) {},
         {"signed", "targets", [](std::string_view, const json::value&) {}});
    return out;
}

bool Delegation::covers(std::string_view path) const {
    return covers(path, hash_prefixes.empty() ? std::string{} : sha256_hex(path));
}

bool Delegation::covers(std::string_view path, std::string_view hash) const {
    return std::any_of(paths.begin(), paths.end(), [&](const auto& p) { return path_matches(p, path); }) ||
           std::any_of(hash_prefixes.begin(), hash_prefixes.end(),
                       [&](const auto& prefix) { return hash.starts_with(prefix); });
}

void require_bytes(const FileFacts& facts, std::string_view bytes, const std::string& what) {
    if (facts.length && *facts.length != bytes.size())
        throw TrustError(TrustFault::bytes, what,
                         "is " + std::to_string(bytes.size()) + " bytes, not the " +
                             std::to_string(*facts.length) + " that were signed; it is not used");
    if (facts.hashed && !facts.checkable())
        throw TrustError(TrustFault::bytes, what, "none of its hashes is SHA-256 or SHA-512; it is not used");
    if ((!facts.sha256.empty() && facts.sha256 != sha256_hex(bytes)) ||
        (!facts.sha512.empty() && facts.sha512 != sha512_hex(bytes)))
        throw TrustError(TrustFault::bytes, what, "its bytes are not the signed ones; it is not used");
}

int signatures_by(const Signed& metadata, const RoleKeys& keys) {
    std::set<PublicKey> signers;  // by the key itself: one under two ids counts once
    for (const auto& signature : metadata.signatures) {
        const auto key = keys.keys.find(signature.keyid);
        if (key != keys.keys.end() && verify_signature(key->second, metadata.signed_bytes, signature.sig))
            signers.insert(key->second);
    }
    return static_cast<int>(signers.size());
}

void require_signatures(const Signed& metadata, const RoleKeys& keys, const Where& what, TrustFault kind) {
    const int signers = signatures_by(metadata, keys);
    if (signers < keys.threshold) throw TooFewSignatures(kind, what, signers, keys.threshold);
}

std::string key_id(std::string_view public_hex) {
    return sha256_hex(tuf_canonical_json(json::object{
        {"keytype", "ed25519"}, {"scheme", "ed25519"}, {"keyval", json::object{{"public", public_hex}}}}));
}

bool path_matches(std::string_view pattern, std::string_view path) {
    // One star is remembered at a time, so that no pattern costs more than its length times the path's.
    constexpr auto none = std::string_view::npos;
    std::size_t p = 0, n = 0, star = none, taken = 0;
    while (n < path.size()) {
        const bool one = p < pattern.size() && (pattern[p] == '?' ? path[n] != '/' : pattern[p] == path[n]);
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = n;
        } else if (one) {
            ++p;
            ++n;
        } else if (star != none && path[taken] != '/') {
            p = star + 1;
            n = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == none;
}

std::string consistent_path(std::string_view path, std::string_view sha256) {
    const auto slash = path.rfind('/');
    const auto cut = slash == std::string_view::npos ? 0 : slash + 1;
    return std::string(path.substr(0, cut)) + std::string(sha256) + '.' + std::string(path.substr(cut));
}

std::string percent_encoded(std::string_view text, std::string_view keep) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != plain.npos || keep.find(c) != keep.npos) {
            out += c;
        } else {
            constexpr std::string_view digits = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return out;
}

}  // namespace riverlight::content
