#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::firmware {

/// The journal as one outlet uses it. A full or broken disk never stops the outlet: no call throws for it,
/// and records that cannot be written wait in memory. On the loop's thread.
class AiringLog {
  public:
    /// An open airing; none: the journal could not be written when it was opened.
    using Handle = std::optional<std::int64_t>;

    virtual ~AiringLog() = default;
    /// Before the airing's first frame.
    [[nodiscard]] virtual Handle open(const content::AiringRecord& record) = 0;
    virtual void update(Handle handle, const content::AiringRecord& record) = 0;
    virtual void close(Handle handle, const content::AiringRecord& record) = 0;
    /// Removes an open airing whose first frame never left: it may air later.
    virtual void discard(Handle handle) = 0;
    /// Airings that were never open.
    virtual void add(const std::vector<content::AiringRecord>& records) = 0;
    /// Writes the records that wait, if any.
    virtual void write_waiting() = 0;

    /// Whether a planned airing has a record: its own, or that of a run of failures since the begin of the
    /// last aired_since().
    [[nodiscard]] virtual bool has(const scheduler::PlannedAiring& planned) = 0;
    /// What was on this outlet since `from` and is over, as scheduler::plan_rest needs it.
    [[nodiscard]] virtual std::vector<scheduler::Aired> aired_since(Instant from) = 0;
    /// Why records wait; empty if none do.
    [[nodiscard]] virtual const std::string& fault() const = 0;
};

}  // namespace riverlight::firmware
