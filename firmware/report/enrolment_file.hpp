#pragma once
#include <optional>
#include <string>

#include "firmware/report/board_key.hpp"

namespace riverlight::firmware {

class Journal;

/// What a board needs of its enrolment to report: also kept beside the journal, for when that is lost.
struct KeptEnrolment {
    std::string office_key;  ///< the office's public key, hex
    std::string used_claim;  ///< SHA-256 of the claim code that enrolled the board, hex
    std::string board_key;   ///< the public half of the key that the office knows the board by, hex
    friend bool operator==(const KeptEnrolment&, const KeptEnrolment&) = default;
};

/// `<folder>/enrolment-<board>.json`, format 1, mode 0600.
[[nodiscard]] std::string enrolment_path(const std::string& folder, const std::string& board);
/// Nothing if there is none or it is damaged.
[[nodiscard]] std::optional<KeptEnrolment> read_enrolment_file(const std::string& path);
/// Throws DiskFault.
void write_enrolment_file(const std::string& path, const KeptEnrolment& enrolment);

/// Makes journal and file agree on the enrolment of `key`: a journal that has lost it gets it from the file,
/// and a file that lacks it gets it from the journal. An enrolment with another key is removed: the office
/// would refuse this one. Throws Error where one of them cannot be written.
void reconcile_enrolment(Journal& journal, const std::string& path, const BoardKey& key);

}  // namespace riverlight::firmware
