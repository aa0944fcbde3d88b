#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "content/base/error.hpp"

/// Where an outlet's pictures go, as `--outlet` and a board's settings write it: one grammar, one parser.
///
///     drm | drm:CONNECTOR,…       a display without a desktop (player/screen/mode.hpp reads the rest)
///     window | null[?size=1280x720] | capture:DIR
///     file:PATH.ts                 one file, overwritten
///     file:DIR/                    a file for each hour of UTC, continued after a restart
///     hls:DIR/[?seconds=6&window=8]
///     udp://HOST:PORT[?ttl=1&interface=NAME]
///     rtp://HOST:PORT[?ttl=1&interface=NAME]
///     srt://HOST:PORT[?mode=caller|listener&latency=MS&passphrase_file=PATH&key=16|24|32&streamid=TEXT]
///
/// The last six take a transport stream, and one feed may have several of them. Values after `?` are
/// percent-encoded (RFC 3986, 2.1). An IPv6 host is in brackets.
namespace riverlight::player {

/// One member for each part of the grammar.
struct OutputSpec {
    enum class Kind { screen, window, null, capture, file, hours, hls, udp, rtp, srt };
    Kind kind = Kind::null;
    std::string name;                ///< as written, without secrets: for people and logs
    int width = 1280, height = 720;  ///< of null's pictures: 16…4096, even
    std::string path;  ///< of file, or of a folder without its last slash; hls: may be empty (a board's own)

    std::string host;  ///< a name or an address, without brackets; srt listener: may be empty (all addresses)
    std::uint16_t port = 0;
    int ttl = 0;            ///< 1…255; 0: the system's own for one receiver, 1 for a group of them
    std::string interface;  ///< of the machine, for multicast; empty: as it routes

    bool listener = false;
    std::chrono::milliseconds latency{120};  ///< what a receiver holds back, and has to repeat what was lost
    std::string passphrase;                  ///< 10…79 bytes; empty: not encrypted
    std::string passphrase_file;             ///< its first line is the passphrase
    int key_bytes = 16;                      ///< AES-128, 192 or 256
    std::string stream_id;                   ///< ≤ 512 bytes

    std::chrono::seconds segment{6};  ///< of an HLS segment, at least; 1…30
    int window = 8;                   ///< segments in the list, 3…120
};

/// Throws ReadError that names the spec, the setting as its key, what was probably meant and what is known.
[[nodiscard]] OutputSpec parse_output(std::string_view spec);
/// Whether it takes a transport stream.
[[nodiscard]] bool is_feed(const OutputSpec& spec);
/// Whether it leaves the machine by its network.
[[nodiscard]] bool is_network(const OutputSpec& spec);

/// For `--help`: all kinds in a line.
inline constexpr const char* output_help =
    "drm, drm:CONNECTOR, window, null, capture:DIR, file:PATH.ts, file:DIR/ (hour files), hls:DIR/, "
    "udp://host:port, "
    "rtp://host:port or srt://host:port (player/feed/README.md)";
/// Outputs of one feed, at most.
inline constexpr std::size_t most_outputs = 8;

}  // namespace riverlight::player
