#pragma once
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "tools/publisher/keyring.hpp"
#include "tools/publisher/tree.hpp"

namespace riverlight::publisher {

/// New metadata of roles on the way to their signatures: root, targets, countries (what online keys sign,
/// snapshot and timestamp, is made when a draft is published). A draft travels as a file from holder to
/// holder until each role has the signatures it needs:
///
///     {"format": 1, "roles": {"targets": {"signed": {…}, "signatures": [{"keyid", "sig"}, …],
///                                         "may_sign": {"<keyid>": "<public key>", …}}, …}}
class Draft {
  public:
    explicit Draft(const Tree& tree) : tree_(tree) {}

    /// `body` is complete, its version the role's next.
    void set(const std::string& role, boost::json::object body);
    [[nodiscard]] bool empty() const { return roles_.empty(); }
    [[nodiscard]] bool has(const std::string& role) const { return roles_.contains(role); }
    [[nodiscard]] std::vector<std::string> roles() const;
    [[nodiscard]] const boost::json::object& body(const std::string& role) const;

    /// Signs each role with all keys of the ring that may sign for it, under the former keys or the new.
    void sign(KeyRing& keys);
    /// One sentence for each role that lacks signatures: whose would do.
    [[nodiscard]] std::vector<std::string> missing() const;
    /// The role's file. Its signatures are in the order of their keys' ids: whoever signs first, the bytes
    /// are the same.
    [[nodiscard]] std::string file(const std::string& role) const;
    /// Whether the role's new file also holds for who still has the former root or targets.
    [[nodiscard]] bool holds_for_former(const std::string& role) const;

    /// Keys that may sign for any role when this draft is in force: of the former metadata and of the
    /// draft's.
    [[nodiscard]] std::vector<content::RoleKeys> wanted(const std::string& role) const;

    [[nodiscard]] std::string text() const;
    /// Takes over a draft's file: all roles of an empty draft, or the signatures for the same bodies. Throws
    /// Error where bodies differ, or a version is not the tree's next.
    void take(std::string_view text, const std::string& what);

  private:
    struct Role {
        boost::json::object body;
        std::map<std::string, std::string> signatures;  ///< by key id
    };
    [[nodiscard]] content::RoleKeys keys_of(const std::string& role, bool drafted) const;
    void add_signatures(const std::string& role, const std::map<std::string, std::string>& signatures);
    [[nodiscard]] content::Signed signed_part(const std::string& role) const;

    const Tree& tree_;
    std::map<std::string, Role> roles_;
};

/// Adds to a draft's file every signature that the ring can give; what the tree says of keys is not at hand,
/// so the file's `may_sign` tells. Returns the new text and puts what was signed into `said`, a line each.
[[nodiscard]] std::string sign_draft(std::string_view text, const std::string& what, KeyRing& keys,
                                     std::vector<std::string>& said);

/// What a draft would change, for its signers to read: a line for each role, key, target.
[[nodiscard]] std::vector<std::string> describe_draft(std::string_view text, const std::string& what);

}  // namespace riverlight::publisher
