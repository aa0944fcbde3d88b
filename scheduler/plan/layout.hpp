#pragma once
#include <map>
#include <vector>

#include "scheduler/plan/rotation.hpp"
#include "scheduler/plan/rules.hpp"

/// Who airs in which order: everything but fillers. Inside `scheduler/plan` only.
namespace riverlight::scheduler {

/// One claim on time that waits its turn: a play of a rotation, or the run of a fixed booking.
struct Job {
    std::uint32_t claim = 0;
    int number = 0;  ///< a rotation's turn
    Tick release = 0, deadline = 0;
    Tick earliest = 0;                 ///< where it may go if need be
    std::vector<std::uint16_t> run{};  ///< a fixed booking's items, in order; empty: one of a rotation's
    bool missed = false;               ///< its own time is over; it is made good
    std::uint32_t turn = 0;            ///< index among its booking's turns; for order in search
    Tick due = 0;                      ///< its ideal time; its release is never later
};

/// A job or a hard start that has its time.
struct Placed {
    std::uint32_t claim = 0;
    std::uint16_t item = 0;
    int number = 0;
    Tick start = 0, length = 0;
    Tick latest = 0;  ///< the last tick to which it may be put off
    int job = -1;     ///< −1: a hard start, on its tick
    bool hard = false, cut = false;
    Tick into = 0;
};

struct Lost {
    int job = 0;
    Obstacle why{};
    std::int64_t by = -1;  ///< the claim that stood in the way; −1: none
};

/// How often a claim's segments have had their turn.
struct Tally {
    int plays = 0;
    std::vector<int> items;
};

/// The item whose turn it is by weights (largest remainder; the first of equals), `tried` ones left out; −1:
/// none is left.
[[nodiscard]] int next_item(const std::vector<Item>& items, const Tally& tally,
                            const std::vector<bool>& tried);

/// What is laid down before anything waits its turn, and what then waits.
struct Ground {
    const Day* day = nullptr;
    Tick begin = 0;                                    ///< nothing is planned before
    std::vector<Stretch> walls;                        ///< hard starts and blocks, by time; disjoint
    Rules rules;                                       ///< with all that has been and all that is hard
    std::vector<Tally> tallies;                        ///< by claim
    std::vector<Job> jobs;                             ///< by release
    const std::vector<Rotation>* rotations = nullptr;  ///< by claim; empty for other kinds
};

[[nodiscard]] int priority_of(const Ground& ground, const Job& job);
/// The longest that a job can be.
[[nodiscard]] Tick longest_of(const Ground& ground, const Job& job);

/// How far plays may come before their ideal time: as far as the deadlines behind them need where everything
/// joins without gaps, or half as much again.
enum class Ease { tight, loose };
/// Lets plays come before their ideal time where the deadlines behind it leave them no later one; never
/// before what their pace allows. Sets `release` of all jobs and sorts them by it.
void ease(Ground& ground, Ease how);

struct Layout {
    std::vector<Placed> placed;  ///< by start; runs as their segments
    std::vector<Lost> lost;
};

/// Finds a time for every job if that is possible at all, and else lets the lesser give way. Deadline first
/// with a look ahead, and further eased where that loses a play; then insertion and a bounded search around
/// each loss, then by priority. Jobs are left as they were last eased. Deterministic.
[[nodiscard]] Layout lay_out(Ground& ground);

}  // namespace riverlight::scheduler
