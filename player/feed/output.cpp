#include "player/feed/output.hpp"

#include <cassert>
#include <filesystem>

#include "player/feed/hls_writer.hpp"
#include "player/feed/queued_output.hpp"
#include "player/feed/srt_writer.hpp"
#include "player/feed/ts_file_writer.hpp"
#include "player/feed/udp_output.hpp"

namespace riverlight::player {
namespace {

using Kind = OutputSpec::Kind;

/// How much of the stream a slow output may queue: enough for a disk that pauses.
constexpr std::chrono::seconds max_queued{4};

std::size_t datagrams_in(std::chrono::seconds time, std::int64_t mux_rate) {
    return static_cast<std::size_t>(mux_rate / 8 * time.count() / static_cast<std::int64_t>(datagram_size));
}

}  // namespace

void record_lost(const Datagram& datagram, FateLedger& pictures) {
    pictures.lose(datagram.pictures.first, datagram.pictures.end);
}

void record(bool left, const Datagram& datagram, FateLedger& pictures) {
    if (!left) record_lost(datagram, pictures);
    pictures.settle_before(datagram.pictures.complete);
}

void record(const std::vector<bool>& left, std::span<const Datagram> datagrams, FateLedger& pictures) {
    assert(left.size() == datagrams.size());
    for (std::size_t i = 0; i < datagrams.size(); ++i) record(left[i], datagrams[i], pictures);
}

std::unique_ptr<StreamWriter> make_stream_writer(const OutputSpec& spec, const FeedFacts& facts) {
    if (spec.kind == Kind::srt) return std::make_unique<SrtWriter>(spec, facts);
    if (spec.kind == Kind::hls && spec.path.empty())
        throw Error("output '" + spec.name + "' names no folder; write hls:DIR/");
    if (spec.kind == Kind::hls) return std::make_unique<HlsWriter>(spec, facts);
    return std::make_unique<TsFileWriter>(spec);
}

std::unique_ptr<Output> make_live_output(const OutputSpec& spec, const FeedFacts& facts) {
    if (spec.kind == Kind::udp || spec.kind == Kind::rtp) return std::make_unique<UdpOutput>(spec);
    const auto folder = std::filesystem::path(spec.path).parent_path();
    if (spec.kind == Kind::file && !folder.empty() && !std::filesystem::is_directory(folder))
        throw Error("cannot write " + spec.path + ": there is no folder " + folder.string());
    return std::make_unique<QueuedOutput>(spec.name, make_stream_writer(spec, facts),
                                          datagrams_in(max_queued, facts.mux_rate));
}

std::unique_ptr<Output> make_direct_output(const OutputSpec& spec, const FeedFacts& facts) {
    if (is_network(spec))
        throw Error("'" + spec.name +
                    "' takes a feed in real time; as fast as it goes there are file: and hls:");
    return std::make_unique<DirectOutput>(spec.name, make_stream_writer(spec, facts));
}

}  // namespace riverlight::player
