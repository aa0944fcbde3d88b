#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/traffic/as_run.hpp"

/// Booked against aired, spot by spot, and what could make good for what was missed. Pure.
namespace riverlight::traffic {

/// Every booked spot that is due is in exactly one of the first four; what aired besides is the fifth. One
/// that was missed and aired later, because the board planned it anew or somebody let it air again, is
/// `made_good`: its entry holds the spot that makes it good.
enum class Verdict { aired, booked_not_aired, substituted, made_good, aired_not_booked };
/// `booked-not-aired` and so on.
[[nodiscard]] std::string_view to_text(Verdict verdict);

struct Tolerance {
    std::chrono::microseconds start{std::chrono::seconds{2}};   ///< of the start, early or late
    std::chrono::microseconds length{std::chrono::seconds{1}};  ///< of the length, short or long
};

/// A time in the rest of the plan at which a missed spot could air: it takes the place of fillers or of a
/// hole, keeps from its segment's other airings what the plan keeps, stays within the hours in which the plan
/// shows the segment, and on a day that is at the booking's cap takes only what was missed there.
struct Proposal {
    Instant start{}, end{};
    std::string instead;  ///< the filler that gives way; empty: a hole
};

struct Entry {
    Verdict verdict{};
    bool off = false;  ///< aired or substituted, beyond the tolerance
    std::optional<scheduler::PlannedAiring> booked;
    std::optional<Spot> spot;  ///< what the as-run list says of it; nothing: not a word
    std::chrono::microseconds start_off{}, length_off{};  ///< aired less booked; both 0 if it did not air
    std::string remark;                                   ///< a sentence: why, or by how much
    std::optional<Proposal> make_good;
    std::string no_make_good;  ///< why there is none, where one was looked for
};

struct Reconciliation {
    std::string place, zone;
    Instant from{}, until{};  ///< what was due in between was looked at
    Tolerance tolerance;
    std::vector<Entry> entries;  ///< by time

    [[nodiscard]] int count(Verdict verdict) const;
    [[nodiscard]] int off() const;     ///< aired or substituted, beyond the tolerance
    [[nodiscard]] bool clean() const;  ///< everything booked aired, in tolerance, and nothing else did
};

/// `plans`: day after day, one place; `until`: spots that end later are not yet due (absent: the end of the
/// last day of which the list speaks, or of the first day where it speaks of none). Spots are paired by
/// airing id; those without one of the plan by segment (or spot code) and the nearest start within 15
/// minutes. What is missed is made good by a spot that says so (Spot::makes_good), or by the first that
/// nobody booked, of the same segment, whole and later. Of a spot with several records the best counts.
/// Throws Error where list and plan are of different places.
[[nodiscard]] Reconciliation reconcile(const std::vector<scheduler::Plan>& plans, const AsRun& list,
                                       const Tolerance& tolerance, std::optional<Instant> until = {});

/// Fills make_good or no_make_good of what was missed; reconcile calls it.
void propose_make_goods(const std::vector<scheduler::Plan>& plans, Reconciliation& result);

/// For a terminal: the sums, then a line for each spot that is not simply aired (`all`: for every spot).
[[nodiscard]] std::string reconciliation_text(const Reconciliation& result, bool all);
/// One row a spot.
[[nodiscard]] std::string reconciliation_csv(const Reconciliation& result);
/// {"format":1,"place",…,"sums":{…},"entries":[…]}, a newline at the end.
[[nodiscard]] std::string reconciliation_json(const Reconciliation& result);

}  // namespace riverlight::traffic
