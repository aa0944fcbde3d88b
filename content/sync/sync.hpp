#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "content/base/instant.hpp"

namespace riverlight::content {

struct SyncOptions {
    std::string channel_url;  ///< base of the tree: `<url>/metadata/…`, `<url>/targets/…`; http(s):// or
                              ///< file:// (a stick, tests)
    std::string store_root;
    std::string trusted_root;  ///< path of the root.json that the board was made with; used when the store
                               ///< has none yet
    std::vector<std::string> countries;  ///< lower-case country roles whose facts are wanted; empty: all
    std::string place;        ///< where given, only media that this place's schedule can air are fetched
    bool facts_only = false;  ///< no media: for an office, which only plans
    std::string ca_file;      ///< private CA; empty: the system's
    std::uint64_t media_cap = 4ULL << 30;  ///< largest single media file
    int low_speed_bytes = 64;              ///< give a transfer up below this many bytes a second …
    int low_speed_seconds = 30;            ///< … for this long
};

struct SyncResult {
    bool changed = false;     ///< a new release is current
    std::string release;      ///< the current one
    std::uint64_t bytes = 0;  ///< bytes that crossed the line
    Instant signed_until{};
};

/// Brings the store to the channel's newest release: verifies root → timestamp → snapshot → targets → country
/// roles (TUF 1.0, client workflow section 5.3–5.6), then fetches what is missing (resuming, hashing as it
/// goes, capped by the signed size), and only when all of it is there moves current.json. Blocking: run it on
/// a worker thread. `progress` is called on that thread. `now` is the caller's clock. Throws Error (network
/// down, full disk, bad signature, rollback …): the old release stands.
[[nodiscard]] SyncResult sync_channel(
    const SyncOptions& options, Instant now,
    const std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace riverlight::content
