#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/airing/record.hpp"
#include "content/airing/shown.hpp"
#include "content/airing/time_fix.hpp"
#include "content/base/instant.hpp"
#include "scheduler/plan/plan.hpp"

/// As-run lists for a TV partner: which spots were booked, and what happened to each. Pure: callers read and
/// write the files.
namespace riverlight::traffic {

/// One spot of an as-run list: booked, or aired without being booked. One member for each column
/// of spot_fields(), and `code`.
struct Spot {
    std::string airing;  ///< the plan's id (32 hex digits), or `unplanned-…`; empty in other systems' files
    std::string place, board, outlet;
    std::string campaign, booking, segment;
    std::int64_t revision = 0;
    bool filler = false;  ///< booked only to fill gaps
    std::string locale_asked, locale_aired;
    std::optional<Instant> planned_start, planned_end;
    /// The first frame sent, and the end of the last one: of our records the start and `length` after it.
    std::optional<Instant> started, ended;
    std::optional<std::chrono::microseconds> length;  ///< on air (content::duration_of); see length_of()
    std::optional<std::chrono::milliseconds>
        shown;  ///< of the item, as its evidence supports; see shown_of()
    std::optional<std::chrono::milliseconds> missed;  ///< of the item's beginning: it was joined late
    /// That the evidence supports; absent: not aired, or no record received.
    std::optional<content::AiringStatus> status;
    std::optional<content::AiringStatus> claimed;  ///< what the board's record says; absent: no record
    bool overclaims = false;                       ///< the record claims more than its evidence supports
    std::string reason;                            ///< why `status` is not `aired`
    /// The id of the missed airing that this spot makes good; its own id if the board rescheduled it.
    std::string makes_good;
    std::optional<content::ClockState> clock;              ///< absent: the file does not say
    std::optional<std::chrono::milliseconds> clock_error;  ///< absent: unknown
    /// So much later (earlier: negative) was the start stamped than its neighbours' monotonic time allows:
    /// the clock was set in between (content::StartCheck). Absent: nothing contradicts it.
    std::optional<std::chrono::milliseconds> start_off;
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0;
    std::map<std::string, std::string> evidence;  ///< of delivery: datagrams sent, SRT loss, receiver lost
    std::string epoch;  ///< `epoch`, `seq` and `hash` identify the board's journal record
    std::int64_t seq = 0;
    std::string hash;
    std::string code;  ///< the spot identification of SCTE 118-3; only if the file names no segment

