#pragma once
#include <optional>
#include <string>
#include <vector>

/// Edits of a country's clearances.toml in the channel's source: the lines that are not concerned stay as
/// they are, comments among them, so that a change reads well in git.
namespace riverlight::publisher {

struct ClearanceEdit {
    std::string segment;
    std::vector<std::string> locales;  ///< withdraw: empty stands for all
    std::optional<int> revision;       ///< withdraw: absent stands for all; clear: needed
    std::string from, until;           ///< clear: YYYY-MM-DD, empty for none
};

/// The text with one more clearance, or with locales added to the one for that segment, revision and dates.
/// Throws Error naming `what` where the text or the edit is wrong, or all of it is cleared already.
[[nodiscard]] std::string with_clearance(const std::string& toml, const ClearanceEdit& edit,
                                         const std::string& what);

/// The text without it. Throws Error where there is no such clearance.
[[nodiscard]] std::string without_clearance(const std::string& toml, const ClearanceEdit& edit,
                                            const std::string& what);

/// Changes `<source>/countries/<country>/clearances.toml`; `withdraw` or clear. The revision of a segment
/// that the source holds is taken from there where the edit names none. Returns what was done, as a sentence.
[[nodiscard]] std::string edit_clearances(const std::string& source, const std::string& country,
                                          ClearanceEdit edit, bool withdraw);

}  // namespace riverlight::publisher
