#pragma once
#include <memory>
#include <optional>

#include "player/canvas/canvas.hpp"
#include "player/screen/display.hpp"
#include "player/screen/layers.hpp"

namespace riverlight::player {

/// Makes the picture that a display is given: texts go to the display's overlay plane if it takes them, and
/// into the picture otherwise; the picture is turned as the outlet's settings say. One thread.
class Compositor {
  public:
    /// `rotate`: 0, 90, 180 or 270 degrees clockwise. A picture that is turned holds its texts.
    explicit Compositor(int rotate);

    /// Offers texts that changed to the display's overlay plane. True if the plane shows them, so that the
    /// picture must not.
    [[nodiscard]] bool put_texts_on_plane(Display& display, const Layers& layers);
    /// The display was enabled: it has to be offered the texts again.
    void reset_plane() { on_plane_.reset(); }
    /// Whether the plane shows the texts it was offered last.
    [[nodiscard]] bool texts_on_plane() const { return on_plane_.value_or(false); }
    /// The picture for the display. Valid until the next call.
    [[nodiscard]] const Picture& compose(const Layers& layers, bool with_texts);

  private:
    int rotate_;
    std::optional<Canvas> canvas_;  ///< made for the first text
    Picture turned_;
    std::optional<bool> on_plane_;  ///< absent: nothing was offered since the display was enabled
    std::shared_ptr<const Overlay> offered_strap_, offered_subtitle_;
};

}  // namespace riverlight::player
