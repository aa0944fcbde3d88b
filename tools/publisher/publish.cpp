#include "tools/publisher/publish.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/channel/trust.hpp"
#include "content/sync/sync.hpp"
#include "tools/publisher/sign.hpp"
#include "tools/publisher/source.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using content::FileFacts;
using content::Targets;

constexpr std::array<const char*, 4> top_roles{"root", "timestamp", "snapshot", "targets"};

std::string key_path(const std::string& keys, const std::string& role) {
    return keys + '/' + role + ".key";
}

std::string sha256_of_file(const std::string& path, std::uint64_t& bytes) {
    Sha256 hash;
    bytes = fs::file_size(path);
    // Media are some MiB; facts are smaller. Whole files are read because they are copied right after.
    hash.add(read_file(path, 8ULL << 30));
    return hash.hex();
}

/// The newest version of a role's metadata in a tree; 0 if none.
std::int64_t newest_version(const std::string& tree, const std::string& role) {
    std::int64_t newest = 0;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(tree + "/metadata", ec)) {
        const auto name = entry.path().filename().string();
        const auto suffix = '.' + role + ".json";
        if (!name.ends_with(suffix) || name.size() == suffix.size() || name.size() > suffix.size() + 15)
            continue;
        const auto digits = name.substr(0, name.size() - suffix.size());
        if (digits.find_first_not_of("0123456789") == std::string::npos)
            newest = std::max<std::int64_t>(newest, std::stoll(digits));
    }
    return newest;
}

json::object facts_object(const std::map<std::string, FileFacts>& targets) {
    json::object out;
    for (const auto& [path, facts] : targets)
        out[path] =
            json::object{{"length", facts.length}, {"hashes", json::object{{"sha256", facts.sha256}}}};
    return out;
}

/// One run of publishing.
class Publication {
  public:
    Publication(const std::string& source, const std::string& keys, const std::string& tree, Instant now,
                const std::function<void(const std::string&)>& progress)
        : keys_(keys), tree_(tree), now_(now), progress_(progress), source_(read_source(source, true)) {}

    PublishReport run() {
        refuse_faults();
        if (newest_version(tree_, "root") == 0)
            throw Error(tree_ +
                        ": is no channel yet; make one with: riverlight channel init --keys KEYS --countries "
                        "… --out " +
                        tree_);
        gather();
        // Every signature is made before anything is written: a missing key changes nothing.
        std::map<std::string, std::string> role_files;
        for (const auto& [role, targets] : wanted_) decide(role, targets, role_files);
        write_targets();
        for (const auto& [name, bytes] : role_files) write_metadata(name, bytes);
        sign_snapshot(!role_files.empty());
        report_.segments = source_.catalogue.segments.size();
        report_.media = source_.media.size();
        for (const auto& [code, country] : source_.catalogue.countries)
            report_.places += country.places.size();
        return report_;
    }

  private:
    void refuse_faults() {
        std::string errors;
        for (const auto& finding : source_.findings) {
            if (finding.error) {
                errors += "\n  " + finding.text();
            } else {
                report_.warnings.push_back(finding.text());
            }
        }
        if (!errors.empty()) throw Error("the schedules have faults, nothing was published:" + errors);
    }

    [[nodiscard]] std::optional<SigningKey> key(const std::string& role) const {
        if (!fs::exists(key_path(keys_, role))) return {};
        return SigningKey::load(key_path(keys_, role));
    }

    /// Who vouches for what: countries for what lies below their folder, the PMO for the rest.
    void gather() {
        wanted_["targets"];
        for (const auto& [path, bytes] : source_.facts) {
            const bool of_country = path.starts_with("countries/");
            wanted_[of_country ? path.substr(10, 2) : "targets"][path] = {
                static_cast<std::int64_t>(bytes.size()), sha256_hex(bytes), {}, true};
        }
        for (const auto& [path, file] : source_.media) {
            progress_("hashing " + path);
            std::uint64_t bytes = 0;
            const auto sha256 = sha256_of_file(file, bytes);
            if (!path.starts_with("media/" + sha256))
                throw Error(
                    file +
                    ": its bytes are not the ones that its segment was built with; build the segment again");
            wanted_["targets"][path] = {static_cast<std::int64_t>(bytes), sha256, {}, true};
        }
    }

    [[nodiscard]] std::optional<Targets> standing(const std::string& role) const {
        const auto version = newest_version(tree_, role);
        if (version == 0) return {};
        const auto path = tree_ + "/metadata/" + std::to_string(version) + '.' + role + ".json";
        return content::parse_targets(read_file(path, content::targets_cap), path);
    }

    [[nodiscard]] bool stale(const Targets& targets, std::chrono::days term) const {
        return targets.expires - now_ < term / 2;
    }

