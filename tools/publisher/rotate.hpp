#pragma once
#include <string>
#include <vector>

#include "tools/publisher/publish.hpp"

namespace riverlight::publisher {

/// A change of a role's keys.
struct Rotation {
    std::string role;                   ///< root, targets, snapshot, timestamp, or a country's (new ones too)
    std::vector<std::string> add{};     ///< key files, or public keys as hex or `holder:hex`
    std::vector<std::string> remove{};  ///< key ids or public keys, or prefixes of at least 8 digits
    int threshold = 0;                  ///< 0: unchanged
};

/// Changes who signs for a role: makes a new root, or new targets for a country, and signs again what needs
/// the new keys. Publishes at once if the ring can make all signatures, including those of the former keys;
/// otherwise writes the draft to the file `draft`. Throws Error, and changes nothing, if the role would have
/// fewer keys than its threshold, or if signatures are missing and `draft` is empty.
[[nodiscard]] PublishReport rotate(const Rotation& rotation, KeyRing& keys, const Tree& tree,
                                   const Terms& terms, Instant now, const std::string& draft = {});

}  // namespace riverlight::publisher
