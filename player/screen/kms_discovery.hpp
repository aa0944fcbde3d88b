#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "player/screen/kms_resources.hpp"

/// What a graphics device has: connectors, scan-out engines (CRTCs) and planes.
namespace riverlight::player::kms {

/// A plane with one of the formats it takes.
struct PlaneFormat {
    std::uint32_t plane = 0;
    bool primary = false;
    PixelFormat format = PixelFormat::xrgb8888;
};
struct Crtc {
    std::uint32_t id = 0;
    unsigned pipe = 0;  ///< its index, as masks of possible CRTCs count
};

/// A connector with the modes and the name of its display. Modes of odd size are left out: 4:2:0 needs whole
/// pairs of pixels.
[[nodiscard]] Connector read_connector(int fd, const drmModeConnector& info);
/// The CRTC that feeds the connector now, or the first that can. Throws Error if none can.
[[nodiscard]] Crtc crtc_for(int fd, const drmModeConnector& info);
/// Planes and formats for pictures on that CRTC, best first: 4:2:0 spares the processor the conversion.
[[nodiscard]] std::vector<PlaneFormat> planes_for(int fd, unsigned pipe);
/// Paths of the graphics devices, /dev/dri/card0 ….
[[nodiscard]] std::vector<std::string> card_paths();

[[nodiscard]] std::string to_text(PixelFormat format);

}  // namespace riverlight::player::kms
