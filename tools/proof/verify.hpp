#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "tools/proof/bundle.hpp"
#include "tools/proof/finding.hpp"

/// Checks a bundle without its office and without a network.
namespace riverlight::proof {

/// What a finding is about; what does not apply is empty.
struct ProofSpot {
    ProofFinding finding{};
    std::string place;
    std::chrono::local_days day{};  ///< 1970-01-01: of no day
    std::string board, epoch;
    friend bool operator<(const ProofSpot& a, const ProofSpot& b) {
        return std::tie(a.finding, a.place, a.day, a.board, a.epoch) <
               std::tie(b.finding, b.place, b.day, b.board, b.epoch);
    }
};
struct FoundCount {
    std::uint64_t count = 0;  ///< of records, figures or heads
    std::int64_t seq = 0;     ///< of the first record; 0: of none
    std::string detail;       ///< of the first
};

/// What a check finds. Whoever compares the keys' fingerprints with what boards show on their own status
/// pages knows that the records are those boards'.
struct ProofVerdict {
    Opening opening;
    std::uint64_t places = 0, days = 0, records = 0, signed_records = 0;
    std::map<std::string, office::Tally> countries;  ///< recounted
    std::map<ProofSpot, FoundCount> findings;
    std::uint64_t more_findings = 0;  ///< that are not listed
    std::vector<KeyLine> keys;        ///< by which signatures were checked
    [[nodiscard]] bool is_false() const;
};

struct VerifyOptions {
    std::string office_key{};  ///< hex; empty: whichever office signed
    std::vector<content::TreeHead>
        heads{};  ///< that the office showed elsewhere: beside the channel, to a board
};

/// Reads the bundle once, in memory for one place at a time. Throws ReadError and Error for what is no
/// bundle, or was cut off; `name` names it.
[[nodiscard]] ProofVerdict verify_bundle(std::istream& bundle, const std::string& name,
                                         const VerifyOptions& options = {});

}  // namespace riverlight::proof
