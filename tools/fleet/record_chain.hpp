#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/batch.hpp"
#include "firmware/outlet/airing_log.hpp"

namespace riverlight::fleet {

/// A device's records that the office does not hold yet, chained and numbered as a journal does it, but in
/// memory: ten thousand journals in files would measure this machine's disk. Forgets what was receipted.
class RecordChain : public firmware::AiringLog {
  public:
    RecordChain(std::string board, std::string epoch);

    /// For a start after a power cut: what was on is closed as interrupted.
    void close_interrupted(const std::string& reason);
    /// At most `count` records; nothing if the office holds all.
    [[nodiscard]] std::optional<content::Batch> next_batch(std::size_t count) const;
    /// Throws Error for a receipt that is not of this chain, or that does not move it on.
    void accept_receipt(const content::Receipt& receipt);
    [[nodiscard]] std::int64_t last() const { return last_; }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

    [[nodiscard]] Handle open(const content::AiringRecord& record) override;
    void update(Handle handle, const content::AiringRecord& record) override;
    void close(Handle handle, const content::AiringRecord& record) override;
    void discard(Handle handle) override;
    void add(const std::vector<content::AiringRecord>& records) override;
    void write_waiting() override {}
    /// Of the last 60 hours, and of what is not receipted.
    [[nodiscard]] bool has(const scheduler::PlannedAiring& planned) override;
    [[nodiscard]] std::vector<scheduler::Aired> aired_since(Instant from) override;
    [[nodiscard]] const std::string& fault() const override { return no_fault_; }

  private:
    void append(content::AiringRecord record);

    const std::string board_, epoch_, no_fault_{};
    std::string head_;
    std::int64_t last_ = 0, handles_ = 0;
    std::deque<content::AiringRecord> waiting_;
    std::map<std::int64_t, content::AiringRecord> open_;
    std::deque<scheduler::Aired> aired_;
};

}  // namespace riverlight::fleet
