#pragma once
#include <future>
#include <memory>
#include <string>

#include "player/text/text.hpp"

namespace riverlight::player {

/// Words for who stands in front of a screen, at the top of its safe area. Drawn on a thread of their own,
/// which takes tens of milliseconds; what was said before stays until then. One thread.
class NoticeBoard {
  public:
    NoticeBoard(int width, int height) : width_(width), height_(height) {}
    /// Empty: nothing is to be seen any more. `locale` is BCP 47. Of several that are said while one is being
    /// drawn, the last counts.
    void say(std::string text, std::string locale);
    /// What is to be seen now; null: nothing. Never waits.
    [[nodiscard]] const std::shared_ptr<const Overlay>& seen();

  private:
    void draw();

    int width_, height_;
    std::string text_, locale_;
    bool changed_ = false;
    std::shared_ptr<const Overlay> seen_;
    std::future<std::shared_ptr<const Overlay>> drawing_;  // waits for its thread when it goes
};

}  // namespace riverlight::player
