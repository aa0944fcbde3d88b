#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "content/airing/failure_run.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/outlet/airing_log.hpp"

namespace riverlight::firmware {

/// An outlet's records in the board's journal. At most 20,000 wait in memory while it cannot be written.
class JournalLog : public AiringLog {
  public:
    /// `journal` outlives this.
    JournalLog(Journal& journal, std::string outlet) : journal_(journal), outlet_(std::move(outlet)) {}

    [[nodiscard]] Handle open(const content::AiringRecord& record) override;
    void update(Handle handle, const content::AiringRecord& record) override;
    void close(Handle handle, const content::AiringRecord& record) override;
    void discard(Handle handle) override;
    void add(const std::vector<content::AiringRecord>& records) override;
    void write_waiting() override;
    [[nodiscard]] bool has(const scheduler::PlannedAiring& planned) override;
    [[nodiscard]] std::vector<scheduler::Aired> aired_since(Instant from) override;
    [[nodiscard]] const std::string& fault() const override { return fault_; }

  private:
    /// What aired lately, so that the journal is not read again for each plan.
    struct Recent {
        std::string epoch;         ///< of the records read; empty: none were
        std::int64_t read_to = 0;  ///< up to this seq
        Instant from{};            ///< nothing older is kept
        std::vector<scheduler::Aired> aired{};
    };

    void report_fault(const Error& why);
    void remember(const content::AiringRecord& record);
    void read_back_to(Instant from, std::int64_t last);
    void read_new(std::int64_t last);
    void keep_up();
    void note_run(const content::AiringRecord& record);

    Journal& journal_;
    std::string outlet_;
    std::vector<content::AiringRecord> waiting_;  ///< closed or added, not written
    std::vector<std::int64_t> stale_;  ///< open airings in the journal whose end waits in `waiting_`
    Recent recent_;
    std::vector<content::FailureRun> runs_;  ///< of this outlet, since the begin of the last aired_since()
    std::string fault_;
};

}  // namespace riverlight::firmware
