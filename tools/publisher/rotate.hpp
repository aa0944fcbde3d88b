#pragma once
#include <string>
#include <vector>

#include "tools/publisher/publish.hpp"

namespace riverlight::publisher {

/// What is to become of a role's keys.
struct Rotation {
    std::string role;                   ///< root, targets, snapshot, timestamp, or a country's (new ones too)
    std::vector<std::string> add{};     ///< key files, or public keys as hex or `holder:hex`
    std::vector<std::string> remove{};  ///< key ids or public keys, or beginnings of them
    int threshold = 0;                  ///< 0: as it was
};

/// Changes who signs for a role: a new root, or for a country new targets, and what must be signed again with
/// the new keys. Published at once where the ring has all signatures that it needs, those of the former keys
/// among them; else the draft goes to the file `draft`. Throws Error, nothing changed, where the role would
/// be left with fewer keys than its threshold, or signatures are missing and no draft is asked for.
[[nodiscard]] PublishReport rotate(const Rotation& rotation, KeyRing& keys, const Tree& tree,
                                   const Terms& terms, Instant now, const std::string& draft = {});

}  // namespace riverlight::publisher
