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
#include "content/airing/time_fix.hpp"
#include "content/base/instant.hpp"
#include "scheduler/plan/plan.hpp"

/// A TV partner's paperwork as values: what was booked, what became of it. Pure: files are read and written
/// by who calls.
namespace riverlight::traffic {

/// One spot of an as-run list: booked, or aired without being booked.
struct Spot {
    std::string airing;  ///< the plan's id (32 hex digits), or `unplanned-…`; empty: another system's file
    std::string place, board, outlet;
    std::string campaign, booking, segment;
    std::int64_t revision = 0;
    bool filler = false;  ///< booked only to fill
    std::string locale_asked, locale_aired;
    std::optional<Instant> planned_start, planned_end;
    std::optional<Instant> started, ended;        ///< of the first and behind the last frame that left
    std::optional<content::AiringStatus> status;  ///< absent: no record that it aired, or not aired
    std::string reason;                           ///< why it is not `aired`
    std::string
        makes_good;     ///< id of the missed airing that it makes good, its own where it was planned anew
    std::string clock;  ///< how the board knew the time
    std::int64_t clock_error_ms = -1;  ///< −1: unknown
    std::int64_t frames = 0, lost = 0, repeated = 0, samples = 0;
    std::map<std::string, std::string> evidence;  ///< of delivery: datagrams sent, SRT loss, receiver down
    std::string epoch;                            ///< with seq and hash: the record in the board's journal
    std::int64_t seq = 0;
    std::string hash;
    std::string code;  ///< the trade's spot id; only where a file names no segment

    friend bool operator==(const Spot&, const Spot&) = default;
};

/// One place's broadcast day.
struct Day {
    std::string place, zone = "UTC";
    std::chrono::local_days day{};
    Instant from{}, until{};
    friend bool operator==(const Day&, const Day&) = default;
};
[[nodiscard]] Day day_of(const scheduler::Plan& plan);

struct AsRun {
    Day day;
    std::vector<Spot> spots;  ///< by planned start, or start where nothing was planned
};

/// `placed`: where it lay in time, where its board did not know; the board's own stamp is `clock_said` of the
/// evidence then. Far off its plan it keeps no planned times, and its id is marked.
[[nodiscard]] Spot spot_of(const content::AiringRecord& record,
                           const std::optional<content::CorrectedTimes>& placed = {});
/// As it stands before the day: not aired.
[[nodiscard]] Spot spot_of(const scheduler::PlannedAiring& airing, const std::string& place);

/// The day's list: every booked spot as not aired, then what was told of it. What is of other places and
/// days, and of other outlets than `outlet` (empty: all), is left out; a spot with several records (cut off
/// and repeated; two outlets) has a line for each. What the board planned anew for later and aired then, and
/// what aired whole without being booked after a spot of the same segment and language was missed, says which
/// airing it makes good.
[[nodiscard]] AsRun as_run(const Day& day, std::vector<Spot> booked, std::span<const Spot> told,
                           const std::string& outlet = {});
/// All airings of a plan, as they stand before the day.
[[nodiscard]] std::vector<Spot> booked_by(const scheduler::Plan& plan);

/// True if anything of it went out: whole, cut short, or as an alternative.
[[nodiscard]] inline bool went_out(const Spot& spot) {
    return content::counts_as_play(spot.status);
}
/// A record's status as text, or `not-aired`.
[[nodiscard]] std::string status_text(const Spot& spot);

/// The 11 letters and digits by which the trade's fixed columns name a spot (SCTE 118-3, spot
/// identification): `000` and eight hex digits of SHA-256 over "<segment> <locale>". The guide's CSV lists
/// them.
[[nodiscard]] std::string spot_code(std::string_view segment, std::string_view locale);

// ---- As text. Every writer is pure; the same list gives the same bytes. ----

/// RFC 4180, UTF-8 with its mark, all there is to a spot; instants in UTC and the start on the place's clock.
[[nodiscard]] std::string write_csv(const AsRun& list);

struct BxfFacts {
    int rate = 25;      ///< frames a second of the time codes: 24, 25, 30, 50 or 60, non-drop
    Instant written{};  ///< BxfMessage/@dateTime
};
/// SMPTE ST 2021-4 (BXF 8.1) as-run: BxfMessage, a Schedule for each outlet, a BasicAsRun for each spot. What
/// BXF has no element for stands in PrivateInformation.
[[nodiscard]] std::string write_bxf(const AsRun& list, const BxfFacts& facts);

/// A CCMS verification file (.VER; columns of ANSI/SCTE 118-3): local time, all spots at 0002 unless they
/// aired.
[[nodiscard]] std::string write_ccms(const AsRun& list);

/// Longest file that the readers take.
inline constexpr std::uint64_t file_cap = 64U << 20;
inline constexpr std::size_t most_spots = 500'000;

/// Reads an as-run list in any format written above, or a journal's records, one JSON object a line; which of
/// them is seen from its first bytes. `otherwise` stands in for what a file does not say of its place, zone
/// and day. Throws Error naming `file`, the line and what to do.
[[nodiscard]] AsRun read_as_run(std::string_view text, const std::string& file, const Day& otherwise);

/// A journal's records, one JSON object a line.
[[nodiscard]] std::vector<content::AiringRecord> read_records(std::string_view text, const std::string& file);

/// Plans as `schedule preview --json` or write_plan wrote them, in order of their days, all of one place.
/// Throws Error naming `file` and what to do.
[[nodiscard]] std::vector<scheduler::Plan> read_plans(std::string_view text, const std::string& file);

}  // namespace riverlight::traffic
