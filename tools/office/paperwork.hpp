#pragma once
#include "content/http/server.hpp"
#include "tools/office/programme.hpp"
#include "tools/office/store.hpp"

namespace riverlight::office {

/// A place's day as a partner's traffic department files it: query `place`, `day`, `format` (csv, bxf, ccms;
/// csv otherwise) and perhaps `outlet`. Every airing of the plan kept for that day (or else of the current
/// release) begins as not aired; what its boards reported stands over it. Throws BadQuestion.
[[nodiscard]] http::Response as_run_file(const OfficeStore& store, const Programme& programme,
                                         const http::Request& request, Instant now);

}  // namespace riverlight::office
