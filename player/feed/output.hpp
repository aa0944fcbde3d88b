#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "player/cue/cue.hpp"
#include "player/cue/output_spec.hpp"
#include "player/feed/packet.hpp"

/// What a way out of a feed is. One mux makes the stream, one pacer (player/feed/sender.hpp) says when each
/// datagram leaves, and any number of outputs take it then, none of which can hold up another.
namespace riverlight::player {

using Figures = std::map<std::string, std::int64_t>;  ///< counted since the start, by what they count

/// A way out. send() and finish() are the pacer's, from one thread; state() may be asked from any.
class Output {
  public:
    virtual ~Output() = default;
    /// Takes a datagram in the moment it is due. Never waits and never throws: what cannot go now is
    /// dropped and counted.
    virtual void send(const Datagram& datagram) = 0;
    /// Lets what it holds out, within two seconds, and ends. Throws only where send() does.
    virtual void finish() = 0;
    [[nodiscard]] virtual OutputState state() const = 0;
};

/// The slow part of an output: opens something, puts datagrams there, and may wait and fail at it. One
/// thread. It is made with its settings and opened, closed and opened again for as long as the feed lives.
class Carrier {
  public:
    virtual ~Carrier() = default;
    /// Throws Error in words for a status page: what failed, why, what to do. Gives up soon after `stop`
    /// turns true.
    virtual void open(const std::atomic<bool>& stop) = 0;
    /// Datagrams in order. Throws Error where the way is lost; then it is closed, and opened again later.
    virtual void carry(std::span<const Datagram> run) = 0;
    /// Ends what was opened, in order as far as that goes.
    virtual void close() = 0;
    [[nodiscard]] virtual Figures figures() const { return {}; }
    /// Why nothing leaves though nothing is wrong ("no receiver has come yet"); empty: it leaves.
    [[nodiscard]] virtual std::string waiting() const { return {}; }
    /// What a person should see to though it leaves; empty: nothing.
    [[nodiscard]] virtual std::string trouble() const { return {}; }
    /// Whether what waited while the way was closed is still worth sending: a file wants it all, a receiver
    /// wants what is on now.
    [[nodiscard]] virtual bool wants_old() const { return true; }
    /// Datagrams it is best given at once.
    [[nodiscard]] virtual std::size_t run() const { return 32; }
};

/// What an output is told of its stream before the first datagram.
struct FeedFacts {
    std::int64_t mux_rate = 0;         ///< bit/s
    std::chrono::milliseconds gop{0};  ///< longest from one key picture to the next
};

[[nodiscard]] std::unique_ptr<Carrier> make_carrier(const OutputSpec& spec, const FeedFacts& facts);
/// A live output: paced, on its own, trying again for ever. Throws Error only for settings that can never
/// work.
[[nodiscard]] std::unique_ptr<Output> make_live_output(const OutputSpec& spec, const FeedFacts& facts);
/// A file or HLS folder as fast as the stream is made: it waits for the disk and loses nothing. Opened at
/// once. Throws Error if that fails, and for what goes over a network, which takes a stream in real time;
/// send() and finish() throw Error when the disk is full.
[[nodiscard]] std::unique_ptr<Output> make_whole_output(const OutputSpec& spec, const FeedFacts& facts);

}  // namespace riverlight::player
