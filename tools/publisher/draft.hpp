#pragma once
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "tools/publisher/keyring.hpp"
#include "tools/publisher/tree.hpp"

namespace riverlight::publisher {

/// Signatures that a role's new metadata still lack.
struct MissingSignatures {
    std::string role;
    int good = 0, needed = 0;
    std::vector<std::string> may_sign;  ///< keys that have not signed, by the beginning of their ids
    [[nodiscard]] std::string sentence() const;
    friend bool operator==(const MissingSignatures&, const MissingSignatures&) = default;
};

/// Nothing was published or changed, for lack of signatures.
class SignaturesMissing : public Error {
  public:
    /// `lead` says what was not done; `remedy` what to do, and may be empty. One line for each role between.
    SignaturesMissing(std::vector<MissingSignatures> roles, const std::string& lead,
                      const std::string& remedy = {});
    std::vector<MissingSignatures> missing;
};

/// New metadata of roles (root, targets, countries) that still need signatures. Snapshot and timestamp, which
/// online keys sign, are made when the draft is published. The draft is a file that key holders pass on until
/// each role has enough signatures:
///
///     {"format": 1, "roles": {"targets": {"signed": {…}, "signatures": [{"keyid", "sig"}, …],
///                                         "may_sign": {"<keyid>": "<public key>", …}}, …}}
class ReleaseDraft {
  public:
    explicit ReleaseDraft(const Tree& tree) : tree_(tree) {}

    /// Sets the new metadata of a role. `body` is complete and has the role's next version.
    void set(const std::string& role, boost::json::object body);
    [[nodiscard]] bool empty() const { return roles_.empty(); }
    [[nodiscard]] bool has(const std::string& role) const { return roles_.contains(role); }
    [[nodiscard]] std::vector<std::string> roles() const;
    [[nodiscard]] const boost::json::object& body(const std::string& role) const;

    /// Signs each role with all keys of the ring that may sign for it, by the former metadata or the new.
    void sign(KeyRing& keys);
    /// The roles that lack signatures, with the keys that can sign.
    [[nodiscard]] std::vector<MissingSignatures> missing() const;
    /// The role's file. Signatures are sorted by key id, so the bytes do not depend on who signed first.
    [[nodiscard]] std::string file(const std::string& role) const;
    /// True if the role's new file also verifies for readers that still have the former root or targets.
    [[nodiscard]] bool verifies_for_former(const std::string& role) const;

    /// The keys that must sign `role`: those of the draft's metadata, and of the former metadata where both
    /// are required.
    [[nodiscard]] std::vector<content::RoleKeys> required_keys(const std::string& role) const;

    [[nodiscard]] std::string text() const;
    /// Merges a draft file: all its roles into an empty draft, else its signatures for the same bodies.
    /// Throws PublishError if bodies differ, or a version is not the tree's next.
    void merge(std::string_view text, const std::string& what);

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

/// Adds all signatures that the ring can make to a draft file, without the tree: the file's `may_sign` lists
/// the allowed keys. Returns the new text, and appends a line for each signature to `said`.
[[nodiscard]] std::string sign_draft(std::string_view text, const std::string& what, KeyRing& keys,
                                     std::vector<std::string>& said);

/// What a draft changes, for its signers to read: a line for each role, key and target.
[[nodiscard]] std::vector<std::string> describe_draft(std::string_view text, const std::string& what);

}  // namespace riverlight::publisher
