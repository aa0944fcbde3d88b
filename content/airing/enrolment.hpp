#pragma once
#include <optional>
#include <string>
#include <string_view>

/// How a board joins its office. The board sends POST /v1/enrolments once, with the claim code that the
/// office made for its place; a person at the office then approves it.
///
///     {"format":1,"claim_code","public_key","place","version"}
///     201 or 200: {"format":1,"board","office_key","fingerprint","state":"pending"|"active"|"retired"}
///
/// A board that is still pending gets 403 with a problem of type `…/pending` for everything else that it
/// sends.
namespace riverlight::content {

/// What the office thinks of a board.
enum class BoardState {
    pending,  ///< enrolled, not approved yet
    active,
    retired,  ///< its reports are refused
};
[[nodiscard]] std::string_view to_text(BoardState state);
[[nodiscard]] std::optional<BoardState> parse_board_state(std::string_view text);

struct EnrolmentRequest {
    std::string claim_code;
    std::string public_key;  ///< the board's: Ed25519, 64 lower-case hex digits
    std::string place;
    std::string version;
};
[[nodiscard]] std::string write_enrolment(const EnrolmentRequest& request);
/// Throws Error for anything else than one request of format 1, of at most 4 KiB, with a well-formed key.
[[nodiscard]] EnrolmentRequest parse_enrolment(std::string_view json);

struct EnrolmentAnswer {
    std::string board;        ///< id under which the board reports
    std::string office_key;   ///< Ed25519, 64 hex digits: signs receipts
    std::string fingerprint;  ///< of the board's key, for the person who approves it
    BoardState state = BoardState::pending;
};
[[nodiscard]] std::string write_enrolment_answer(const EnrolmentAnswer& answer);
/// Throws Error for anything else than one answer of format 1, of at most 16 KiB, with a well-formed key.
[[nodiscard]] EnrolmentAnswer parse_enrolment_answer(std::string_view json);

}  // namespace riverlight::content
