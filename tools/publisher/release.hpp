#pragma once
#include <chrono>
#include <map>
#include <string>

#include "tools/publisher/draft.hpp"

namespace riverlight::publisher {

/// How long the metadata of each role are valid: root, targets, countries, snapshot, timestamp.
using Terms = std::map<std::string, std::chrono::days>;
[[nodiscard]] Terms default_terms();
/// The term of a role. Countries share the term `countries`.
[[nodiscard]] std::chrono::days term_of(const Terms& terms, const std::string& role);

/// Publishes a fully signed draft with a new timestamp, and a new snapshot if something changed or the old
/// one is past half of its term. Writes each file atomically, and before the file that refers to it, so
/// readers see the former release or the new one, also after a power cut. When keys change, metadata signed
/// by both old and new keys are written first and the new root last. Without signatures of the old keys the
/// root is written first, and readers keep what they have until the rest follows. Throws Error, and writes
/// nothing, if a signature is missing (also of an online key). Returns the snapshot's version.
std::int64_t put_release(const Tree& tree, const ReleaseDraft& draft, KeyRing& keys, const Terms& terms,
                         Instant now);

}  // namespace riverlight::publisher
