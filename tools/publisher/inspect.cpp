#include "tools/publisher/inspect.hpp"

#include <algorithm>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"
#include "content/channel/client.hpp"
#include "tools/publisher/sign.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

/// A temporary folder. The destructor removes it.
struct Scratch {
    fs::path path = fs::temp_directory_path() / ("riverlight-verify-" + random_hex(8));
    Scratch() { fs::create_directories(path); }
    ~Scratch() {
        std::error_code ec;
        fs::remove_all(path, ec);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
};

content::FetchMetadata from_folder(const std::string& folder) {
    return [folder](const std::string& name, std::uint64_t cap) -> std::optional<std::string> {
        const auto path = folder + '/' + name;
        if (!fs::exists(path)) return {};
        return read_file(path, cap);
    };
}

void verify_target(const Tree& tree, const std::string& path, const content::FileFacts& facts) {
    const auto at = tree.target_path(path, facts.sha256);
    std::error_code ec;
    const auto size = fs::file_size(at, ec);
    if (ec)
        throw content::TrustError(content::TrustFault::absent, at, "is missing; publish the channel again");
    if (facts.sha256.empty() || size != facts.length || sha256_of_file(at) != facts.sha256)
        throw content::TrustError(content::TrustFault::bytes, at,
                                  "its bytes are not the signed ones; remove the file and publish again");
}

/// One version of a role's file, if it exists and can be read.
struct Version {
    content::Signed head;
    json::object body;
};

std::optional<Version> read_version(const Tree& tree, const std::string& role, std::int64_t version) {
    try {
        const auto path = tree.metadata_path(role, version);
        const auto bytes = read_file(path, content::targets_cap);
        const auto value = parse_json(bytes, path, {.bytes = content::targets_cap});
        Version out;
        out.body = value.at("signed").as_object();
        out.head.version = out.body.at("version").as_int64();
        out.head.signed_bytes = tuf_canonical_json(out.body);
        for (const auto& s : value.at("signatures").as_array())
            out.head.signatures.push_back(
                {std::string(s.at("keyid").as_string()), std::string(s.at("sig").as_string())});
        return out;
    } catch (const std::exception&) {
        return {};
    }
}

using KeyBook = std::map<std::string, json::object>;  ///< by id: all keys that the channel ever listed

void note_keys(const json::object& holder, KeyBook& book) {
    if (const auto* keys = holder.if_contains("keys"); keys && keys->is_object())
        for (const auto& key : keys->as_object())
            if (key.value().is_object()) book[std::string(key.key())] = key.value().as_object();
    if (const auto* delegations = holder.if_contains("delegations"); delegations && delegations->is_object())
        note_keys(delegations->as_object(), book);
}

std::vector<std::string> good_signers(const Version& version, const KeyBook& book) {
    std::vector<std::string> out;
    for (const auto& signature : version.head.signatures) {
        const auto key = book.find(signature.keyid);
        if (key == book.end() ||
            !verify_signature(std::string(key->second.at("keyval").at("public").as_string()),
                              version.head.signed_bytes, signature.sig))
            continue;
        const auto* holder = key->second.if_contains("x-riverlight-holder");
        out.push_back((holder ? std::string(holder->as_string()) + ' ' : std::string{}) +
                      signature.keyid.substr(0, 12));
    }
    return out;
}

const json::object& part(const json::object& body, const char* name) {
    static const json::object none;
    const auto* found = body.if_contains(name);
    return found && found->is_object() ? found->as_object() : none;
}

/// The added, removed and changed entries of an object.
void note_changes(const json::object& had, const json::object& has, const std::string& what,
                  std::vector<std::string>& out) {
    for (const auto& one : has) {
        const auto* before = had.if_contains(one.key());
        if (!before) out.push_back("+ " + what + std::string(one.key()));
        if (before && *before != one.value()) out.push_back("~ " + what + std::string(one.key()));
    }
    for (const auto& one : had)
        if (!has.contains(one.key())) out.push_back("- " + what + std::string(one.key()));
}

std::vector<std::string> changes_between(const json::object& had, const json::object& has) {
    std::vector<std::string> out;
    note_changes(part(had, "targets"), part(has, "targets"), "", out);
    note_changes(part(had, "keys"), part(has, "keys"), "key ", out);
    note_changes(part(had, "roles"), part(has, "roles"), "role ", out);
    note_changes(part(part(had, "delegations"), "keys"), part(part(has, "delegations"), "keys"), "key ", out);
    return out;
}

std::set<std::string> roles_on_disk(const Tree& tree) {
    std::set<std::string> out;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(tree.folder() + "/metadata", ec)) {
        const auto stem = entry.path().stem().string();
        if (entry.path().extension() == ".json") out.insert(stem.substr(stem.find('.') + 1));
    }
    return out;
}

}  // namespace

std::string Verified::sentence() const {
    return "release " + release + ", " + std::to_string(roles) + " roles, " + std::to_string(targets) +
           " files, " + std::to_string(bytes) + " bytes, all verified; expires at " +
           to_rfc3339(expires).substr(0, 19) + 'Z';
}

Verified verify_tree(const std::string& folder, const std::string& root, Instant now) {
    const Scratch scratch;
    const auto trust = scratch.path.string();
    content::TufClient::init(trust, read_file(root, content::root_cap), root);
    content::TufClient client(trust, from_folder(folder + "/metadata"), now);
    client.refresh();
    client.load_all([](const std::string&, const Error&) { throw; });
    std::vector<std::string> refused;
    std::map<std::string, content::FileFacts> all;
    client.all_targets([&](std::string_view path,
                           const content::VerifiedTarget& vouched) { all.emplace(path, vouched.facts); },
                       refused);
    if (!refused.empty())
        throw Error(refused.front() + ": this role may not sign for this file; boards ignore it");
    const Tree tree(folder);
    Verified out;
    for (const auto& [path, facts] : all) {
        verify_target(tree, path, facts);
        out.bytes += facts.length.value_or(0);
    }
    out.targets = all.size();
    out.roles = client.trust().targets().size();
    out.expires = client.expires();
    out.release = std::to_string(client.trust().snapshot().version) + '-' +
                  sha256_hex(client.trust().snapshot().signed_bytes).substr(0, 8);
    return out;
}

std::vector<LogEntry> read_log(const Tree& tree) {
    tree.require_channel();
    KeyBook book;
    std::vector<std::pair<LogEntry, Version>> found;
    for (const auto& role : roles_on_disk(tree)) {
        auto versions = versions_of(tree.folder() + "/metadata", role);
        if (role == "timestamp") versions = {tree.seen(role)};
        json::object before;
        for (const auto n : versions) {
            auto version = read_version(tree, role, n);
            if (!version) continue;
            note_keys(version->body, book);
            LogEntry entry{role, version->head.version, {}, {}, changes_between(before, version->body)};
            const auto* made = version->body.if_contains("x-riverlight-made");
            if (made && made->is_string()) entry.made = made->as_string();
            before = version->body;
            found.emplace_back(std::move(entry), std::move(*version));
        }
    }
    std::vector<LogEntry> out;
    for (auto& [entry, version] : found) {
        entry.signers = good_signers(version, book);
        out.push_back(std::move(entry));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.made < b.made; });
    return out;
}

}  // namespace riverlight::publisher
