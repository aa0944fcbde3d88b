#include "player/feed/output.hpp"

#include <filesystem>

#include "player/feed/file_output.hpp"
#include "player/feed/hls_output.hpp"
#include "player/feed/queued_output.hpp"
#include "player/feed/srt_output.hpp"
#include "player/feed/udp_output.hpp"

namespace riverlight::player {
namespace {

/// What waits for a slow output, at most: enough for a disk that pauses.
constexpr std::int64_t most_waiting_seconds = 4;

}  // namespace

std::unique_ptr<Carrier> make_carrier(const OutputSpec& spec, const FeedFacts& facts) {
    if (spec.kind == OutputSpec::Kind::srt) return std::make_unique<SrtCarrier>(spec, facts);
    if (spec.kind == OutputSpec::Kind::hls && spec.path.empty())
        throw Error("output '" + spec.name + "' names no folder; write hls:DIR/");
    if (spec.kind == OutputSpec::Kind::hls) return std::make_unique<HlsCarrier>(spec, facts);
    return std::make_unique<FileCarrier>(spec);
}

std::unique_ptr<Output> make_live_output(const OutputSpec& spec, const FeedFacts& facts) {
    if (spec.kind == OutputSpec::Kind::udp || spec.kind == OutputSpec::Kind::rtp)
        return std::make_unique<UdpOutput>(spec);
    const auto folder = std::filesystem::path(spec.path).parent_path();
    if (spec.kind == OutputSpec::Kind::file && !folder.empty() && !std::filesystem::is_directory(folder))
        throw Error("cannot write " + spec.path + ": there is no folder " + folder.string());
    const auto most = facts.mux_rate / 8 * most_waiting_seconds / static_cast<std::int64_t>(datagram_size);
    return std::make_unique<QueuedOutput>(spec.name, make_carrier(spec, facts),
                                          static_cast<std::size_t>(most));
}

std::unique_ptr<Output> make_whole_output(const OutputSpec& spec, const FeedFacts& facts) {
    if (is_network(spec))
        throw Error("'" + spec.name +
                    "' takes a feed in real time; as fast as it goes there are file: and hls:");
    return std::make_unique<DirectOutput>(spec.name, make_carrier(spec, facts));
}

}  // namespace riverlight::player
