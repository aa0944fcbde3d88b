#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"

/// Removes what figures of long ago were counted from, and keeps the figures.
namespace riverlight::office {

class Database;

/// Records of the last days may still come: of boards that were without a network, or by stick.
inline constexpr std::chrono::days youngest_pruned{60};

/// Why days are not settled yet: what is to come may still change their sums, which nothing could count
/// again.
enum class Unsettled : std::uint8_t {
    too_young,     ///< a day of the last `youngest_pruned`
    board_behind,  ///< a board that may report has sent no record from that day on: others may come before it
    not_filed,     ///< the channel has not told yet where airings belong
    not_counted,   ///< the channel has not told yet what an earlier office's day consists of
    not_intact,    ///< a record is missing or changed: its neighbours may be needed to find out why
};
struct PruneObstacle {
    Unsettled why = Unsettled::too_young;
    std::string what;  ///< the board, the place, the day
};

struct PrunedRecords {
    std::vector<PruneObstacle> obstacles;  ///< empty: it was done; else nothing was
    std::int64_t records = 0;              ///< removed; their hashes stay
};

/// Removes the airings, and the plans, of all days before `before` from the records of the office with this
/// state folder, and gives their space back. The office may serve; what it is asked to write meanwhile waits,
/// or is answered with 503 and comes again.
/// Of each record its hash and its place in the list of all records stay, so that audits, later proofs and
/// 'verify' go on. Sums of days stay as they are, whatever comes later: such records are kept and counted
/// nowhere. An airing that says what was on beyond `before` (a gap, a run of failures) stays. Interrupted, it
/// is finished by doing it again. Throws Error.
PrunedRecords prune_records(const std::string& folder, std::chrono::local_days before, Instant now);

/// Of days before that one there are sums, and nothing that they were counted from; nothing: none was pruned.
[[nodiscard]] std::optional<std::chrono::local_days> pruned_before(const Database& db);

}  // namespace riverlight::office
