#pragma once
#include <optional>
#include <string>
#include <vector>

/// Edits a country's clearances.toml in the channel's source. Leaves all other lines and comments unchanged,
/// so that a change is easy to review in git.
namespace riverlight::publisher {

struct ClearanceEdit {
    std::string segment;
    std::vector<std::string> locales;  ///< withdraw: empty means all
    std::optional<int> revision;       ///< withdraw: none means all; clear: required
    std::string from, until;           ///< clear: YYYY-MM-DD, empty for none
};

/// Adds a clearance to the text, or adds locales to the one with the same segment, revision and dates. Throws
/// Error naming `what` if the text or the edit is wrong, or if all of it is cleared already.
[[nodiscard]] std::string add_clearance(const std::string& toml, const ClearanceEdit& edit,
                                        const std::string& what);

/// Removes a clearance from the text. Throws Error if there is no such clearance.
[[nodiscard]] std::string remove_clearance(const std::string& toml, const ClearanceEdit& edit,
                                           const std::string& what);

/// Changes `<source>/countries/<country>/clearances.toml`: clears, or withdraws if `withdraw`. Without a
/// revision in the edit, uses the one of the segment in the source. Returns what was done, as a sentence.
[[nodiscard]] std::string edit_clearances(const std::string& source, const std::string& country,
                                          ClearanceEdit edit, bool withdraw);

}  // namespace riverlight::publisher
