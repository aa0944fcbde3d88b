#pragma once
#include "tools/office/router.hpp"

/// Handlers of `/v1/…`, as assets/openapi.json describes them.
namespace riverlight::office {

[[nodiscard]] http::Response openapi_file(Services& services, const Call& call);

[[nodiscard]] Answer enrol_board(Services& services, const Call& call);
[[nodiscard]] Answer receive_health(Services& services, const Call& call);
/// A batch that was accepted makes the comparisons of its place out of date.
[[nodiscard]] Answer receive_airings(Services& services, const Call& call);

[[nodiscard]] http::Response answer_audit(Services& services, const Call& call);
[[nodiscard]] Answer show_tree_head(Services& services, const Call& call);
[[nodiscard]] Answer show_daily_head(Services& services, const Call& call);
[[nodiscard]] http::Response show_tree_growth(Services& services, const Call& call);

[[nodiscard]] http::Response list_boards(Services& services, const Call& call);
[[nodiscard]] http::Response list_airings(Services& services, const Call& call);
[[nodiscard]] http::Response list_quarantine(Services& services, const Call& call);
[[nodiscard]] http::Response list_planned(Services& services, const Call& call);

}  // namespace riverlight::office
