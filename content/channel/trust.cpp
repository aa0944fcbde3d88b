#include "content/channel/trust.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::content {
namespace {

void require_fresh(const Signed& metadata, const std::string& what, Instant now) {
    if (now < metadata.expires) return;
    throw Error(what + ": expired at " + to_rfc3339(metadata.expires) +
                "; the channel must be signed anew, or this clock is wrong (it says " + to_rfc3339(now) +
                ")");
}

void require_bytes(const FileFacts& facts, std::string_view bytes, const std::string& what) {
    if (facts.length >= 0 && static_cast<std::uint64_t>(facts.length) != bytes.size())
        throw Error(what + ": is " + std::to_string(bytes.size()) + " bytes, not the " +
                    std::to_string(facts.length) + " that were signed");
    if (!facts.sha256.empty() && facts.sha256 != sha256_hex(bytes))
        throw Error(what + ": its bytes are not the ones that were signed");
}

void require_version(std::int64_t is, std::int64_t must, const std::string& what) {
    if (is != must)
        throw Error(what + ": is version " + std::to_string(is) + ", not " + std::to_string(must) +
                    " as signed");
}

void refuse_rollback(std::int64_t is, std::int64_t had, const std::string& what) {
    if (is < had)
        throw Error(what + ": version " + std::to_string(is) + " is older than " + std::to_string(had) +
                    ", which was seen before; an old release is not taken for a new one");
}

}  // namespace

Trust::Trust(std::string_view root, const std::string& what) : root_(parse_root(root, what)) {
    require_signatures(root_, root_.roles.at("root"), what);
}

void Trust::next_root(std::string_view bytes, const std::string& what) {
    auto next = parse_root(bytes, what);
    require_signatures(next, root_.roles.at("root"), what + " (by the former keys)");
    require_signatures(next, next.roles.at("root"), what);
    require_version(next.version, root_.version + 1, what);
    root_ = std::move(next);
}

void Trust::close_root(Instant now) const {
    require_fresh(root_, "root.json", now);
}

void Trust::remember(std::string_view timestamp, std::string_view snapshot) {
    try {
        auto t = parse_timestamp(timestamp, "timestamp.json");
        require_signatures(t, root_.roles.at("timestamp"), "timestamp.json");
        old_timestamp_ = std::move(t);
        auto s = parse_snapshot(snapshot, "snapshot.json");
        require_signatures(s, root_.roles.at("snapshot"), "snapshot.json");
        old_snapshot_ = std::move(s);
    } catch (const Error&) {
        return;  // nothing to compare with is no fault
    }
}

bool Trust::update_timestamp(std::string_view bytes, const std::string& what, Instant now) {
    auto next = parse_timestamp(bytes, what);
    require_signatures(next, root_.roles.at("timestamp"), what);
    if (old_timestamp_) {
        refuse_rollback(next.version, old_timestamp_->version, what);
        refuse_rollback(next.snapshot.version, old_timestamp_->snapshot.version, what + ": snapshot.json");
    }
    require_fresh(next, what, now);
    timestamp_ = std::move(next);
    return !old_timestamp_ || timestamp_->version > old_timestamp_->version;
}

void Trust::update_snapshot(std::string_view bytes, const std::string& what, Instant now) {
    require_bytes(timestamp().snapshot, bytes, what);
    auto next = parse_snapshot(bytes, what);
    require_signatures(next, root_.roles.at("snapshot"), what);
    require_version(next.version, timestamp().snapshot.version, what);
    if (old_snapshot_) {
        for (const auto& [role, had] : old_snapshot_->meta) {
            const auto found = next.meta.find(role);
            if (found == next.meta.end())
                throw Error(what + ": no longer names " + role + ".json, which it named before");
            refuse_rollback(found->second.version, had.version, what + ": " + role + ".json");
        }
    }
    require_fresh(next, what, now);
    snapshot_ = std::move(next);
}

void Trust::update_targets(const std::string& role, std::string_view bytes, const std::string& what,
                           Instant now) {
    const auto meta = snapshot().meta.find(role);
    if (meta == snapshot().meta.end()) throw Error(what + ": the snapshot does not name it");
    require_bytes(meta->second, bytes, what);
    auto next = parse_targets(bytes, what);
    const auto* delegated = role == "targets" ? nullptr : delegation(role);
    if (role != "targets" && !delegated) throw Error(what + ": nobody delegates to role '" + role + "'");
    require_signatures(next, delegated ? delegated->keys : root_.roles.at("targets"), what);
    require_version(next.version, meta->second.version, what);
    require_fresh(next, what, now);
    targets_[role] = std::move(next);
}

const Delegation* Trust::delegation(const std::string& role) const {
    const auto top = targets_.find("targets");
    if (top == targets_.end()) return nullptr;
    const auto& all = top->second.delegations;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Delegation& d) { return d.name == role; });
    return found == all.end() ? nullptr : &*found;
}

const FileFacts* Trust::find(const std::string& path) const {
    const auto top = targets_.find("targets");
    if (top == targets_.end()) return nullptr;
    if (const auto found = top->second.targets.find(path); found != top->second.targets.end())
        return &found->second;
    for (const auto& d : top->second.delegations) {
        const bool takes = std::any_of(d.paths.begin(), d.paths.end(),
                                       [&](const std::string& p) { return path_matches(p, path); });
        if (!takes) continue;
        if (const auto role = targets_.find(d.name); role != targets_.end()) {
            if (const auto found = role->second.targets.find(path); found != role->second.targets.end())
                return &found->second;
        }
        if (d.terminating) return nullptr;
    }
    return nullptr;
}

Instant Trust::expires() const {
    auto earliest = std::min({root_.expires, timestamp().expires, snapshot().expires});
    for (const auto& [role, targets] : targets_) earliest = std::min(earliest, targets.expires);
    return earliest;
}

}  // namespace riverlight::content
