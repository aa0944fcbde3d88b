#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "content/update/system_version.hpp"

/// Which boards of a channel get which version of their system, and when: the target
/// `images/<compatible>/waves.json` of the channel, signed as its segments are. Format 1:
///
///     {"format":1,"compatible":"riverlight-amd64-uefi","waves":[{"version":"0.1.0+20261130013049",
///      "sha256":"…","bytes":300000000,"share":10,"places":["kh-1"],"tags":["pilot"],
///      "start":"2026-12-01T00:00:00Z","within_days":7,"hold":"screens stay dark"}]}
///
/// `start` and `hold` may be absent, `places` and `tags` empty. The bundle is the target
/// `images/<compatible>/<sha256>.raucb`. A board takes both only from the role `targets`.
namespace riverlight::content {

inline constexpr std::size_t longest_waves = 64U << 10;      ///< bytes of the document
inline constexpr std::size_t most_waves = 32;                ///< versions in it
inline constexpr std::uint64_t largest_bundle = 1ULL << 30;  ///< bytes
inline constexpr std::chrono::days usual_patience{7}, most_patience{90};

/// One version of a system, and the boards that are to have it.
struct Wave {
    SystemVersion version;
    std::string sha256;       ///< of the bundle
    std::uint64_t bytes = 0;  ///< of the bundle
    int share = 0;            ///< percent of all boards, 0–100, each chosen by its id and the version
    std::vector<std::string> places{};  ///< ids; a board there is in the wave whatever the share
    std::vector<std::string> tags{};    ///< of places; likewise
    std::optional<Instant> start{};     ///< no board begins before
    /// How long a board that has the bundle waits for its place to close; 0 to 90 days. Then it installs all
    /// the same.
    std::chrono::days patience = usual_patience;
    std::string hold{};  ///< why no board begins now; empty: boards may begin
    friend bool operator==(const Wave&, const Wave&) = default;
};

/// All that a channel says of the systems of one kind of board.
struct Waves {
    std::string compatible;     ///< the kind of board, as its bundle and RAUC name it
    std::vector<Wave> waves{};  ///< each version once, oldest first
    friend bool operator==(const Waves&, const Waves&) = default;

    [[nodiscard]] const Wave* find(const SystemVersion& version) const;
};

/// Lower-case letters, digits and `-`, 1 to 64, not `-` at an end: it names folders and parts of URLs.
[[nodiscard]] bool is_compatible(std::string_view text);
[[nodiscard]] std::string waves_target(std::string_view compatible);
[[nodiscard]] std::string bundle_target(std::string_view compatible, std::string_view sha256);

/// Throws ReadError at its key for a document that is malformed, beyond the limits, of another kind of board
/// than `compatible` (misplaced), or has a version twice (duplicate). Keys that it does not know are refused.
[[nodiscard]] Waves parse_waves(std::string_view json, const std::string& what, std::string_view compatible);
/// Canonical JSON: parse_waves() reads it back to the same. Requires what parse_waves() does.
[[nodiscard]] std::string write_waves(const Waves& waves);

/// Where a board stands among all, from 0 to 9,999, by its id and the version: even over many boards, other
/// for each version, and always the same, so that a share only ever gains boards as it grows.
[[nodiscard]] int wave_position(std::string_view board, const SystemVersion& version);

/// A board as waves choose it. Its id is its place's.
struct WaveBoard {
    std::string id;
    std::vector<std::string> tags;  ///< of its place
};
/// Whether the wave is for this board, now or later, held or not.
[[nodiscard]] bool is_in_wave(const Wave& wave, const WaveBoard& board);

}  // namespace riverlight::content
