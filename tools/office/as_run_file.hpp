#pragma once
#include "content/http/server.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/store.hpp"

namespace riverlight::office {

/// The as-run list of a place's broadcast day, as a file for a partner's traffic department. Parameters:
/// `place`, `day`, `format` (csv, bxf or ccms; csv if absent) and optionally `outlet`. It lists every promise
/// that stands of that day as not aired, unless a board reported otherwise, and whatever else aired. Reads
/// this place alone. Throws BadRequest.
[[nodiscard]] http::Response as_run_file(const OfficeStore& store, const ChannelFollower& channel,
                                         const http::Request& request, Instant now);

}  // namespace riverlight::office
