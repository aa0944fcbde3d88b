#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/airing/status.hpp"
#include "content/base/instant.hpp"

/// How a board is: the body of PUT /v1/boards/{board}/health, JSON of at most 64 KiB, authenticated by the
/// header `Riverlight-Signature: <hex Ed25519 over the raw body>`.
namespace riverlight::content {

inline constexpr std::size_t longest_health = 64U << 10;  ///< bytes of the body

struct HealthReport {
    std::string board;
    Instant at{};  ///< the board's clock, in the state below
    std::string version;
    std::string mode;  ///< the start mode, `normal` or a reduced one
    std::optional<ClockState> clock;
    std::optional<std::chrono::milliseconds> clock_error;  ///< absent: unknown
    std::string release;                                   ///< of the channel; empty: none yet
    std::optional<Instant> signed_until;                   ///< the release's signature holds until then
    std::int64_t queue = 0;                                ///< records that the office has not receipted
    std::optional<std::int64_t> disk_free_bytes;           ///< absent: unknown

    struct OnAir {
        std::string airing, segment, locale, campaign;
        Instant started{};
        friend bool operator==(const OnAir&, const OnAir&) = default;
    };
    struct Outlet {
        std::string id;
        std::optional<OnAir> on_air;
        bool on_slate = false;
        friend bool operator==(const Outlet&, const Outlet&) = default;
    };
    std::vector<Outlet> outlets;      ///< at most 16
    std::vector<std::string> alarms;  ///< sentences, worst first; at most 100
    friend bool operator==(const HealthReport&, const HealthReport&) = default;
};
/// The report as format 1 can hold it: texts plain (content/base/plain_text.hpp) and cut to their lengths,
/// numbers and instants within their ranges. Outlets and alarms that exceed what a report holds are left out,
/// the last first.
[[nodiscard]] HealthReport writable(HealthReport report);
/// Canonical JSON, format 1, of the writable report: every office reads it back to that.
[[nodiscard]] std::string write_health(const HealthReport& report);

/// What could be read of a health report, and why the rest could not be: it is signed by its board, and still
/// only text from outside.
struct ReadHealth {
    HealthReport report;
    std::string fault;  ///< empty: all of it was read
};
[[nodiscard]] ReadHealth read_health(std::string_view json);

}  // namespace riverlight::content
