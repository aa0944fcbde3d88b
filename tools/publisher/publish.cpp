#include "tools/publisher/publish.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "tools/publisher/sign.hpp"
#include "tools/publisher/source.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using content::FileFacts;
using content::Targets;

constexpr std::uint64_t draft_cap = 64U << 20;

bool same_targets(const content::TargetList& had, const std::map<std::string, FileFacts>& now) {
    return std::equal(had.begin(), had.end(), now.begin(), now.end(), [](const auto& a, const auto& b) {
        return a.first == b.first && a.second == b.second;
    });
}

json::object facts_object(const std::map<std::string, FileFacts>& targets) {
    json::object out;
    for (const auto& [path, facts] : targets)
        out[path] = json::object{{"length", facts.length.value()},
                                 {"hashes", json::object{{"sha256", facts.sha256}}}};
    return out;
}

json::object empty_delegations() {
    return {{"keys", json::object{}}, {"roles", json::array{}}};
}

json::object country_delegation(const std::string& role, const json::array& ids) {
    return {{"name", role},
            {"keyids", ids},
            {"threshold", 1},
            {"terminating", true},
            {"paths", json::array{json::value("countries/" + role + "/*")}}};
}

/// One publication of a source.
class Publication {
  public:
    Publication(const std::string& source, KeyRing& keys, const Tree& tree, Instant now, const Tell& tell)
        : keys_(keys),
          tree_(tree),
          now_(now),
          tell_(tell),
          source_(read_source(source, true)),
          draft_(tree) {}

    PublishReport run(const std::string& draft_file) {
        refuse_faults();
        tree_.require_channel();
        const auto lock = tree_.lock();
        gather();
        for (const auto& [role, targets] : role_targets_)
            if (role != "targets") note_country(role);
        for (const auto& [role, targets] : role_targets_) decide(role, targets);
        draft_.sign(keys_);
        report_.missing = draft_.missing();
        if (!report_.missing.empty() && draft_file.empty()) refuse_unsigned();
        put_targets();
        if (report_.missing.empty())
            report_.snapshot = put_release(tree_, draft_, keys_, source_.settings.expiry, now_);
        else
            write_file_atomically(draft_file, draft_.text());
        report_.segments = source_.catalogue.segments.size();
        report_.media = source_.media.size();
        for (const auto& [code, country] : source_.catalogue.countries)
            report_.places += country.places.size();
        return report_;
    }

  private:
    void refuse_faults() {
        std::vector<scheduler::Finding> errors;
        for (const auto& finding : source_.findings) {
            if (finding.error) {
                errors.push_back(finding);
            } else {
                report_.warnings.push_back(finding.text());
            }
        }
        if (!errors.empty()) throw FaultySchedules(std::move(errors));
    }

    [[noreturn]] void refuse_unsigned() const {
        throw SignaturesMissing(
            report_.missing, "keys are missing in " + keys_.folder() + ", nothing was published",
            "Let the holders sign a draft (--draft FILE, then riverlight channel sign FILE), or leave "
            "the role's files as they were");
    }

    /// Assigns each file to the role that signs for it: a country's role for its folder, the PMO's for the
    /// rest.
    void gather() {
        role_targets_["targets"];
        for (const auto& [path, bytes] : source_.facts) {
            const bool of_country = path.starts_with("countries/");
            role_targets_[of_country ? path.substr(10, 2) : "targets"][path] = {
                static_cast<std::int64_t>(bytes.size()), sha256_hex(bytes), {}, true};
        }
        for (const auto& [path, file] : source_.media)
            add_file(path, file, "the segment was built with; build the segment again");
        for (const auto& [path, file] : source_.bundles)
            add_file(path, file,
                     "were added; remove the version and add it again (riverlight channel image)");
    }

    /// A file whose name in the tree is its hash; `remedy` ends the sentence about one that has changed.
    void add_file(const std::string& path, const std::string& file, const std::string& remedy) {
        const auto sha256 = fs::path(path).stem().string();
        const FileFacts facts{fs::file_size(file), sha256, {}, true};
        tell_("hashing " + path);
        if (!tree_.has_target(path, facts) && sha256_of_file(file) != sha256)
            throw Error(file + ": its bytes are not those that " + remedy);
        role_targets_["targets"][path] = facts;
    }

    /// The current body of targets, with the delegations of the new release.
    json::object& delegating() {
        if (delegations_) return *delegations_;
        delegations_ = empty_delegations();
        if (tree_.seen("targets") > 0) {
            const auto body = tree_.body("targets");
            if (const auto* current = body.if_contains("delegations")) delegations_ = current->as_object();
        }
        return *delegations_;
    }

