#include "content/channel/client.hpp"

#include <algorithm>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"

namespace riverlight::content {
namespace {

namespace fs = std::filesystem;

std::uint64_t cap_of(const FileFacts& facts, std::uint64_t cap) {
    return std::min(cap, facts.length.value_or(cap));
}

/// A role to visit, and the role that delegates to it.
struct Step {
    std::string role, delegator;
};

/// Pushes the delegations for which `covers` is true, so that the first is popped first. A terminating one
/// ends the search of all others (5.6.7.2.1).
template <class Covers>
void push_delegations(const Targets& targets, const std::string& role, const Covers& covers,
                      std::vector<Step>& stack) {
    std::vector<Step> next;
    for (const auto& d : targets.delegations) {
        if (!covers(d)) continue;
        next.push_back({d.name, role});
        if (!d.terminating) continue;
        stack.clear();
        break;
    }
    stack.insert(stack.end(), next.rbegin(), next.rend());
}

std::string root_path(const TrustFolders& folders) {
    return folders.metadata + "/root.json";
}

std::string root_copy_path(const TrustFolders& folders) {
    return folders.copies + "/root.json";
}

FilePair seen_files(const TrustFolders& folders) {
    return {folders.metadata + "/seen/seen.json", folders.copies + "/seen.json"};
}

/// The bytes of a root that is signed by its own keys.
std::string read_root(const std::string& path) {
    auto bytes = read_file(path, root_cap);
    const Trust signed_by_itself(bytes, path);
    return bytes;
}

/// Nothing if it is damaged or not there.
std::optional<std::string> find_root(const std::string& path) {
    try {
        return read_root(path);
    } catch (const Error&) {
        return {};
    }
}

/// The root that the folder trusts, from whichever file has it.
std::string trusted_root(const TrustFolders& folders) {
    if (auto bytes = find_root(root_path(folders))) return *bytes;
    if (auto bytes = find_root(root_copy_path(folders))) return *bytes;
    return read_root(root_path(folders));  // says why
}

void replace_file(const std::string& path, std::string_view bytes) {
    make_way(path);
    write_file_atomically(path, bytes);
}

bool holds(const std::string& path, const std::string& bytes) {
    try {
        return read_file(path, bytes.size()) == bytes;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

TufClient::TufClient(TrustFolders folders, FetchMetadata fetch, UpdateTime moment, ClientLimits limits)
    : folders_(std::move(folders)),
      fetch_(std::move(fetch)),
      moment_(moment),
      limits_(limits),
      trust_(trusted_root(folders_), root_path(folders_)),
      kept_seen_(read_seen(seen_files(folders_))) {
    if (kept_seen_) trust_.remember(*kept_seen_);
    try {
        keep_root(trusted_root(folders_));
        if (kept_seen_) keep_seen();
    } catch (const DiskFault&) {  // what is damaged is written again when the disk has room
    }
}

bool TufClient::has_root(const TrustFolders& folders) {
    return find_root(root_path(folders)) || find_root(root_copy_path(folders));
}

std::vector<std::string> TufClient::find_damage(const TrustFolders& folders) {
    std::vector<std::string> damaged;
    std::error_code ec;
    if (!fs::exists(folders.copies, ec)) return damaged;  // none yet, or of an earlier version
    for (const auto& path : {root_path(folders), root_copy_path(folders)})
        if (!find_root(path)) damaged.push_back(path);
    try {
        const auto seen = read_pair(seen_files(folders), {.bytes = 8U << 20});
        damaged.insert(damaged.end(), seen.damaged.begin(), seen.damaged.end());
    } catch (const Error&) {
        damaged.push_back(seen_files(folders).first);
        damaged.push_back(seen_files(folders).second);
    }
    return damaged;
}

void TufClient::init(const TrustFolders& folders, std::string_view root, const std::string& what) {
    if (has_root(folders)) return;
    const Trust signed_by_itself(root, what);
    make_own_folder(folders.metadata);
    replace_file(root_path(folders), root);
}

std::string TufClient::path_of(const std::string& role) const {
    return folders_.metadata + '/' + percent_encoded(role) + ".json";
}

std::string TufClient::kept(const std::string& role, std::uint64_t cap) const {
    try {
        return read_file(path_of(role), cap);
    } catch (const Error&) {
        return {};  // missing or damaged: it is fetched again
    }
}

void TufClient::keep(const std::string& role, const std::string& bytes) const {
    if (kept(role, targets_cap) != bytes) replace_file(path_of(role), bytes);
}

void TufClient::keep_root(const std::string& bytes) const {
    make_own_folder(folders_.copies);
    for (const auto& path : {root_path(folders_), root_copy_path(folders_)})
        if (!holds(path, bytes)) replace_file(path, bytes);
}

/// Each time that metadata are kept, so that neither is lost alone.
void TufClient::keep_seen() {
    make_own_folder(folders_.copies);
    make_own_folder(folders_.metadata + "/seen");
    write_seen(seen_files(folders_), trust_.seen());
    kept_seen_ = trust_.seen();
}

std::string TufClient::name_of(const std::string& role, std::int64_t version) const {
    return (trust_.root().consistent_snapshot ? std::to_string(version) + '.' : std::string{}) +
           percent_encoded(role) + ".json";
}

std::string TufClient::fetch_required(const std::string& name, std::uint64_t cap) {
    auto bytes = fetch_(name, cap);
    if (!bytes)
        throw TrustError(TrustFault::absent, "metadata/" + name,
                         "does not exist; check the channel's address, or publish the channel again");
    return std::move(*bytes);
}

void TufClient::update_roots() {
    for (int n = 0; n < limits_.new_roots; ++n) {
        const auto name = std::to_string(trust_.root().version + 1) + ".root.json";
        const auto bytes = fetch_(name, root_cap);
        if (!bytes) break;
        if (trust_.next_root(*bytes,
                             name)) {  // 5.3.11, before the new root is kept: a cut between leaves work
            for (const auto* role : {"timestamp", "snapshot"}) {
                std::error_code ec;
                fs::remove_all(path_of(role), ec);
                if (ec) throw Error("cannot remove " + path_of(role) + ": " + ec.message());
            }
            sync_folder(folders_.metadata);
            keep_seen();
        }
        keep_root(*bytes);
    }
    trust_.close_root(moment_);
}

void TufClient::update_timestamp() {
    if (const auto bytes = kept("timestamp", timestamp_cap); !bytes.empty()) trust_.remember_timestamp(bytes);
    if (const auto bytes = kept("snapshot", snapshot_cap); !bytes.empty()) trust_.remember_snapshot(bytes);
    const auto bytes = fetch_required("timestamp.json", timestamp_cap);
    if (trust_.update_timestamp(bytes, "timestamp.json", moment_)) keep("timestamp", bytes);
}

void TufClient::update_snapshot() {
    if (trust_.snapshot_current()) {
        trust_.keep_snapshot(moment_);
        return;
    }
    const auto& facts = trust_.timestamp().snapshot;
    const auto name = name_of("snapshot", facts.version);
    const auto bytes = fetch_required(name, cap_of(facts, snapshot_cap));
    trust_.update_snapshot(bytes, name, moment_);
    keep("snapshot", bytes);
}

void TufClient::refresh() {
    update_roots();
    update_timestamp();
    keep_seen();
    update_snapshot();
    load("targets", {});
    keep_seen();
}

void TufClient::load(const std::string& role, const std::string& delegator) {
    if (trust_.verified(role, delegator)) return;
    if (trust_.targets().contains(role)) {
        trust_.confirm_targets(role, delegator, kept(role, targets_cap));
        return;
    }
    const auto meta = trust_.snapshot().meta.find(role);
    if (meta == trust_.snapshot().meta.end())
        throw TrustError(TrustFault::undelegated, role + ".json",
                         "'" + delegator + "' delegates to it, but the snapshot does not name it");
    if (static_cast<int>(trust_.targets().size()) >= limits_.roles)
        throw TrustError(TrustFault::too_many, role + ".json",
                         "the channel has more than " + std::to_string(limits_.roles) + " roles");
    std::optional<SeenMetadata> seen;
    if (load_kept(role, delegator, seen)) return;
    const auto name = name_of(role, meta->second.version);
    const auto bytes = fetch_required(name, cap_of(meta->second, targets_cap));
    trust_.update_targets(role, delegator, bytes, seen, name, moment_);
    keep(role, bytes);
}

/// True if the version that an earlier visit left is the one in the snapshot. Otherwise sets `seen` to it.
bool TufClient::load_kept(const std::string& role, const std::string& delegator,
                          std::optional<SeenMetadata>& seen) {
    const auto former = kept(role, targets_cap);
    if (former.empty()) {
        seen = trust_.seen_targets(role, delegator, former);
        return false;
    }
    try {
        trust_.update_targets(role, delegator, former, {}, role + ".json", moment_);
        return true;
    } catch (const Expired&) {
        throw;  // the snapshot names this version, so there is no newer one
    } catch (const Error&) {
        seen = trust_.seen_targets(role, delegator, former);
        return false;
    }
}

std::optional<VerifiedTarget> TufClient::find(const std::string& path) {
    std::vector<Step> stack{{"targets", {}}};
    std::set<std::string> visited;
    const auto hash = sha256_hex(path);
    while (!stack.empty() && static_cast<int>(visited.size()) <= limits_.delegations) {
        const auto step = stack.back();
        stack.pop_back();
        if (!visited.insert(step.role).second) continue;
        load(step.role, step.delegator);
        const auto& targets = trust_.targets().at(step.role);
        if (auto found = targets.targets.find(path)) return VerifiedTarget{step.role, std::move(*found)};
        push_delegations(
            targets, step.role, [&](const Delegation& d) { return d.covers(path, hash); }, stack);
    }
    return {};
}

void TufClient::load_all(const std::function<void(const std::string&, const Error&)>& on_fault) {
    std::vector<Step> stack{{"targets", {}}};
    std::set<std::pair<std::string, std::string>> visited;
    while (!stack.empty()) {
        const auto step = stack.back();
        stack.pop_back();
        if (!visited.insert({step.role, step.delegator}).second) continue;
        try {
            load(step.role, step.delegator);
        } catch (const Error& fault) {
            on_fault(step.role, fault);
            continue;
        }
        for (const auto& d : trust_.targets().at(step.role).delegations) stack.push_back({d.name, step.role});
    }
    if (kept_seen_ != trust_.seen()) keep_seen();
}

void TufClient::all_targets(const std::function<void(std::string_view, const VerifiedTarget&)>& each,
                            std::vector<std::string>& refused) const {
    const auto& roles = trust_.targets();
    const auto find_role = [&](std::string_view path) -> const std::string* {
        const auto hash = sha256_hex(path);
        std::vector<Step> stack{{"targets", {}}};
        std::set<std::string> visited;
        while (!stack.empty() && static_cast<int>(visited.size()) <= limits_.delegations) {
            const auto step = stack.back();
            stack.pop_back();
            const auto role = roles.find(step.role);
            if (!visited.insert(step.role).second || role == roles.end() ||
                !trust_.verified(step.role, step.delegator))
                continue;
            if (role->second.targets.contains(path)) return &role->first;
            push_delegations(
                role->second, step.role, [&](const Delegation& d) { return d.covers(path, hash); }, stack);
        }
        return nullptr;
    };
    for (const auto& [role, targets] : roles) {
        for (const auto& [path, facts] : targets.targets) {
            const auto* listed_by = role == "targets" ? &role : find_role(path);
            if (listed_by && *listed_by == role) {
                each(path, {role, facts});
            } else {
                refused.push_back(role + ": " + std::string(path));
            }
        }
    }
}

Instant TufClient::expires() const {
    auto earliest = std::min({trust_.root().expires, trust_.timestamp().expires, trust_.snapshot().expires});
    for (const auto& [role, targets] : trust_.targets()) earliest = std::min(earliest, targets.expires);
    return earliest;
}

}  // namespace riverlight::content
