#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "content/store/refusal.hpp"
#include "firmware/clock/clock.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/outlet_view.hpp"
#include "firmware/outlet/programme.hpp"
#include "firmware/report/reporter.hpp"
#include "firmware/start/decision.hpp"
#include "firmware/start/optional_part.hpp"
#include "firmware/status/alarm.hpp"
#include "firmware/stick/note.hpp"
#include "firmware/update/system_view.hpp"

namespace riverlight::firmware {

struct PlaceView {
    std::string id;          ///< the board's own id, too
    std::string name, zone;  ///< empty until a programme is on
    std::string contact;     ///< who looks after the board; empty: unknown
};

struct ReleaseView {
    std::string name;
    Instant signed_until{};
};

/// Everything that the page, the JSON and the metrics of a board show, at one moment. One member for each
/// part that shows something.
struct BoardView {
    std::string version;
    PlaceView place;
    ClockReading clock;
    RunMode mode = RunMode::normal;      ///< the reason for a reduced one is among the notices
    std::optional<ReleaseView> release;  ///< none: nothing has been staged yet
    std::string fetching;                ///< what is being fetched or has to wait, sentences; empty: nothing
    bool factory = false;                ///< the factory loop plays
    std::vector<BoardNotice> notices;    ///< what the parts found, most important first
    JournalState journal;
    std::optional<StickNote> stick;    ///< the last one; none: there was none yet
    std::optional<ReportView> report;  ///< none: no office is set up
    std::optional<SystemView> system;  ///< none: this system is updated by its packages
    std::vector<OutletView> outlets;
};

/// What the parts of a board report, as a view is made from it. One member for each of them.
struct ViewParts {
    /// How the channel is followed; none in reduced modes.
    struct Channel {
        std::string fault;                       ///< why its newest release is not on, to follow a colon
        Concern concern = Concern::channel;      ///< of which kind that is
        std::string activity;                    ///< what is being fetched or has to wait
        std::vector<std::string> source_faults;  ///< sources that are avoided for now
        std::string damage;                      ///< what was found damaged on the disk
        std::optional<content::ReleaseRefusal> refusal{};  ///< the newest release, if it was refused
    };
    struct Journal {
        JournalState state;
        std::string set_aside;           ///< what happened to the journal before this one
        std::string reduced_notice;      ///< reduced_run_notice()
        content::SetAsideNotes refused;  ///< records of which the office has the hash only
    };
    std::string place_id;
    std::string contact;  ///< who looks after the board; empty: unknown
    ClockReading clock;
    RunMode mode = RunMode::normal;
    std::string reduced_reason;                  ///< StartDecision::reason
    std::string settings_fault;                  ///< StartDecision::settings_fault
    bool factory = false;                        ///< the factory loop plays
    std::shared_ptr<const Programme> programme;  ///< null: none yet
    std::string staging_fault;
    std::vector<PartFault> absent;  ///< parts of the board that do not run
    std::optional<Channel> channel;
    std::vector<std::string> rendition_faults;
    Journal journal;
    std::optional<StickNote> stick;
    std::optional<ReportView> report;
    std::optional<SystemView> system{};
};

/// Pure.
[[nodiscard]] BoardView make_board_view(ViewParts parts, std::vector<OutletView> outlets);

/// Text that changes when the office should get a health report at once: what is on air, and what is wrong.
[[nodiscard]] std::string health_trigger(const std::vector<OutletView>& outlets,
                                         const std::string& staging_fault);

}  // namespace riverlight::firmware
