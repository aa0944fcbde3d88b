#pragma once
#include <chrono>
#include <map>
#include <string>

#include "tools/publisher/draft.hpp"

namespace riverlight::publisher {

/// How long each role's metadata holds: root, targets, countries, snapshot, timestamp.
using Terms = std::map<std::string, std::chrono::days>;
[[nodiscard]] Terms default_terms();
/// The term of a role; a country's is `countries`.
[[nodiscard]] std::chrono::days term_of(const Terms& terms, const std::string& role);

/// Puts a fully signed draft before readers, with a new snapshot where something changed or it grows old, and
/// a new timestamp. Each file is whole or not there, and none is read before the one that leads to it:
/// readers meet the former release or the new one, and so does who comes after a power cut. Where keys turn,
/// what both old and new keys have signed goes first and the root that turns them last; without the old keys
/// the root goes first, and readers keep what they have for that moment. Throws Error, nothing written, where
/// a signature is missing (an online key among them). Returns the snapshot's version.
std::int64_t put_release(const Tree& tree, const Draft& draft, KeyRing& keys, const Terms& terms,
                         Instant now);

}  // namespace riverlight::publisher
