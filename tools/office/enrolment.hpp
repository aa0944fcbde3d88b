#pragma once
#include <string>
#include <string_view>

#include "tools/office/store.hpp"

/// How a board joins: a person makes a claim code, the board enrols with it (Intake::enrol), and a person who
/// compared fingerprints approves the board.
namespace riverlight::office {

/// 16 letters of Crockford's base 32 (80 bits) in groups of four.
[[nodiscard]] std::string new_claim_code();
/// The hash under which a claim code is stored. Case, hyphens and spaces do not count, and neither does O for
/// 0, or I and L for 1.
[[nodiscard]] std::string claim_code_hash(std::string_view code);

/// Makes a claim code, valid for 30 days. Throws BadRequest for a place or board that is no id.
[[nodiscard]] std::string issue_claim_code(OfficeStore& store, const std::string& place,
                                           const std::string& board, Instant now);

/// Lets a board report, or its applicant in its place, by which of them has the fingerprint. Throws
/// BadRequest for an unknown board, or if neither has it.
void approve_board(OfficeStore& store, const std::string& board, const std::string& fingerprint);

/// The opposite: the applicant with the fingerprint is forgotten, and the board stays as it is; a board that
/// was not approved yet is retired. Its claim code is spent. Throws BadRequest for an unknown board, if
/// neither has the fingerprint, and for a board that reports: that one can be retired.
void decline_board(OfficeStore& store, const std::string& board, const std::string& fingerprint);

/// Of a board with twins, says which device stays: that of `run`. Throws BadRequest if there is none.
void keep_device(OfficeStore& store, const std::string& board, const std::string& run);

}  // namespace riverlight::office
