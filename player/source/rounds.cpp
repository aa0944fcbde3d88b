#include "player/source/rounds.hpp"

#include <algorithm>

namespace riverlight::player {
namespace {

class Counting final : public Receiver {
  public:
    explicit Counting(Receiver& to) : to_(to) {}
    bool room() override {
        wanted = to_.room();
        return wanted;
    }
    bool push(Piece piece) override {
        wanted = to_.push(std::move(piece));
        taken += wanted;
        return wanted;
    }
    void note(const std::string& what) override { to_.note(what); }

    std::int64_t taken = 0;
    bool wanted = true;

  private:
    Receiver& to_;
};

}  // namespace

void play_rounds(const SourceSpec& spec, Receiver& receiver, const PlayOnce& once) {
    if (spec.round <= 0 || !spec.frames) return once(spec, receiver);
    for (auto at = spec.first_frame; at < *spec.frames;) {
        auto one = spec;
        one.first_frame = at % spec.round;
        one.frames = std::min(spec.round, one.first_frame + *spec.frames - at);
        Counting counting(receiver);
        once(one, counting);
        if (counting.taken == 0 || !counting.wanted) return;
        at += counting.taken;
    }
}

}  // namespace riverlight::player
