#include "tools/publisher/release.hpp"

#include <optional>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"
#include "tools/publisher/sign.hpp"

namespace riverlight::publisher {
namespace {

namespace json = boost::json;

/// A signed file to be written.
struct Made {
    std::string role;
    std::int64_t version = 0;
    std::string bytes;
};

class Putting {
  public:
    Putting(const Tree& tree, const ReleaseDraft& draft, KeyRing& keys, const Terms& terms, Instant now)
        : tree_(tree), draft_(draft), keys_(keys), terms_(terms), now_(now) {}

    std::int64_t run() {
        for (const auto& role : draft_.roles())
            if (role != "root") made_.push_back({role, version_of(draft_.body(role)), draft_.file(role)});
        const bool turns = draft_.has("root");
        const bool fresh_snapshot =
            !made_.empty() || turns || tree_.seen("snapshot") == 0 || grows_old("snapshot");
        auto snapshot = fresh_snapshot ? make_snapshot()
                                       : Made{"snapshot", tree_.seen("snapshot"), tree_.bytes("snapshot")};
        auto timestamp = make_timestamp(snapshot);
        // All signatures are made. Writing starts here.
        const bool root_last = turns && no_gap_;
        if (turns && !root_last) put_root();
        for (const auto& one : made_) put(one);
        if (fresh_snapshot) put(snapshot);
        put(timestamp);
        if (root_last) put_root();
        return snapshot.version;
    }

  private:
    static std::int64_t version_of(const json::object& body) { return body.at("version").as_int64(); }

    [[nodiscard]] bool grows_old(const std::string& role) const {
        const auto expires = from_rfc3339(std::string(tree_.body(role).at("expires").as_string()));
        return !expires || *expires - now_ < term_of(terms_, role) / 2;
    }

    void put(const Made& one) const { tree_.write(one.role, one.version, one.bytes); }
    void put_root() const { tree_.write("root", version_of(draft_.body("root")), draft_.file("root")); }

    static json::object facts(const Made& one) {
        return {{"version", one.version},
                {"length", static_cast<std::int64_t>(one.bytes.size())},
                {"hashes", json::object{{"sha256", sha256_hex(one.bytes)}}}};
    }

    /// Signs snapshot or timestamp with all keys of the ring that the former or the new root lists.
    std::string sign_online(const std::string& role, json::object body) {
        ReleaseDraft online(tree_);
        if (draft_.has("root")) online.set("root", draft_.body("root"));
        online.set(role, std::move(body));
        online.sign(keys_);
        for (const auto& lacks : online.missing())
            if (lacks.role == role)
                throw SignaturesMissing({lacks}, keys_.folder() + '/' + role +
                                                     ".key: is missing or not enough, nothing was written");
        no_gap_ = no_gap_ && online.verifies_for_former(role);
        return online.file(role);
    }

    Made make_snapshot() {
        json::object meta;
        if (tree_.seen("snapshot") > 0) meta = tree_.body("snapshot").at("meta").as_object();
        for (const auto& one : made_) {
            meta[one.role + ".json"] = facts(one);
            no_gap_ = no_gap_ && draft_.verifies_for_former(one.role);
        }
        const auto version = std::max(tree_.newest("snapshot"), tree_.seen("snapshot")) + 1;
        auto body = metadata_head("snapshot", version, now_, term_of(terms_, "snapshot"));
        body["meta"] = std::move(meta);
        return {"snapshot", version, sign_online("snapshot", std::move(body))};
    }

    Made make_timestamp(const Made& snapshot) {
        auto body =
            metadata_head("timestamp", tree_.seen("timestamp") + 1, now_, term_of(terms_, "timestamp"));
        body["meta"] = json::object{{"snapshot.json", facts(snapshot)}};
        return {"timestamp", 0, sign_online("timestamp", std::move(body))};
    }

    const Tree& tree_;
    const ReleaseDraft& draft_;
    KeyRing& keys_;
    const Terms& terms_;
    Instant now_;
    std::vector<Made> made_;
    bool no_gap_ = true;  ///< the new files also verify for readers with the former root
};

}  // namespace

Terms default_terms() {
    // Metadata signed by online keys are valid for a short time, so that readers notice a frozen channel.
    using std::chrono::days;
    return {{"root", days{3650}},
            {"targets", days{365}},
            {"countries", days{365}},
            {"snapshot", days{90}},
            {"timestamp", days{30}}};
}

std::chrono::days term_of(const Terms& terms, const std::string& role) {
    const auto found = terms.find(role);
    return found == terms.end() ? terms.at("countries") : found->second;
}

std::int64_t put_release(const Tree& tree, const ReleaseDraft& draft, KeyRing& keys, const Terms& terms,
                         Instant now) {
    if (auto lacking = draft.missing(); !lacking.empty())
        throw SignaturesMissing(std::move(lacking), "signatures are missing, nothing was written");
    return Putting(tree, draft, keys, terms, now).run();
}

}  // namespace riverlight::publisher
