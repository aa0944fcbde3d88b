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

}  // namespace

TufClient::TufClient(std::string folder, FetchMetadata fetch, UpdateTime moment, ClientLimits limits)
    : folder_(std::move(folder)),
      fetch_(std::move(fetch)),
      moment_(moment),
      limits_(limits),
      trust_(read_file(folder_ + "/root.json", root_cap), folder_ + "/root.json") {}

void TufClient::init(const std::string& folder, std::string_view root, const std::string& what) {
    std::error_code ec;
    fs::create_directories(folder, ec);
    if (ec) throw Error("cannot make " + folder + ": " + ec.message());
    if (fs::exists(folder + "/root.json")) return;
    const Trust signed_by_itself(root, what);
    write_file_atomically(folder + "/root.json", root);
}

std::string TufClient::path_of(const std::string& role) const {
    return folder_ + '/' + percent_encoded(role) + ".json";
}

std::string TufClient::kept(const std::string& role, std::uint64_t cap) const {
    try {
        return read_file(path_of(role), cap);
    } catch (const Error&) {
        return {};  // missing or damaged: it is fetched again
    }
}

void TufClient::keep(const std::string& role, const std::string& bytes) const {
    if (kept(role, targets_cap) != bytes) write_file_atomically(path_of(role), bytes);
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
                fs::remove(path_of(role), ec);
                if (ec) throw Error("cannot remove " + path_of(role) + ": " + ec.message());
            }
            sync_folder(folder_);
        }
        keep("root", *bytes);
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
    update_snapshot();
    load("targets", {});
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
    std::optional<SeenTargets> seen;
    if (load_kept(role, delegator, seen)) return;
    const auto name = name_of(role, meta->second.version);
    const auto bytes = fetch_required(name, cap_of(meta->second, targets_cap));
    trust_.update_targets(role, delegator, bytes, seen, name, moment_);
    keep(role, bytes);
}

/// True if the version that an earlier visit left is the one in the snapshot. Otherwise sets `seen` to it.
bool TufClient::load_kept(const std::string& role, const std::string& delegator,
                          std::optional<SeenTargets>& seen) {
    const auto former = kept(role, targets_cap);
    if (former.empty()) return false;
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