    [[nodiscard]] std::chrono::days term(const std::string& role) const {
        const auto found = source_.settings.expiry.find(role);
        return found == source_.settings.expiry.end() ? source_.settings.expiry.at("countries")
                                                      : found->second;
    }

    /// Adds a role's new metadata to `files` where it must be signed anew.
    void decide(const std::string& role, const std::map<std::string, FileFacts>& targets,
                std::map<std::string, std::string>& files) {
        const auto had = standing(role);
        const bool same = had && had->targets == targets && (role != "targets" || delegates_alike(*had));
        const auto signer = key(role);
        if (same && (!signer || !stale(*had, term(role)))) return;
        if (!signer)
            throw Error(
                key_path(keys_, role) + ": is missing, and role '" + role +
                "' has something new to sign; let its holder publish, or leave its files as they were");
        const auto version = newest_version(tree_, role) + 1;
        auto body = metadata_head("targets", version, now_, term(role));
        body["targets"] = facts_object(targets);
        if (role == "targets") body["delegations"] = delegations();
        files[std::to_string(version) + '.' + role + ".json"] = signed_file(body, *signer);
        report_.changed = report_.changed || !same;
    }

    /// Country roles and their keys: as the tree has them, and new ones for which a key lies in `keys`.
    [[nodiscard]] std::map<std::string, std::string> country_keys() const {
        std::map<std::string, std::string> keys;
        if (const auto had = standing("targets")) {
            for (const auto& d : had->delegations) {
                if (!d.keys.keys.empty()) keys[d.name] = d.keys.keys.begin()->second.value;
            }
        }
        std::error_code ec;
        for (const auto& entry : fs::directory_iterator(keys_, ec)) {
            const auto role = entry.path().stem().string();
            const bool top = std::find(top_roles.begin(), top_roles.end(), role) != top_roles.end();
            if (entry.path().extension() == ".key" && !top && role.size() == 2)
                keys[role] = key(role)->public_hex();
        }
        for (const auto& [role, unused] : wanted_) {
            if (role != "targets" && !keys.contains(role))
                throw Error("country '" + role +
                            "' has files in the source but no key; make one: riverlight channel key new " +
                            key_path(keys_, role));
        }
        return keys;
    }

    [[nodiscard]] bool delegates_alike(const Targets& had) const {
        std::map<std::string, std::string> standing_keys;
        for (const auto& d : had.delegations) {
            if (!d.keys.keys.empty()) standing_keys[d.name] = d.keys.keys.begin()->second.value;
        }
        return standing_keys == country_keys();
    }

    [[nodiscard]] json::object delegations() const {
        json::object keys;
        json::array roles;
        for (const auto& [role, public_hex] : country_keys()) {
            const auto id = content::key_id(public_hex);
            keys[id] = key_object(public_hex);
            roles.push_back(json::object{{"name", role},
                                         {"keyids", json::array{json::value(id)}},
                                         {"threshold", 1},
                                         {"terminating", true},
                                         {"paths", json::array{json::value("countries/" + role + "/*")}}});
        }
        return {{"keys", std::move(keys)}, {"roles", std::move(roles)}};
    }

    void write_targets() {
        for (const auto& [role, targets] : wanted_) {
            for (const auto& [path, facts] : targets) {
                const auto into = tree_ + "/targets/" + content::consistent_path(path, facts.sha256);
                std::error_code ec;
                if (fs::file_size(into, ec) == static_cast<std::uint64_t>(facts.length) && !ec) continue;
                fs::create_directories(fs::path(into).parent_path());
                progress_("adding " + path);
                const auto media = source_.media.find(path);
                write_file_atomically(into, media == source_.media.end()
                                                ? source_.facts.at(path)
                                                : read_file(media->second, 8ULL << 30));
                report_.bytes_added += static_cast<std::uint64_t>(facts.length);
            }
        }
    }

    void write_metadata(const std::string& name, const std::string& bytes) const {
        write_file_atomically(tree_ + "/metadata/" + name, bytes);
    }

    void sign_snapshot(bool roles_changed) {
        const auto had = newest_version(tree_, "snapshot");
        auto version = had;
        const auto path = [&](std::int64_t n) {
            return tree_ + "/metadata/" + std::to_string(n) + ".snapshot.json";
        };
        const bool old =
            had > 0 &&
            content::parse_snapshot(read_file(path(had), content::snapshot_cap), path(had)).expires - now_ <
                term("snapshot") / 2;
        if (roles_changed || had == 0 || old) {
            auto body = metadata_head("snapshot", ++version, now_, term("snapshot"));
            json::object meta;
            auto roles = country_keys();
            roles["targets"];
            for (const auto& [role, unused] : roles) {
                if (const auto n = newest_version(tree_, role); n > 0)
                    meta[role + ".json"] = meta_facts(role, n);
            }
            body["meta"] = std::move(meta);
            write_metadata(std::to_string(version) + ".snapshot.json",
                           signed_file(body, need_key("snapshot")));
        }
        sign_timestamp(version);
        report_.snapshot = version;
    }

