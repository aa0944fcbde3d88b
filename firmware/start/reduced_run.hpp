#pragma once
#include <cstddef>
#include <string>

#include "content/base/instant.hpp"
#include "firmware/journal/journal.hpp"
#include "firmware/start/decision.hpp"

/// What a run in a reduced mode leaves in its journal, and how the next normal run takes that over. Each
/// throws Error where a journal cannot be read or written.
namespace riverlight::firmware {

/// In a reduced mode: stores the reason in that run's journal, once.
void store_reduced_mode(Journal& journal, const StartDecision& start);

/// Moves the records of `folder`'s journal into `journal`, and removes its files; nothing if it has none. The
/// reason of that run is kept, with `now`. Safe to repeat wherever it was cut off. Returns the number of
/// records.
std::size_t merge_leftover_journal(Journal& journal, const std::string& folder, const std::string& place,
                                   Instant now);

/// A sentence about the last run in a reduced mode, for a day after it ended; empty if there is nothing to
/// say.
[[nodiscard]] std::string reduced_run_notice(const Journal& journal, Instant now);

}  // namespace riverlight::firmware
