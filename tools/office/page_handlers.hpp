#pragma once
#include "tools/office/pages.hpp"
#include "tools/office/router.hpp"

/// Handlers of pages and of files that people download.
namespace riverlight::office {

/// Style sheet, script or icon; 404 for the name of another version.
[[nodiscard]] http::Response layout_file(Services& services, const Call& call);
[[nodiscard]] http::Response show_sign_in(Services& services, const Call& call);
[[nodiscard]] http::Response go_to_boards(Services& services, const Call& call);
[[nodiscard]] http::Response show_boards(Services& services, const Call& call);
[[nodiscard]] http::Response show_airings(Services& services, const Call& call);
[[nodiscard]] http::Response show_planned(Services& services, const Call& call);
[[nodiscard]] http::Response show_quarantine(Services& services, const Call& call);
/// All airings that match the filter, in the format that the path ends with.
[[nodiscard]] http::Response download_airings(Services& services, const Call& call);
/// Every promise of the days `from` (today, if absent) to `until` (that day) and what became of it, in
/// the format that the path ends with.
[[nodiscard]] http::Response download_promises(Services& services, const Call& call);
/// See as_run_file.hpp.
[[nodiscard]] http::Response download_as_run(Services& services, const Call& call);

/// The boards page as it is now, without a new claim code or an error.
[[nodiscard]] BoardsPage boards_now(const Services& services, Instant now);

}  // namespace riverlight::office
