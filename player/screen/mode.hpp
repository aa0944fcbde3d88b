#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "player/av/av.hpp"

/// What a display offers and what is taken of it: pure rules, no device.
namespace riverlight::player {

/// One timing that a display takes.
struct Mode {
    int width = 0, height = 0;
    Ratio refresh{60, 1};  ///< vertical blanks a second, from the pixel clock, exact
    bool interlaced = false, preferred = false;
    std::uint32_t index = 0;  ///< the device's own, in its connector's list
    [[nodiscard]] bool operator==(const Mode& other) const;
};
/// As people write it: 1920x1080@59.94.
[[nodiscard]] std::string to_text(const Mode& mode);

/// A socket that a display may be plugged into.
struct Connector {
    std::uint32_t id = 0;
    std::string name;  ///< as the kernel's: HDMI-A-1, Virtual-1
    bool connected = false;
    std::string display;      ///< EDID's name; empty: none told
    std::vector<Mode> modes;  ///< best first; empty where nothing is plugged in
};

struct WantedMode {
    int width = 0, height = 0;
    std::optional<double> refresh;  ///< Hz; absent: the one that suits the beat
};

/// `drm`, `drm:CONNECTOR` or `drm:CONNECTOR/setting=value/…`; connector and settings may be left out.
struct ScreenSpec {
    std::string connector;  ///< empty: the first that has a display
    std::optional<WantedMode> mode;
    int rotate = 0;                 ///< 0, 90, 180, 270: degrees clockwise that the picture is turned
    std::string card;               ///< card0 …; empty: the first that has a display
    std::string sound = "default";  ///< ALSA's name of the device; `none`: silent
    std::string cec;         ///< the display's HDMI-CEC adapter: cec0 …; empty: the connector's own; `none`
    int sound_delay_ms = 0;  ///< −500…500: sound later than picture by this, for displays that are slow
};
/// Throws Error that names the setting, what is wrong with it and what it may be.
[[nodiscard]] ScreenSpec parse_screen_spec(std::string_view spec);

/// The named connector, or the first that has a display; null where none has (a display may come). Throws
/// Error naming the connectors that there are where the named one is none of them.
[[nodiscard]] const Connector* choose_connector(std::span<const Connector> connectors,
                                                const std::string& name);

/// The mode to run at `beat` frames a second. Size: as asked; else the display's preferred one, or where that
/// has more pixels than are composed in time (1920 × 1200), the largest of its aspect that has not. Of that
/// size: progressive before interlaced, a refresh that is a multiple of the beat (50 for 25) before the
/// preferred one, since every frame is then shown for as long as the next. Throws Error naming what the
/// display has where nothing is as asked. `modes` is not empty.
[[nodiscard]] const Mode& choose_mode(std::span<const Mode> modes, const std::optional<WantedMode>& wanted,
                                      Ratio beat);

}  // namespace riverlight::player
