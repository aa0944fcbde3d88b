#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/traffic/as_run.hpp"

/// Compares what was booked with what aired, spot by spot, and proposes make-goods for missed spots. Pure.
namespace riverlight::traffic {

/// Every booked spot that is due gets one of the first four.
enum class Verdict {
    aired,
    booked_not_aired,
    substituted,      ///< another segment or language than the plan's
    made_good,        ///< missed, but aired later: the entry holds the spot that makes it good
    aired_not_booked  ///< on air without being in the plan
};
/// `booked-not-aired` and so on.
[[nodiscard]] std::string_view to_text(Verdict verdict);

struct Tolerance {
    std::chrono::microseconds start{std::chrono::seconds{2}};   ///< a start may be this early or late
    std::chrono::microseconds length{std::chrono::seconds{1}};  ///< a length may be this short or long
};

/// A time in the rest of the plan at which a missed spot could air. It replaces fillers or fills a gap, is at
/// least as far from the segment's other airings as those are from each other in the plan, and is within an
/// hour of the times of day at which the plan shows the segment. On a day that reached the booking's cap it
/// only replaces a play that was missed on that day.
struct Proposal {
    Instant start{}, end{};
    std::string replaced_filler;  ///< the segment of the filler; empty: the time is a gap
};

struct Entry {
    Verdict verdict{};
    bool out_of_tolerance = false;
    std::optional<scheduler::PlannedAiring> booked;
    std::optional<Spot> spot;  ///< from the as-run list; absent: it has no such spot
    std::chrono::microseconds start_deviation{}, length_deviation{};  ///< aired − booked; 0 if not aired
    /// Of the booked segment: of all records of the spot, or of what makes it good, and never more than was
    /// booked. Of a spot that nobody booked, what was shown of it.
    std::chrono::milliseconds shown{};
    std::string remark;  ///< for people: why it differs, or by how much
    std::optional<Proposal> make_good;
    std::string no_make_good;  ///< why a missed spot has no proposal
};

struct Reconciliation {
    std::string place, zone;
    Instant from{}, until{};  ///< the period that was compared
    Tolerance tolerance;
    std::vector<Entry> entries;  ///< in order of time

    [[nodiscard]] int count(Verdict verdict) const;
    [[nodiscard]] int count_out_of_tolerance() const;
    [[nodiscard]] std::chrono::milliseconds booked_time() const;
    [[nodiscard]] std::chrono::milliseconds shown_time() const;     ///< of what was booked
    [[nodiscard]] std::chrono::milliseconds unbooked_time() const;  ///< shown though nobody booked it
    /// True if every booked spot aired within tolerance, and nothing else aired.
    [[nodiscard]] bool is_clean() const;
};

/// Pairs booked with aired spots: by airing id; a spot with an id that is not in the plan by segment (or spot
/// code) and the nearest start within 15 minutes. The best of several records of a spot counts; what they
/// showed on one outlet adds up, up to what was booked. Lengths are those shown, not those claimed. A spot
/// that names a missed airing in Spot::makes_good makes it good; otherwise the first later unbooked spot of
/// the same segment that aired whole does.
/// - `plans`: one or more consecutive days of one place, in order.
/// - `until`: spots that end later are not yet due. Absent: the end of the list's last day, or of the first
///   planned day if the list is empty.
/// Throws Error if there is no plan, or list and plan are of different places.
[[nodiscard]] Reconciliation reconcile(const std::vector<scheduler::Plan>& plans, const AsRun& list,
                                       const Tolerance& tolerance, std::optional<Instant> until = {});

/// Sets Entry::make_good or no_make_good of every missed spot. reconcile() calls it.
void propose_make_goods(const std::vector<scheduler::Plan>& plans, Reconciliation& result);

/// For a terminal: the sums, then a line for each spot that did not air within tolerance (`all`: for every
/// spot).
[[nodiscard]] std::string reconciliation_text(const Reconciliation& result, bool all);
/// CSV: one row per spot.
[[nodiscard]] std::string reconciliation_csv(const Reconciliation& result);
/// {"format":1,"place",…,"sums":{…},"entries":[…]}, with a newline at the end.
[[nodiscard]] std::string reconciliation_json(const Reconciliation& result);

}  // namespace riverlight::traffic
