#include "content/channel/trust.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"

namespace riverlight::content {
namespace {

void require_fresh(const Signed& metadata, const std::string& what, UpdateTime moment) {
    if (moment.now < metadata.expires) return;
    throw Expired(what,
                  "expired at " + to_rfc3339(metadata.expires) +
                      "; nothing new is accepted until it is signed again" +
                      (moment.sure ? ", unless this clock is wrong (it says " + to_rfc3339(moment.now) + ")"
                                   : " (this clock is not set, but that moment has certainly passed)"),
                  metadata.expires);
}

void require_version(std::int64_t is, std::int64_t must, const std::string& what) {
    if (is != must)
        throw TrustError(TrustFault::version, what,
                         "is version " + std::to_string(is) + ", not " + std::to_string(must) +
                             " as signed; it is not accepted");
}

void refuse_rollback(std::int64_t is, std::int64_t had, const Where& what) {
    if (is < had)
        throw Rollback(TrustFault::rollback, what,
                       "version " + std::to_string(is) + " is older than " + std::to_string(had) +
                           ", which was seen before; an old release is not accepted");
}

SeenMetadata seen_of(const Signed& metadata) {
    return {metadata.version, sha256_hex(metadata.signed_bytes)};
}

void refuse_other_content(const Signed& is, const SeenMetadata& had, const std::string& what) {
    if (is.version != had.version || sha256_hex(is.signed_bytes) == had.sha256) return;
    throw Rollback(
        TrustFault::replaced, what,
        "version " + std::to_string(is.version) +
            " was seen before with other content; a version is never signed twice. It is not accepted");
}

bool rotated(const Root& from, const Root& to, const std::string& role) {
    const auto& a = from.roles.at(role);
    const auto& b = to.roles.at(role);
    return a.keyids != b.keyids || a.threshold != b.threshold;
}

bool matches(const FileFacts& facts, std::string_view bytes) {
    try {
        require_bytes(facts, bytes, "");
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// Parses metadata that `keys` have signed; nothing if the bytes are anything else.
template <class Read>
auto signed_by(const RoleKeys& keys, std::string_view bytes, const Read& read)
    -> std::optional<decltype(read(bytes, std::string{}))> {
    try {
        auto metadata = read(bytes, std::string{"kept"});
        require_signatures(metadata, keys, "kept");
        return metadata;
    } catch (const Error&) {
        return {};
    }
}

}  // namespace

Trust::Trust(std::string_view root, const std::string& what) : root_(parse_root(root, what)) {
    require_signatures(root_, root_.roles.at("root"), what);
}

bool Trust::next_root(std::string_view bytes, const std::string& what) {
    auto next = parse_root(bytes, what);
    require_signatures(next, root_.roles.at("root"), Where(what).in({}, "by the former root's keys"),
                       TrustFault::former_signatures);
    require_signatures(next, next.roles.at("root"), Where(what).in({}, "by its own keys"));
    require_version(next.version, root_.version + 1, what);
    refuse_other_content(next, seen_.root, what);
    const bool turned = next.version > seen_.root.version &&
                        (rotated(root_, next, "timestamp") || rotated(root_, next, "snapshot"));
    root_ = std::move(next);
    if (turned) {
        seen_.timestamp.reset();
        seen_.snapshot.reset();
        seen_.snapshot_named = 0;
        seen_.named.clear();
    }
    return turned;
}

void Trust::remember(SeenVersions seen) {
    refuse_other_content(root_, seen.root, "root.json");
    seen_ = std::move(seen);
}

void Trust::close_root(UpdateTime moment) {
    refuse_rollback(root_.version, seen_.root.version, "root.json");
    seen_.root = seen_of(root_);
    require_fresh(root_, "root.json", moment);
}

void Trust::remember_timestamp(std::string_view bytes) {
    old_timestamp_ = signed_by(root_.roles.at("timestamp"), bytes, parse_timestamp);
    if (!old_timestamp_) return;
    if (!seen_.timestamp || seen_.timestamp->version < old_timestamp_->version)
        seen_.timestamp = seen_of(*old_timestamp_);
    seen_.snapshot_named = std::max(seen_.snapshot_named, old_timestamp_->snapshot.version);
}

void Trust::remember_snapshot(std::string_view bytes) {
    old_snapshot_ = signed_by(root_.roles.at("snapshot"), bytes, parse_snapshot);
    old_snapshot_bytes_ = bytes;
    if (old_snapshot_) see_snapshot(*old_snapshot_);
}

void Trust::see_snapshot(const Snapshot& snapshot) {
    if (!seen_.snapshot || seen_.snapshot->version < snapshot.version) seen_.snapshot = seen_of(snapshot);
    for (const auto& [role, facts] : snapshot.meta)
        seen_.named[role] = std::max(seen_.named[role], facts.version);
}

bool Trust::update_timestamp(std::string_view bytes, const std::string& what, UpdateTime moment) {
    auto next = parse_timestamp(bytes, what);
    require_signatures(next, root_.roles.at("timestamp"), what);
    if (seen_.timestamp) refuse_rollback(next.version, seen_.timestamp->version, what);
    if (old_timestamp_ && next.version == old_timestamp_->version) {
        if (next.signed_bytes != old_timestamp_->signed_bytes)
            alarms_.emplace_back(TrustFault::replaced, what,
                                 "version " + std::to_string(next.version) +
                                     " was served again with other content; the first is kept");
        require_fresh(*old_timestamp_, what, moment);
        timestamp_ = old_timestamp_;
        return false;
    }
    if (seen_.timestamp) refuse_other_content(next, *seen_.timestamp, what);
    refuse_rollback(next.snapshot.version, seen_.snapshot_named, Where(what).in("snapshot.json"));
    require_fresh(next, what, moment);
    seen_.timestamp = seen_of(next);
    seen_.snapshot_named = next.snapshot.version;
    timestamp_ = std::move(next);
    return true;
}

bool Trust::snapshot_current() const {
    return old_snapshot_ && old_snapshot_->version == timestamp().snapshot.version &&
           matches(timestamp().snapshot, old_snapshot_bytes_);
}

void Trust::keep_snapshot(UpdateTime moment) {
    assert(snapshot_current());
    require_fresh(*old_snapshot_, "snapshot.json", moment);
    snapshot_ = old_snapshot_;
}

void Trust::update_snapshot(std::string_view bytes, const std::string& what, UpdateTime moment) {
    require_bytes(timestamp().snapshot, bytes, what);
    auto next = parse_snapshot(bytes, what);
    require_signatures(next, root_.roles.at("snapshot"), what);
    require_version(next.version, timestamp().snapshot.version, what);
    if (seen_.snapshot) refuse_other_content(next, *seen_.snapshot, what);
    for (const auto& [role, had] : seen_.named) {
        const auto found = next.meta.find(role);
        if (found == next.meta.end())
            throw Rollback(TrustFault::vanished, Where(what).in(role + ".json", {}),
                           "no longer names " + role + ".json, which it named before; it is not accepted");
        refuse_rollback(found->second.version, had, Where(what).in(role + ".json"));
    }
    require_fresh(next, what, moment);
    see_snapshot(next);
    snapshot_ = std::move(next);
}

const RoleKeys& Trust::keys_of(const std::string& role, const std::string& delegator) const {
    if (delegator.empty()) return root_.roles.at("targets");
    const auto& all = targets_.at(delegator).delegations;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Delegation& d) { return d.name == role; });
    if (found == all.end())
        throw TrustError(TrustFault::undelegated, role + ".json",
                         "'" + delegator + "' does not delegate to it");
    return found->keys;
}

std::optional<SeenMetadata> Trust::seen_targets(const std::string& role, const std::string& delegator,
                                                std::string_view bytes) const {
    if (const auto had = signed_by(keys_of(role, delegator), bytes, parse_targets_head)) return seen_of(*had);
    const auto kept = seen_.roles.find(role);
    return kept == seen_.roles.end() ? std::nullopt : std::optional(kept->second);
}

void Trust::update_targets(const std::string& role, const std::string& delegator, std::string_view bytes,
                           const std::optional<SeenMetadata>& former, const std::string& what,
                           UpdateTime moment) {
    const auto meta = snapshot().meta.find(role);
    if (meta == snapshot().meta.end())
        throw TrustError(TrustFault::undelegated, what,
                         "the snapshot does not name it; publish the channel again");
    require_bytes(meta->second, bytes, what);
    auto next = parse_targets(bytes, what);
    require_signatures(next, keys_of(role, delegator), what);
    require_version(next.version, meta->second.version, what);
    if (former) refuse_other_content(next, *former, what);
    require_fresh(next, what, moment);
    auto now_seen = seen_of(next);
    sha256_.insert_or_assign(role, now_seen.sha256);
    seen_.roles.insert_or_assign(role, std::move(now_seen));
    next.signed_bytes = {};
    targets_.insert_or_assign(role, std::move(next));
    verified_.insert({role, delegator});
}

void Trust::confirm_targets(const std::string& role, const std::string& delegator, std::string_view bytes) {
    const auto what = role + ".json (as '" + delegator + "' delegates to it)";
    const auto again = parse_targets_head(bytes, what);
    if (sha256_hex(again.signed_bytes) != sha256_.at(role))
        throw TrustError(TrustFault::replaced, what,
                         "changed since it was read; another program writes in that folder");
    require_signatures(again, keys_of(role, delegator), what);
    verified_.insert({role, delegator});
}

}  // namespace riverlight::content
