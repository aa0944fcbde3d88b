#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/http/server.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/outlet_view.hpp"
#include "firmware/report/reporter.hpp"
#include "firmware/start/mode.hpp"
#include "firmware/stick/note.hpp"

/// What a board says of itself on its own port: a page for people, JSON and metrics for machines.
namespace riverlight::firmware {

struct BoardView {
    std::string board, place, place_name, zone, version;
    ClockReading clock;
    Mode mode = Mode::normal;  ///< with how much it runs; why is among the notices
    std::string release;       ///< empty: none yet
    Instant signed_until{};
    std::string syncing;   ///< what is under way, or the last fault, as a sentence; empty: nothing
    std::string fetching;  ///< what comes or waits, as sentences; empty: nothing to say
    std::vector<std::string> notices;  ///< of the store, as sentences: what is damaged or still to come
    JournalState journal;
    std::optional<StickNote> stick;    ///< the last one; none: there was none yet
    std::optional<ReportView> report;  ///< none: no office is set up
    std::vector<OutletView> outlets;
};

/// Sentences about what is wrong, worst first; none if all is well.
[[nodiscard]] std::vector<std::string> alarms_of(const BoardView& view);
/// The body of PUT health (content/airing/health.hpp). `disk_free` in bytes, −1 unknown.
[[nodiscard]] std::string health_json(const BoardView& view, std::int64_t disk_free);
/// `/`, `/v1/status`, `/metrics`, `/outlet/<id>.jpg`, `/outlet/<id>/live.m3u8` and its segments; 404 else.
[[nodiscard]] http::Response status_response(const http::Request& request, const BoardView& view);

}  // namespace riverlight::firmware
