#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/screen/cadence.hpp"
#include "player/screen/layers.hpp"
#include "player/screen/mode.hpp"

namespace riverlight::player {

/// A connector as other parts of the kernel call it.
struct Socket {
    unsigned card = 0;
    std::uint32_t connector = 0;  ///< 0: none
    friend bool operator==(const Socket&, const Socket&) = default;
};

/// A graphics device with its connectors, as a screen uses it. One thread, which may wait for the driver.
/// What it cannot do now throws Error with the driver's reason; it may be asked again later.
class Display {
  public:
    virtual ~Display() = default;
    /// What may be plugged in where. `thoroughly`: asks the displays themselves (tens of milliseconds)
    /// rather than what the kernel noticed.
    [[nodiscard]] virtual std::vector<Connector> connectors(bool thoroughly) = 0;
    /// Shows `picture` there, in that mode; what was lit before goes dark.
    virtual void light(const Connector& connector, const Mode& mode, const Picture& picture) = 0;
    virtual void dark() = 0;
    /// Switches the display there off (DPMS), whoever lit it; what light() set up is kept.
    virtual void sleep(const Connector& connector) = 0;
    /// Of a display that was lit and sleeps: it is on again, with that picture.
    virtual void wake(const Picture& picture) = 0;
    /// Draws into a buffer that is not shown.
    virtual void draw(const Picture& picture) = 0;
    /// Puts texts, the first undermost, on a plane of their own over the picture, from the next flip() on;
    /// none: takes them off. They are drawn for a picture of that size. False: this device does not take
    /// them, and the picture must hold them. Called when they change, and after light().
    [[nodiscard]] virtual bool lay(std::span<const Overlay* const> texts, int width, int height) = 0;
    /// What was drawn is shown from the next vertical blank on. False: what was handed over before is not
    /// shown yet; ask again.
    [[nodiscard]] virtual bool flip() = 0;
    struct Blank {
        std::int64_t count = 0;
        Moment at{};
    };
    /// The last vertical blank; nothing where the driver does not count them.
    [[nodiscard]] virtual std::optional<Blank> last_blank() = 0;
    /// The power state (DPMS) of what is lit or was put to sleep: on, standby, suspend or off; empty where it
    /// has none.
    [[nodiscard]] virtual std::string power() = 0;
    /// How the picture reaches the display, for people: driver, plane and format.
    [[nodiscard]] virtual std::string path() const = 0;
    /// The device's number: 0 of card0.
    [[nodiscard]] virtual unsigned card() const = 0;
};

/// The device at that path. Throws Error where it has no atomic mode setting.
[[nodiscard]] std::unique_ptr<Display> open_kms_device(const std::string& path);
/// The device that `spec` names, or the first with a display, or the first at all. Throws Error where there
/// is none, where it has no atomic mode setting, or where another program owns it.
[[nodiscard]] std::unique_ptr<Display> open_kms(const ScreenSpec& spec);

}  // namespace riverlight::player