    /// Adds a delegation for a new country, with the keys for it in the key folder.
    void note_country(const std::string& role) {
        auto& delegations = delegating();
        auto& roles = delegations["roles"].as_array();
        for (const auto& one : roles)
            if (one.at("name").as_string() == role) return;
        json::array ids;
        for (const auto& held : keys_.keys()) {
            if (held.role != role) continue;
            const auto key = key_object(held.public_hex, held.holder);
            ids.push_back(json::value(key_id(key)));
            delegations["keys"].as_object()[key_id(key)] = key;
        }
        if (ids.empty())
            throw Error("country '" + role +
                        "' has files in the source but no key; make one (riverlight channel "
                        "key new " +
                        keys_.folder() + '/' + role +
                        ".key), or add its coordinators' public key: "
                        "riverlight channel rotate " +
                        role + " --add …");
        roles.push_back(country_delegation(role, ids));
        delegates_new_ = true;
    }

    [[nodiscard]] bool stale(const Targets& targets, const std::string& role) const {
        return targets.expires - now_ < term_of(source_.settings.expiry, role) / 2;
    }

    /// True if readers would refuse the current metadata because the role's keys have changed.
    [[nodiscard]] bool outdated(const Targets& standing, const std::string& role) const {
        const auto keys = draft_.required_keys(role).back();
        return content::signatures_by(standing, keys) < keys.threshold;
    }

    [[nodiscard]] bool may_sign(const std::string& role) const {
        for (const auto& keys : draft_.required_keys(role))
            for (const auto& [id, key] : keys.keys)
                if (keys_.holds(key.value)) return true;
        return false;
    }

    /// Drafts a role's new metadata if it must be signed again. Does not depend on the order of roles:
    /// countries are drafted with the delegations of the new release.
    void decide(const std::string& role, const std::map<std::string, FileFacts>& targets) {
        const auto had = tree_.targets(role);
        const bool same =
            had && same_targets(had->targets, targets) && (role != "targets" || !delegates_new_);
        report_.changed = report_.changed || !same;
        if (same && !outdated(*had, role) && (!stale(*had, role) || !may_sign(role))) return;
        auto body = had ? tree_.body(role) : json::object{{"_type", "targets"}, {"spec_version", "1.0.34"}};
        renew(body, std::max(tree_.newest(role), tree_.seen(role)) + 1, now_,
              term_of(source_.settings.expiry, role));
        body["targets"] = facts_object(targets);
        if (role == "targets") body["delegations"] = delegating();
        draft_.set(role, std::move(body));
    }

    void put_targets() {
        for (const auto& [role, targets] : role_targets_) {
            for (const auto& [path, facts] : targets) {
                if (tree_.has_target(path, facts)) continue;
                tell_("adding " + path);
                if (const auto fact = source_.facts.find(path); fact != source_.facts.end())
                    tree_.write_target(path, facts.sha256, fact->second);
                else
                    tree_.copy_target(
                        path, facts.sha256,
                        path.starts_with("media/") ? source_.media.at(path) : source_.bundles.at(path));
                report_.bytes_added += facts.length.value();
            }
        }
    }

    KeyRing& keys_;
    const Tree& tree_;
    Instant now_;
    const Tell& tell_;
    ChannelSource source_;
    std::map<std::string, std::map<std::string, FileFacts>> role_targets_;  ///< role → its targets
    std::optional<json::object> delegations_;
    bool delegates_new_ = false;
    ReleaseDraft draft_;
    PublishReport report_;
};

}  // namespace

FaultySchedules::FaultySchedules(std::vector<scheduler::Finding> errors)
    : Error(std::accumulate(
          errors.begin(), errors.end(), std::string("the schedules have errors, nothing was published:"),
          [](std::string all, const auto& one) { return std::move(all) + "\n  " + one.text(); })),
      findings(std::move(errors)) {}

PublishReport publish(const std::string& source, KeyRing& keys, const Tree& tree, Instant now,
                      const Tell& tell, const std::string& draft) {
    return Publication(source, keys, tree, now, tell).run(draft);
}

PublishReport finish(const std::vector<std::string>& drafts, KeyRing& keys, const Tree& tree,
                     const Terms& terms, Instant now) {
    tree.require_channel();
    const auto lock = tree.lock();
    ReleaseDraft draft(tree);
    for (const auto& file : drafts) draft.merge(read_file(file, draft_cap), file);
    draft.sign(keys);
    PublishReport report;
    report.missing = draft.missing();
    if (!report.missing.empty()) return report;
    for (const auto& role : draft.roles()) {
        if (role == "root") continue;
        const auto targets = content::parse_targets(draft.file(role), role + ".json");
        for (const auto& [path, facts] : targets.targets)
            if (!tree.has_target(std::string(path), facts))
                throw Error(tree.target_path(std::string(path), facts.sha256) +
                            ": is missing; publish the source with --draft again, which copies it");
    }
    report.changed = true;
    report.snapshot = put_release(tree, draft, keys, terms, now);
    return report;
}

}  // namespace riverlight::publisher
