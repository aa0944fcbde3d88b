#include "player/source/loop.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
namespace {

/// Passes pieces on and counts them.
class CountingSink final : public PieceSink {
  public:
    explicit CountingSink(PieceSink& to) : to_(to) {}
    bool wait_for_room() override {
        wanted = to_.wait_for_room();
        return wanted;
    }
    bool push(Piece piece) override {
        wanted = to_.push(std::move(piece));
        pushed += wanted;
        return wanted;
    }
    void step() override { to_.step(); }
    void note(const std::string& what) override { to_.note(what); }
    void report(const MediaDamage& damage) override { to_.report(damage); }

    std::int64_t pushed = 0;
    bool wanted = true;

  private:
    PieceSink& to_;
};

}  // namespace

void play_looped(const SourceSpec& spec, PieceSink& sink, const PlayOnce& once) {
    if (!spec.loop_frames || !spec.frames) return once(spec, sink);
    const auto length = *spec.loop_frames;
    assert(length > 0);
    for (auto at = spec.first_frame; at < *spec.frames;) {
        auto run = spec;
        run.first_frame = at % length;
        run.frames = std::min(length, run.first_frame + *spec.frames - at);
        CountingSink counting(sink);
        once(run, counting);
        if (counting.pushed == 0 || !counting.wanted) return;
        at += counting.pushed;
    }
}

}  // namespace riverlight::player
