#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "player/cue/events.hpp"
#include "player/cue/output_spec.hpp"
#include "player/evidence/fate_ledger.hpp"
#include "player/feed/packet.hpp"
#include "player/feed/stream_writer.hpp"

/// A feed's outputs. One mux makes the stream, one pacer (player/feed/pacer.hpp) decides when each datagram
/// leaves, and any number of outputs send it then, none of which can hold up another.
namespace riverlight::player {

/// One output. The pacer calls send() and finish() from one thread; the others may be called from any.
class Output {
  public:
    virtual ~Output() = default;
    /// Sends a datagram at the moment it is due. A live output never waits and never throws: what cannot
    /// leave now is dropped and counted.
    virtual void send(const Datagram& datagram) = 0;
    /// Sends what is queued, within two seconds, and ends. Throws only if send() does.
    virtual void finish() = 0;
    [[nodiscard]] virtual OutputState state() const = 0;
    /// What became of a picture of the time line here. From any thread.
    [[nodiscard]] virtual FrameFate fate_of(std::int64_t picture) const = 0;
};

/// Notes in an output's ledger that a datagram was lost.
void record_lost(const Datagram& datagram, FateLedger& pictures);
/// Notes whether the datagram left, after all those before it were noted.
void record(bool left, const Datagram& datagram, FateLedger& pictures);
/// The same of several, in order.
void record(const std::vector<bool>& left, std::span<const Datagram> datagrams, FateLedger& pictures);

/// What an output must know of its stream.
struct FeedFacts {
    std::int64_t mux_rate = 0;                 ///< bit/s
    std::chrono::milliseconds longest_gop{0};  ///< from one key picture to the next
};

/// A file:, hls: or srt: output's writer. Throws Error if the spec can never work.
[[nodiscard]] std::unique_ptr<StreamWriter> make_stream_writer(const OutputSpec& spec,
                                                               const FeedFacts& facts);
/// A paced output that retries for ever. Throws Error only if its settings can never work.
[[nodiscard]] std::unique_ptr<Output> make_live_output(const OutputSpec& spec, const FeedFacts& facts);
/// A file or HLS folder, as fast as the stream is made: it waits for the disk and loses nothing. Throws Error
/// if it cannot be opened, or if the output is a network one, which needs a stream in real time. send() and
/// finish() throw Error when the disk is full.
[[nodiscard]] std::unique_ptr<Output> make_direct_output(const OutputSpec& spec, const FeedFacts& facts);

}  // namespace riverlight::player
