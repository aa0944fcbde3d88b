#include "content/airing/failure_run.hpp"

#include <cassert>
#include <charconv>
#include <string>

namespace riverlight::content {
namespace {

constexpr const char* airings_key = "failed_airings";
constexpr const char* until_key = "failed_until";
constexpr std::int64_t most_airings = 1'000'000;
/// Longer runs are written in parts.
constexpr std::chrono::hours longest{48};

}  // namespace

void write_failure_run(const FailureRun& run, AiringRecord& first) {
    assert(first.planned_start == run.from && run.until > run.from && run.airings >= 2);
    first.evidence[airings_key] = std::to_string(run.airings);
    first.evidence[until_key] = to_rfc3339(run.until);
}

std::optional<FailureRun> read_failure_run(Instant planned_start,
                                           const std::map<std::string, std::string>& evidence) {
    const auto airings = evidence.find(airings_key), until = evidence.find(until_key);
    if (airings == evidence.end() || until == evidence.end()) return {};
    FailureRun run{planned_start, {}, 0};
    const auto& digits = airings->second;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), run.airings);
    const auto end = from_rfc3339(until->second);
    const bool whole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
    if (!whole || !end || run.airings < 2 || run.airings > most_airings || *end <= run.from ||
        *end - run.from > longest)
        return {};
    run.until = *end;
    return run;
}

std::optional<FailureRun> failure_run_of(const AiringRecord& record) {
    if (record.kind != RecordKind::airing || record.status != AiringStatus::failed || record.started ||
        !record.planned_start)
        return {};
    return read_failure_run(*record.planned_start, record.evidence);
}

}  // namespace riverlight::content
