#pragma once
#include "content/html/html.hpp"
#include "firmware/status/board_view.hpp"

namespace riverlight::firmware {

/// The page at `/`, for people in front of the board: English, without secrets. Its style and script are
/// html::files(), its policy html::content_security_policy.
[[nodiscard]] html::Html status_page(const BoardView& view);

}  // namespace riverlight::firmware
