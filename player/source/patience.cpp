#include "player/source/patience.hpp"

namespace riverlight::player {

bool Patience::is_over(const Look& look) {
    // Threads that only look for work use less.
    constexpr std::chrono::microseconds nothing{100};
    const bool idle = look.others - last_ < nothing;
    last_ = look.others;
    if (look.steps != stepped_.steps) {
        stepped_ = look;
        idle_looks_ = 0;
        return false;
    }
    idle_looks_ = idle ? idle_looks_ + 1 : 0;
    return look.others - stepped_.others >= most_cpu || idle_looks_ >= most_idle_looks;
}

}  // namespace riverlight::player
