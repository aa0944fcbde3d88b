#pragma once
#include "tools/office/router.hpp"

/// Handlers of forms: what people change.
namespace riverlight::office {

[[nodiscard]] Answer sign_in(Services& services, const Call& call);
[[nodiscard]] Answer sign_out(Services& services, const Call& call);
/// Shows the boards page with the new code, once.
[[nodiscard]] Answer make_claim_code(Services& services, const Call& call);
[[nodiscard]] Answer retire_board(Services& services, const Call& call);
/// Approves the board of the path if the form's fingerprint is that of its key.
[[nodiscard]] Answer approve_board_form(Services& services, const Call& call);
[[nodiscard]] Answer decline_board_form(Services& services, const Call& call);

/// Of a board with twins, the device of the form's run stays.
[[nodiscard]] Answer resolve_twins(Services& services, const Call& call);

}  // namespace riverlight::office
