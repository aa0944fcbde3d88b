#pragma once
#include <future>
#include <memory>
#include <string>

#include "player/text/overlay.hpp"

namespace riverlight::player {

/// A notice to the person in front of a screen, at the top of its safe area. Drawing takes tens of
/// milliseconds and runs on a thread of its own; the notice before stays until then. One thread.
class NoticeBoard {
  public:
    NoticeBoard(int width, int height) : width_(width), height_(height) {}
    /// Replaces the notice; empty text removes it. `locale` is BCP 47. Where several follow while one is
    /// being drawn, only the last is drawn.
    void show(std::string text, std::string locale);
    /// The notice to show now; null: none. Never blocks.
    [[nodiscard]] const std::shared_ptr<const Overlay>& visible();

  private:
    void start_drawing();

    int width_, height_;
    std::string text_, locale_;
    bool changed_ = false;
    std::shared_ptr<const Overlay> visible_;
    std::future<std::shared_ptr<const Overlay>> drawing_;  ///< its destructor waits for the thread
};

}  // namespace riverlight::player
