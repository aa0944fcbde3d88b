#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "player/av/ratio.hpp"

/// Which connector and which mode of a display to use. Pure: touches no device.
namespace riverlight::player {

/// A timing that a display supports.
struct Mode {
    int width = 0, height = 0;
    Ratio refresh{60, 1};  ///< vertical blanks a second, from the pixel clock, exact
    bool interlaced = false, preferred = false;
    std::uint32_t index = 0;  ///< in the kernel's list of the connector
    [[nodiscard]] bool operator==(const Mode& other) const;
};
/// As people write it: 1920x1080@59.94.
[[nodiscard]] std::string to_text(const Mode& mode);

/// An output that a display may be plugged into.
struct Connector {
    std::uint32_t id = 0;
    std::string name;  ///< as the kernel's: HDMI-A-1, Virtual-1
    bool connected = false;
    std::string display;      ///< its name in the EDID; empty: unknown
    std::vector<Mode> modes;  ///< best first; empty if nothing is plugged in
};

/// The mode that the outlet's settings ask for.
struct ModeRequest {
    int width = 0, height = 0;
    std::optional<double> refresh;  ///< Hz; absent: the one that suits the frame rate
};

/// `drm`, `drm:CONNECTOR` or `drm:CONNECTOR/setting=value/…`; connector and settings may be left out.
struct ScreenSpec {
    std::string connector;  ///< HDMI-A-1 …; empty: the first that has a display
    std::optional<ModeRequest> mode;
    Ratio frame_rate{25, 1};        ///< frames a second: 25, or 50 where the machine composes so many in time
    int rotate = 0;                 ///< 0, 90, 180, 270: degrees clockwise that the picture is turned
    std::string card;               ///< card0 …; empty: the first that has a display
    std::string sound = "default";  ///< name of the ALSA device; `none`: silent
    std::string cec;  ///< HDMI-CEC adapter, cec0 …; empty: the connector's own; `none`: not used
    std::chrono::milliseconds sound_delay{0};  ///< −500…500: sound later than picture, for slow displays
};
/// Throws Error that names the setting, what is wrong with it and what it may be.
[[nodiscard]] ScreenSpec parse_screen_spec(std::string_view spec);

/// The named connector, or the first that has a display; null if it has none (one may be plugged in later).
/// Throws Error naming the known connectors if there is none of that name.
[[nodiscard]] const Connector* choose_connector(std::span<const Connector> connectors,
                                                const std::string& name);

/// The mode for `frame_rate` frames a second. Size: as requested; otherwise the display's preferred one, or
/// the largest of its aspect ratio up to 1920 × 1200, which is the most that is composed in time. Of that
/// size: progressive before interlaced, then a refresh rate that is a multiple of the frame rate (50 for 25),
/// so that all frames are shown equally long, then the preferred one. Throws Error naming the display's modes
/// if none is as requested. `modes` is not empty.
[[nodiscard]] const Mode& choose_mode(std::span<const Mode> modes, const std::optional<ModeRequest>& request,
                                      Ratio frame_rate);

}  // namespace riverlight::player
