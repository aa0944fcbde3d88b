#include "player/screen/kms_discovery.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "content/base/error.hpp"
#include "player/screen/edid.hpp"

namespace riverlight::player::kms {
namespace {

std::optional<PixelFormat> picture_format(std::uint32_t code) {
    if (code == DRM_FORMAT_NV12) return PixelFormat::nv12;
    if (code == DRM_FORMAT_YUV420) return PixelFormat::yuv420;
    if (code == DRM_FORMAT_XRGB8888) return PixelFormat::xrgb8888;
    return {};
}

std::vector<Mode> read_modes(const drmModeConnector& info) {
    std::vector<Mode> modes;
    for (int m = 0; m < info.count_modes; ++m) {
        const auto& mode = info.modes[m];
        if (mode.hdisplay % 2 || mode.vdisplay % 2) continue;
        modes.push_back({mode.hdisplay, mode.vdisplay, refresh_of(mode),
                         (mode.flags & DRM_MODE_FLAG_INTERLACE) != 0,
                         (mode.type & DRM_MODE_TYPE_PREFERRED) != 0, static_cast<std::uint32_t>(m)});
    }
    return modes;
}

}  // namespace

std::string to_text(PixelFormat format) {
    switch (format) {
        case PixelFormat::nv12:
            return "NV12";
        case PixelFormat::yuv420:
            return "YUV420";
        case PixelFormat::xrgb8888:
            return "XRGB8888";
    }
    assert(false && "unknown pixel format");
    return {};
}

Connector read_connector(int fd, const drmModeConnector& info) {
    Connector c;
    c.id = info.connector_id;
    const char* type = drmModeGetConnectorTypeName(info.connector_type);
    c.name = std::string(type ? type : "Unknown") + '-' + std::to_string(info.connector_type_id);
    c.connected = info.connection == DRM_MODE_CONNECTED;
    if (!c.connected) return c;
    c.modes = read_modes(info);
    const auto edid = find_property(fd, c.id, DRM_MODE_OBJECT_CONNECTOR, "EDID");
    const Blob blob(edid && edid->value ? drmModeGetPropertyBlob(fd, static_cast<std::uint32_t>(edid->value))
                                        : nullptr);
    if (blob) c.display = display_name({static_cast<const std::uint8_t*>(blob->data), blob->length});
    return c;
}

Crtc crtc_for(int fd, const drmModeConnector& info) {
    const Resources all(drmModeGetResources(fd));
    if (!all) fail("its scan-out engines cannot be read", errno);
    const EncoderInfo current(info.encoder_id ? drmModeGetEncoder(fd, info.encoder_id) : nullptr);
    std::uint32_t possible = 0;
    for (int e = 0; e < info.count_encoders; ++e) {
        const EncoderInfo encoder(drmModeGetEncoder(fd, info.encoders[e]));
        if (encoder) possible |= encoder->possible_crtcs;
    }
    std::optional<Crtc> first;
    for (int i = 0; i < all->count_crtcs; ++i) {
        const Crtc found{all->crtcs[i], static_cast<unsigned>(i)};
        if (current && current->crtc_id == found.id) return found;
        if (!first && possible >> i & 1U) first = found;
    }
    if (!first) throw Error("the display: no scan-out engine of the graphics device reaches it");
    return *first;
}

std::vector<PlaneFormat> planes_for(int fd, unsigned pipe) {
    const PlaneList list(drmModeGetPlaneResources(fd));
    std::vector<PlaneFormat> found;
    for (std::uint32_t i = 0; list && i < list->count_planes; ++i) {
        const PlaneInfo info(drmModeGetPlane(fd, list->planes[i]));
        if (!info || !(info->possible_crtcs >> pipe & 1U)) continue;
        const auto type = find_property(fd, info->plane_id, DRM_MODE_OBJECT_PLANE, "type");
        if (!type || type->value == DRM_PLANE_TYPE_CURSOR) continue;
        for (std::uint32_t f = 0; f < info->count_formats; ++f)
            if (const auto format = picture_format(info->formats[f]))
                found.push_back({info->plane_id, type->value == DRM_PLANE_TYPE_PRIMARY, *format});
    }
    const auto cost = [](const PlaneFormat& p) {
        return std::pair(p.format == PixelFormat::xrgb8888, !p.primary);
    };
    std::stable_sort(found.begin(), found.end(),
                     [&](const auto& a, const auto& b) { return cost(a) < cost(b); });
    return found;
}

std::vector<std::string> card_paths() {
    std::vector<std::string> out;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/dri", ec))
        if (entry.path().filename().string().starts_with("card")) out.push_back(entry.path().string());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace riverlight::player::kms
