#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "firmware/journal/journal.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::firmware {

/// The journal as one outlet uses it: where it cannot be written, the outlet goes on and the records wait in
/// memory, 20,000 at most. Nothing here throws for a full disk. On the loop's thread.
class AiringLog {
  public:
    AiringLog(Journal& journal, std::string outlet) : journal_(journal), outlet_(std::move(outlet)) {}

    /// Of an open airing; nothing: the journal could not be written then.
    using Handle = std::optional<std::int64_t>;
    [[nodiscard]] Handle open(const content::AiringRecord& record);
    void update(Handle handle, const content::AiringRecord& record);
    void close(Handle handle, const content::AiringRecord& record);
    /// Takes back an open airing whose first frame never left.
    void forget(Handle handle);
    void add(const std::vector<content::AiringRecord>& records);

    /// Writes what waits, if anything does.
    void write_waiting();
    /// Whether a planned airing has a record.
    [[nodiscard]] bool knows(const std::string& airing);
    /// What was on this outlet since `from` and is over, as the plan's rest wants to know it.
    [[nodiscard]] std::vector<scheduler::Aired> aired_since(Instant from);
    /// Why records wait; empty if none do.
    [[nodiscard]] const std::string& fault() const { return fault_; }

  private:
    void not_written(const Error& why);

    Journal& journal_;
    std::string outlet_;
    std::vector<content::AiringRecord> waiting_;
    std::vector<std::int64_t> stale_;  ///< open airings whose end waits there
    std::string fault_;
};

}  // namespace riverlight::firmware
