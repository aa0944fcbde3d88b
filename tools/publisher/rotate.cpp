#include "tools/publisher/rotate.hpp"

#include <algorithm>
#include <filesystem>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/segment/forms.hpp"
#include "tools/publisher/sign.hpp"

namespace riverlight::publisher {
namespace {

namespace json = boost::json;

bool top_level(const std::string& role) {
    return role == "root" || role == "targets" || role == "snapshot" || role == "timestamp";
}

bool is_country_role(const std::string& role) {
    return role.size() == 2 &&
           std::all_of(role.begin(), role.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// A key as given on the command line.
json::object named_key(const std::string& text) {
    if (std::filesystem::exists(text)) {
        const auto stem = std::filesystem::path(text).stem().string();
        const auto dot = stem.find('.');
        return key_object(SigningKey::read_public_hex(text), dot == stem.npos ? "" : stem.substr(dot + 1));
    }
    const auto colon = text.find(':');
    const auto hex = colon == text.npos ? text : text.substr(colon + 1);
    if (!content::is_sha256(hex))  // the same form: 64 hex digits
        throw ReadError(ReadFault::malformed, Where(text, "'" + text + '\''),
                        "is neither a key file nor a public key (64 hex digits, or holder:hex); "
                        "riverlight channel key show FILE prints it");
    return key_object(hex, colon == text.npos ? "" : text.substr(0, colon));
}

class Turning {
  public:
    Turning(const Rotation& rotation, KeyRing& keys, const Tree& tree, const Terms& terms, Instant now)
        : rotation_(rotation), keys_(keys), tree_(tree), terms_(terms), now_(now), draft_(tree) {}

    PublishReport run(const std::string& draft_file) {
        check();
        const auto lock = tree_.lock();
        const std::string holder = top_level(rotation_.role) ? "root" : "targets";
        auto body = next(holder);
        if (holder == "root")
            replace_keys(body["keys"].as_object(), body["roles"].as_object().at(rotation_.role).as_object());
        else
            turn_country(body);
        draft_.set(holder, std::move(body));
        sign_again();
        draft_.sign(keys_);
        PublishReport report;
        report.changed = true;
        report.missing = draft_.missing();
        if (report.missing.empty()) {
            report.snapshot = put_release(tree_, draft_, keys_, terms_, now_);
        } else if (draft_file.empty()) {
            throw SignaturesMissing(
                report.missing, "signatures are missing, nothing was changed",
                "Pass --draft FILE, and let the holders sign it: riverlight channel sign FILE");
        } else {
            write_file_atomically(draft_file, draft_.text());
        }
        return report;
    }

  private:
    void check() const {
        tree_.require_channel();
        if (!top_level(rotation_.role) && !is_country_role(rotation_.role))
            throw Error(
                "'" + rotation_.role +
                "' is not a role; roles are root, targets, snapshot, timestamp and countries such as kh");
        if (tree_.seen("timestamp") == 0)
            throw Error(tree_.folder() + ": nothing is published yet; publish first, then change keys");
        if (rotation_.add.empty() && rotation_.remove.empty() && rotation_.threshold == 0)
            throw Error("nothing to change: pass --add, --remove or --threshold");
    }

    /// The current body of a role, with its next version and a new expiry.
    [[nodiscard]] json::object next(const std::string& role) const {
        auto body = tree_.body(role);
        renew(body, std::max(tree_.newest(role), tree_.seen(role)) + 1, now_, term_of(terms_, role));
        return body;
    }

    [[nodiscard]] static bool is_named(const std::string& by, const std::string& id,
                                       const json::object& key) {
        const std::string value(key.at("keyval").at("public").as_string());
        return by.size() >= 8 && (id.starts_with(by) || value.starts_with(by));
    }

    /// Removes keys from a role and adds others. Drops keys that no role lists any more.
    void replace_keys(json::object& keys, json::object& role) const {
        auto ids = role.at("keyids").as_array();
        for (const auto& by : rotation_.remove) {
            const auto end = std::remove_if(ids.begin(), ids.end(), [&](const json::value& id) {
                const std::string text(id.as_string());
                return is_named(by, text, keys.at(text).as_object());
            });
            if (end == ids.end())
                throw ReadError(
                    ReadFault::unresolved, Where(rotation_.role, "").in(by, {}),
                    "role '" + rotation_.role + "' has no key '" + by +
                        "' (at least 8 digits of its id or public half); riverlight channel log shows them");
            ids.erase(end, ids.end());
        }
        for (const auto& text : rotation_.add) {
            const auto key = named_key(text);
            const json::value id(key_id(key));
            keys[key_id(key)] = key;
            if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
        }
        const auto threshold =
            rotation_.threshold > 0 ? rotation_.threshold : role.at("threshold").as_int64();
        if (static_cast<std::int64_t>(ids.size()) < threshold)
            throw PublishError(PublishFault::too_few_keys,
                               Where(rotation_.role, "role '" + rotation_.role + '\''),
                               "would have " + std::to_string(ids.size()) + " keys and need " +
                                   std::to_string(threshold) + "; add keys, or lower --threshold");
        role["keyids"] = std::move(ids);
        role["threshold"] = threshold;
    }

    static void drop_unnamed(json::object& keys, const std::vector<json::array>& named) {
        std::vector<std::string> gone;
        for (const auto& key : keys) {
            const json::value id(key.key());
            const bool kept = std::any_of(named.begin(), named.end(), [&](const json::array& ids) {
                return std::find(ids.begin(), ids.end(), id) != ids.end();
            });
            if (!kept) gone.emplace_back(key.key());
        }
        for (const auto& id : gone) keys.erase(id);
    }

    void turn_country(json::object& body) const {
        if (!body.contains("delegations"))
            body["delegations"] = json::object{{"keys", json::object{}}, {"roles", json::array{}}};
        auto& delegations = body["delegations"].as_object();
        auto& roles = delegations["roles"].as_array();
        auto found = std::find_if(roles.begin(), roles.end(), [&](const json::value& role) {
            return role.at("name").as_string() == rotation_.role;
        });
        if (found == roles.end())
            found = roles.insert(
                roles.end(),
                json::object{{"name", rotation_.role},
                             {"keyids", json::array{}},
                             {"threshold", 1},
                             {"terminating", true},
                             {"paths", json::array{json::value("countries/" + rotation_.role + "/*")}}});
        replace_keys(delegations["keys"].as_object(), found->as_object());
        drop_unnamed(delegations["keys"].as_object(), ids_of(roles));
    }

    static std::vector<json::array> ids_of(const json::array& roles) {
        std::vector<json::array> out;
        for (const auto& role : roles) out.push_back(role.at("keyids").as_array());
        return out;
    }

    /// Signs the role's own metadata again, unchanged, if the former signatures are no longer enough.
    /// Snapshot and timestamp are signed with every release.
    void sign_again() {
        const auto& role = rotation_.role;
        drop_from_root();
        if (role == "root" || role == "snapshot" || role == "timestamp") return;
        const auto had = tree_.targets(role);
        if (!had) return;
        const auto keys = draft_.required_keys(role).back();
        if (content::signatures_by(*had, keys) < keys.threshold) draft_.set(role, next(role));
    }

    void drop_from_root() {
        if (!draft_.has("root")) return;
        auto body = draft_.body("root");
        std::vector<json::array> named;
        for (const auto& role : body.at("roles").as_object())
            named.push_back(role.value().at("keyids").as_array());
        drop_unnamed(body["keys"].as_object(), named);
        draft_.set("root", std::move(body));
    }

    const Rotation& rotation_;
    KeyRing& keys_;
    const Tree& tree_;
    const Terms& terms_;
    Instant now_;
    ReleaseDraft draft_;
};

}  // namespace

PublishReport rotate(const Rotation& rotation, KeyRing& keys, const Tree& tree, const Terms& terms,
                     Instant now, const std::string& draft) {
    return Turning(rotation, keys, tree, terms, now).run(draft);
}

}  // namespace riverlight::publisher
