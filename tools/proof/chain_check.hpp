#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "content/audit/tree_head.hpp"
#include "content/merkle/proofs.hpp"
#include "tools/proof/bundle.hpp"
#include "tools/proof/finding.hpp"

namespace riverlight::proof {

/// Checks what one board wrote in one epoch: each record by its hash, its chain, its signatures, and that it
/// is in the office's list. Line by line; keeps only what was not proved yet.
class ChainCheck {
  public:
    /// `count`: how many records a finding is about; `seq`: the first of them.
    using Found = std::function<void(ProofFinding, std::int64_t seq, std::uint64_t count)>;
    /// `keys`: those of the place's boards. All but `epoch` must outlive it.
    ChainCheck(EpochLine epoch, const std::vector<KeyLine>& keys, const content::TreeHead& head, Found found);

    void add(const RecordLine& line);
    void add(const HashLine& line);
    void add(const SignatureLine& line);
    void add(const InclusionLine& line);
    /// Behind the last line.
    void finish();
    /// How many records a signature of the board covers.
    [[nodiscard]] std::uint64_t signed_records() const { return signed_; }

  private:
    void link(std::int64_t seq, const std::string& hash, const std::optional<std::string>& previous);
    void add_leaf(std::uint64_t index, std::int64_t seq, const std::string& hash);
    void give_up_signature();
    [[nodiscard]] bool is_signed(const SignatureLine& line) const;

    EpochLine epoch_;
    const std::vector<KeyLine>& keys_;
    const content::TreeHead& head_;
    Found found_;
    std::int64_t last_seq_ = 0;  ///< 0: none yet
    std::string last_hash_;
    std::int64_t first_waiting_ = 0;  ///< that no signature covers yet
    std::uint64_t waiting_ = 0;       ///< so many do
    std::uint64_t signed_ = 0;
    merkle::Leaves leaves_;  ///< since the last inclusion line
};

}  // namespace riverlight::proof
