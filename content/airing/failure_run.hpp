#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "content/airing/record.hpp"

/// Many airings of an outlet that could not be played, in one record: while nothing can be played, a record
/// for each would fill the journal and say no more. It is the record of the first of them, failed; to readers
/// of earlier versions it is that of the first alone.
namespace riverlight::content {

struct FailureRun {
    Instant from{};            ///< planned start of the first
    Instant until{};           ///< planned end of the last; later than `from`
    std::int64_t airings = 0;  ///< how many, from 2
    friend bool operator==(const FailureRun&, const FailureRun&) = default;

    /// Whether the outlet's airing that was planned to start then is one of them, if it has no record of its
    /// own.
    [[nodiscard]] bool covers(Instant planned_start) const {
        return from <= planned_start && planned_start < until;
    }
};

/// Makes `first`, failed and planned to start at `run.from`, the record of the run: evidence
/// `failed_airings`, `failed_until`.
void write_failure_run(const FailureRun& run, AiringRecord& first);
/// The run of a failed airing that was planned to start then, by its evidence; nothing where it is no run.
[[nodiscard]] std::optional<FailureRun> read_failure_run(Instant planned_start,
                                                         const std::map<std::string, std::string>& evidence);
/// The run that a record holds; nothing for every other record.
[[nodiscard]] std::optional<FailureRun> failure_run_of(const AiringRecord& record);

}  // namespace riverlight::content
