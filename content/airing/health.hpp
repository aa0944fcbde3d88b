#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/airing/status.hpp"
#include "content/airing/system_report.hpp"
#include "content/base/crypto.hpp"
#include "content/base/instant.hpp"

/// How a board is: the body of PUT /v1/boards/{board}/health, JSON of at most 64 KiB, authenticated by the
/// header `Riverlight-Signature: <hex Ed25519 over the raw body>`.
namespace riverlight::content {

inline constexpr std::size_t longest_health = 64U << 10;  ///< bytes of the body

// More than 12 members: the keys of a report.
struct HealthReport {
    std::string board;
    /// One run of the board's program, and the run before it by the board's memory: random hex digits. A run
    /// that reports again after a later one shows that the board's key is in two devices. Empty: not known.
    std::string run{}, after{};
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
    /// None: this board's system is not updated by its channel. The report has no key for it then, as those
    /// of earlier versions.
    std::optional<SystemReport> system{};
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

/// What the office has to tell a board, in its answer to a health report: {"format":1} if there is nothing,
/// else {"format":1,"board","run","two_boards","enrol_anew","office","signature"}, signed by the office's key
/// over the canonical object without "signature". Boards ignore keys that they do not know.
struct HealthAnswer {
    std::string board, run;  ///< to whom it speaks: those of the report
    /// Another device reports with this board's key; since when the office knows. A person has to resolve it.
    std::optional<Instant> two_boards{};
    /// The key belongs to the other device: this one gives it up, and enrols again with a claim code.
    bool enrol_anew = false;
    friend bool operator==(const HealthAnswer&, const HealthAnswer&) = default;
};
[[nodiscard]] std::string write_health_answer(const HealthAnswer& answer, const SigningKey& office_key);
/// An answer that cannot be read, or that `office_public_hex` did not sign, tells nothing.
[[nodiscard]] HealthAnswer read_health_answer(std::string_view json, std::string_view office_public_hex);

}  // namespace riverlight::content