    friend bool operator==(const Spot&, const Spot&) = default;
};

/// One place's broadcast day.
struct AsRunDay {
    std::string place, zone = "UTC";
    std::chrono::local_days day{};
    Instant from{}, until{};
    friend bool operator==(const AsRunDay&, const AsRunDay&) = default;
};
[[nodiscard]] AsRunDay day_of(const scheduler::Plan& plan);

struct AsRun {
    AsRunDay day;
    std::vector<Spot> spots;  ///< in order of planned start; unplanned ones by their start
};

/// `corrected`: the real times, if the board did not know the time when it recorded the airing. The evidence
/// `clock_said` then holds the board's own time stamp. A spot that really aired more than 15 minutes off its
/// planned start loses its planned times, and its id gets `@` and the real start.
[[nodiscard]] Spot spot_of(const content::AiringRecord& record,
                           const std::optional<content::CorrectedTimes>& corrected = {});
/// The spots of a journal: times are corrected by its time fixes, and starts that contradict the monotonic
/// clock are marked. Time fixes are no spots.
[[nodiscard]] std::vector<Spot> spots_of(std::span<const content::AiringRecord> records);
/// A planned spot before the day begins: not aired.
[[nodiscard]] Spot spot_of(const scheduler::PlannedAiring& airing, const std::string& place);

/// The as-run list of a day: the reported spots, and every booked spot without a report as not aired.
/// - Spots of other places, other days, and outlets other than `outlet` (empty: all outlets) are left out.
/// - A booked spot without a report, in a run of failures that a report stands for, has failed with it.
/// - A spot with several records (interrupted and repeated, or on two outlets) has a line for each.
/// - Sets Spot::makes_good of a spot that the board rescheduled and aired later, and of an unbooked spot that
///   aired whole after a booked one of the same segment and language was missed.
[[nodiscard]] AsRun make_as_run(const AsRunDay& day, std::vector<Spot> booked, std::span<const Spot> reported,
                                const std::string& outlet = {});
/// All airings of a plan, as not aired.
[[nodiscard]] std::vector<Spot> list_booked_spots(const scheduler::Plan& plan);

/// True if the spot was on air: whole, cut short, or with an alternative in its place.
[[nodiscard]] inline bool went_out(const Spot& spot) {
    return content::counts_as_play(spot.status);
}
/// How long the spot was on air: `length`, else by its samples, else by its frames. Only where a list says
/// none of these, as other systems' lists do, is it the time from start to end. 0 if it was not on air.
[[nodiscard]] std::chrono::microseconds length_of(const Spot& spot);
/// How much of the item was shown: `shown`, else `length_of` as far as it was booked.
[[nodiscard]] std::chrono::milliseconds shown_of(const Spot& spot);
/// How long the spot was booked; absent: nobody booked it.
[[nodiscard]] std::optional<std::chrono::milliseconds> booked_of(const Spot& spot);
/// `10.000 s of 30.000 s booked were shown`; without what was booked, `10.000 s were shown`.
[[nodiscard]] std::string shown_text(const Spot& spot);
/// What a record that claims more than its evidence supports says, and what the evidence supports; empty for
/// every other record.
[[nodiscard]] std::string overclaim_text(const content::AiringRecord& record,
                                         const content::Assessment& found);
/// `12.345 s`.
[[nodiscard]] std::string seconds_text(std::chrono::microseconds time);
/// True if some of the spot was shown, and not all of it: cut short, joined late, or broken on air.
[[nodiscard]] bool is_partial(const Spot& spot);
/// `the clock was set: this start is 40.240 s earlier than the airings beside it allow`.
[[nodiscard]] std::string start_text(std::chrono::milliseconds start_off);
/// A record's status as text, or `not-aired`.
[[nodiscard]] std::string status_text(const Spot& spot);

/// The spot identification of SCTE 118-3 (11 letters and digits): `000` and the first eight hex digits of
/// SHA-256 over "<segment> <locale>". The guide's CSV lists it too.
[[nodiscard]] std::string spot_code(std::string_view segment, std::string_view locale);

// ---- Writers and readers. The same list always gives the same bytes. ----

/// CSV (RFC 4180) in UTF-8 with a byte order mark: every field of every spot. Instants are in UTC; the
/// planned start and the start are given in local time too.
[[nodiscard]] std::string write_csv(const AsRun& list);

struct BxfOptions {
    int rate = 25;      ///< frames a second of the time codes, non-drop: 24, 25, 30, 50 or 60
    Instant written{};  ///< BxfMessage/@dateTime
};
/// SMPTE ST 2021-4 (BXF 8.1) as-run: BxfMessage, a Schedule for each outlet, a BasicAsRun for each spot.
/// PrivateInformation holds every field, including those for which BXF has no element. Throws Error for
/// another rate.
[[nodiscard]] std::string write_bxf(const AsRun& list, const BxfOptions& options);

/// A CCMS verification file (.VER; columns of ANSI/SCTE 118-3) in local time. The status code is 0001 for a
/// spot that was on air, 0002 for all others.
[[nodiscard]] std::string write_ccms(const AsRun& list);

/// Limits of a file that the readers accept: its bytes, and its spots.
inline constexpr std::uint64_t file_cap = 64U << 20;
inline constexpr std::size_t most_spots = 500'000;

/// Reads an as-run list in any format written above, or journal records with one JSON object per line. The
/// first bytes of `text` decide the format. `defaults` supplies the place, zone and day if the file does not
/// name them. Throws Error naming `file`, the line and what to do.
[[nodiscard]] AsRun read_as_run(std::string_view text, const std::string& file, const AsRunDay& defaults);

/// Reads journal records, one JSON object per line. Throws Error naming `file` and the line.
[[nodiscard]] std::vector<content::AiringRecord> read_records(std::string_view text, const std::string& file);

/// Reads the plans that `schedule preview --json` or write_plan wrote: in order of days, all of one place.
/// Throws Error naming `file` and what to do.
[[nodiscard]] std::vector<scheduler::Plan> read_plans(std::string_view text, const std::string& file);

}  // namespace riverlight::traffic
