#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "player/screen/cadence.hpp"
#include "player/screen/layers.hpp"
#include "player/screen/mode.hpp"

namespace riverlight::player {

/// Identifies a connector to other parts of the kernel (HDMI-CEC).
struct ConnectorId {
    unsigned card = 0;            ///< 0 of card0
    std::uint32_t connector = 0;  ///< the kernel's id; 0: no display
    friend bool operator==(const ConnectorId&, const ConnectorId&) = default;
};

/// A graphics device with its connectors, as a screen uses it. One thread, which may wait for the driver. An
/// operation that fails throws Error with the driver's reason and may be tried again later.
class Display {
  public:
    virtual ~Display() = default;

    enum class Probe {
        cached,  ///< what the kernel has noticed
        full     ///< asks the displays themselves; takes tens of milliseconds
    };
    [[nodiscard]] virtual std::vector<Connector> connectors(Probe probe) = 0;
    /// Modeset: shows `picture` on that connector in that mode. A display that was enabled before is
    /// disabled.
    virtual void enable(const Connector& connector, const Mode& mode, const Picture& picture) = 0;
    virtual void disable() = 0;
    /// Switches off the display on that connector (DPMS), whoever enabled it. Its mode is kept.
    virtual void power_off(const Connector& connector) = 0;
    /// Switches an enabled display on again, with that picture.
    virtual void power_on(const Picture& picture) = 0;

    /// Draws into the back buffer.
    virtual void draw(const Picture& picture) = 0;
    /// Puts texts, from bottom to top, on an overlay plane of their own from the next page_flip() on; none:
    /// takes them off. They are laid out for a picture of that size. False: this device does not take them,
    /// and they must be drawn into the picture. Called when they change, and after enable().
    [[nodiscard]] virtual bool set_overlays(std::span<const Overlay* const> texts, int width, int height) = 0;
    /// Shows the back buffer from the next vertical blank on. False: the flip before has not completed yet;
    /// try again.
    [[nodiscard]] virtual bool page_flip() = 0;

    struct Vblank {
        std::int64_t count = 0;
        SteadyTime at{};
    };
    /// The last vertical blank; nothing if the driver does not count them.
    [[nodiscard]] virtual std::optional<Vblank> last_vblank() = 0;
    /// Of the display that is enabled or powered off: on, standby, suspend or off; empty if it has none.
    [[nodiscard]] virtual std::string dpms_state() = 0;
    /// Driver, plane and format of the picture, for people.
    [[nodiscard]] virtual std::string description() const = 0;
    [[nodiscard]] virtual unsigned card_number() const = 0;
};

}  // namespace riverlight::player
