#pragma once
#include <functional>
#include <memory>
#include <string>

#include "player/source/source.hpp"

namespace riverlight::player {

/// Where a source's thread puts its pieces.
class PieceSink {
  public:
    virtual ~PieceSink() = default;
    /// Blocks until there is room for a piece, so that none is decoded before; false: stop, nobody wants
    /// more.
    [[nodiscard]] virtual bool wait_for_room() = 0;
    /// Blocks until there is room, and adds the piece; false: stop, nobody wants more.
    [[nodiscard]] virtual bool push(Piece piece) = 0;
    /// Says that the source gets on (Patience::Look).
    virtual void step() = 0;
    /// Reports a fault that people should know of although the source goes on (Source::note).
    virtual void note(const std::string& what) = 0;
    /// Reports a damaged file, whether the source goes on or not (Source::damage).
    virtual void report(const MediaDamage& damage) = 0;
};

/// Runs `produce` on a thread of its own and makes its pieces a source, some frames ahead. `format`: of the
/// pictures; 0 × 0: coded frames. `produce` owns all that it uses; what it throws becomes the source's error.
/// Destroying the source never waits: a decoder that hangs keeps its thread until it returns.
[[nodiscard]] std::unique_ptr<Source> run_source(const Format& format,
                                                 std::function<void(PieceSink&)> produce);

}  // namespace riverlight::player