    [[nodiscard]] json::object meta_facts(const std::string& role, std::int64_t version) const {
        const auto bytes = read_file(tree_ + "/metadata/" + std::to_string(version) + '.' + role + ".json",
                                     content::targets_cap);
        return {{"version", version},
                {"length", static_cast<std::int64_t>(bytes.size())},
                {"hashes", json::object{{"sha256", sha256_hex(bytes)}}}};
    }

    [[nodiscard]] SigningKey need_key(const std::string& role) const {
        auto found = key(role);
        if (!found)
            throw Error(key_path(keys_, role) + ": is missing; publishing needs the " + role + " key");
        return std::move(*found);
    }

    void sign_timestamp(std::int64_t snapshot) const {
        const auto path = tree_ + "/metadata/timestamp.json";
        std::int64_t version = 1;
        if (fs::exists(path))
            version = content::parse_timestamp(read_file(path, content::timestamp_cap), path).version + 1;
        auto body = metadata_head("timestamp", version, now_, term("timestamp"));
        body["meta"] = json::object{{"snapshot.json", meta_facts("snapshot", snapshot)}};
        write_metadata("timestamp.json", signed_file(body, need_key("timestamp")));
    }

    std::string keys_, tree_;
    Instant now_;
    const std::function<void(const std::string&)>& progress_;
    ChannelSource source_;
    std::map<std::string, std::map<std::string, FileFacts>> wanted_;  ///< role → its targets
    PublishReport report_;
};

}  // namespace

void init_channel(const std::string& keys, const std::vector<std::string>& countries, const std::string& tree,
                  Instant now) {
    if (fs::exists(tree + "/metadata"))
        throw Error(tree + ": holds a channel already; name another folder with --out");
    std::vector<std::string> roles(top_roles.begin(), top_roles.end());
    for (const auto& cc : countries) {
        if (cc.size() != 2 || !std::all_of(cc.begin(), cc.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
            throw Error("'" + cc + "' is no country; use ISO 3166-1 codes in lower case, such as kh,th");
        roles.push_back(cc);
    }
    for (const auto& role : roles) {
        if (fs::exists(key_path(keys, role)))
            throw Error(key_path(keys, role) +
                        ": is there already; keys are never written over. Name another folder with --keys");
    }
    fs::create_directories(keys);
    fs::permissions(keys, fs::perms::owner_all);
    json::object key_list, role_list;
    std::optional<SigningKey> root;
    for (const auto& role : roles) {
        auto key = SigningKey::generate();
        key.save(key_path(keys, role));
        const auto id = content::key_id(key.public_hex());
        if (std::find(top_roles.begin(), top_roles.end(), role) == top_roles.end()) continue;
        key_list[id] = key_object(key.public_hex());
        role_list[role] = json::object{{"keyids", json::array{json::value(id)}}, {"threshold", 1}};
        if (role == "root") root = std::move(key);
    }
    auto body = metadata_head("root", 1, now, std::chrono::days{3650});
    body["consistent_snapshot"] = true;
    body["keys"] = std::move(key_list);
    body["roles"] = std::move(role_list);
    fs::create_directories(tree + "/metadata");
    fs::create_directories(tree + "/targets");
    write_file_atomically(tree + "/metadata/1.root.json", signed_file(body, *root));
}

PublishReport publish(const std::string& source, const std::string& keys, const std::string& tree,
                      Instant now, const std::function<void(const std::string&)>& progress) {
    return Publication(source, keys, tree, now, progress).run();
}

std::string verify_tree(const std::string& tree, const std::string& root, Instant now) {
    // A board's own visit, into a store that goes again: what it would take is what is verified.
    const auto store = fs::temp_directory_path() / ("riverlight-verify-" + random_hex(8));
    struct Remove {
        fs::path path;
        ~Remove() {
            std::error_code ec;
            fs::remove_all(path, ec);
        }
    } remove{store};
    content::SyncOptions options;
    options.channel_url = "file://" + fs::absolute(tree).lexically_normal().string();
    options.store_root = store.string();
    options.trusted_root = root;
    const auto result = content::sync_channel(options, now, {});
    return "release " + result.release + ", signed until " + to_rfc3339(result.signed_until) + ", " +
           std::to_string(result.bytes) + " bytes, all verified";
}

}  // namespace riverlight::publisher
