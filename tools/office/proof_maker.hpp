#pragma once
#include <chrono>
#include <cstdint>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "content/audit/tree_head.hpp"
#include "content/base/crypto.hpp"

/// Makes proof bundles (tools/proof): the office's figures, and what they are counted from.
namespace riverlight::office {

struct ProofRequest {
    std::chrono::local_days from{}, until{};  ///< both included; ended at every place
    std::string country;                      ///< ISO 3166-1 alpha-2; empty: all
    /// Countries that do not let out what their boards' records say: the bundle has hashes of these.
    std::set<std::string> hashes_only;
    /// Heads that were shown elsewhere, beside those that the office kept: the bundle proves how its list
    /// goes on from them.
    std::vector<content::TreeHead> heads;
};
struct MadeProof {
    std::uint64_t places = 0, days = 0, records = 0;
    content::TreeHead head;
};

/// Writes a bundle of the records in `folder` to `out`, piece by piece, as they are at one moment; the office
/// may serve meanwhile. Throws Error for days that have not ended everywhere or of which nothing is stored,
/// and if `out` fails.
MadeProof make_proof(const std::string& folder, const SigningKey& office_key, const ProofRequest& request,
                     Instant now, std::ostream& out);

}  // namespace riverlight::office
