#include "player/screen/kms_text_plane.hpp"

#include <algorithm>
#include <cassert>

#include "content/base/error.hpp"

namespace riverlight::player::kms {
namespace {

constexpr std::uint32_t plane_type = DRM_MODE_OBJECT_PLANE;

bool takes_argb(const drmModePlane& plane) {
    return std::find(plane.formats, plane.formats + plane.count_formats, DRM_FORMAT_ARGB8888) !=
           plane.formats + plane.count_formats;
}

/// A driver may state a fixed order of planes; otherwise choose_composition() sets it.
bool is_above(int fd, std::uint32_t plane, std::uint32_t picture_plane) {
    const auto own = find_property(fd, plane, plane_type, "zpos");
    const auto other = find_property(fd, picture_plane, plane_type, "zpos");
    return !own || !other || !own->immutable || own->value > other->value;
}

}  // namespace

TextPlane::TextPlane(int fd, std::uint32_t crtc, std::uint32_t plane, int width, int height)
    : fd_(fd), crtc_(crtc), plane_(plane), width_(width), height_(height) {}

std::unique_ptr<TextPlane> TextPlane::find(int fd, std::uint32_t crtc, unsigned pipe,
                                           std::uint32_t picture_plane, int width, int height) {
    const PlaneList list(drmModeGetPlaneResources(fd));
    for (std::uint32_t i = 0; list && i < list->count_planes; ++i) {
        const PlaneInfo info(drmModeGetPlane(fd, list->planes[i]));
        if (!info || info->plane_id == picture_plane || !(info->possible_crtcs >> pipe & 1U)) continue;
        const auto type = find_property(fd, info->plane_id, plane_type, "type");
        const bool available = info->crtc_id == 0 || info->crtc_id == crtc;
        if (!type || type->value != DRM_PLANE_TYPE_OVERLAY || !available || !takes_argb(*info)) continue;
        if (!is_above(fd, info->plane_id, picture_plane)) continue;
        std::unique_ptr<TextPlane> found(new TextPlane(fd, crtc, info->plane_id, width, height));
        found->choose_composition(picture_plane);
        return found;
    }
    return nullptr;
}

/// Where the driver leaves a choice: above the picture, with no alpha but that of its pixels, premultiplied.
void TextPlane::choose_composition(std::uint32_t picture_plane) {
    const auto order = find_property(fd_, plane_, plane_type, "zpos");
    const auto under = find_property(fd_, picture_plane, plane_type, "zpos");
    if (order && !order->immutable)
        composition_.push_back(
            {order->id, std::min(order->maximum, std::max(order->value, under ? under->value + 1 : 0))});
    if (const auto alpha = find_property(fd_, plane_, plane_type, "alpha"); alpha && !alpha->immutable)
        composition_.push_back({alpha->id, alpha->maximum});
    const auto blend = find_property(fd_, plane_, plane_type, "pixel blend mode");
    if (const auto number = blend ? enum_value(fd_, blend->id, "Pre-multiplied") : std::nullopt)
        composition_.push_back({blend->id, *number});
}

bool TextPlane::set_overlays(std::span<const Overlay* const> texts) {
    const auto area = bounding_area(texts, width_, height_);
    if (area.empty()) {
        clear();
        return true;
    }
    for (auto& buffer : buffers_)
        if (!buffer) buffer = std::make_unique<Buffer>(fd_, width_, height_, PixelFormat::xrgb8888, true);
    const auto& buffer = *buffers_.at(drawing_);
    const auto& raster = buffer.raster();
    const auto stride = static_cast<std::size_t>(raster.strides[0]);
    draw_overlays(
        texts, area,
        raster.planes[0] + static_cast<std::size_t>(area.y) * stride + static_cast<std::size_t>(area.x) * 4,
        stride);
    area_ = area;
    framebuffer_ = buffer.frame();
    changed_ = true;
    const Request request(drmModeAtomicAlloc());
    add_to(request.get());
    if (drmModeAtomicCommit(fd_, request.get(), DRM_MODE_ATOMIC_TEST_ONLY, nullptr) != 0) {
        clear();
        return false;
    }
    drawing_ = (drawing_ + 1) % buffers_.size();
    return true;
}

void TextPlane::clear() {
    area_ = {};
    framebuffer_ = 0;
    changed_ = true;
}

void TextPlane::add(drmModeAtomicReq* request, const char* name, std::uint64_t value) const {
    const auto p = find_property(fd_, plane_, plane_type, name);
    if (!p || drmModeAtomicAddProperty(request, plane_, p->id, value) < 0)
        throw Error(std::string("the display: its text plane lacks the property ") + name);
}

void TextPlane::add_to(drmModeAtomicReq* request) const {
    if (!changed_) return;
    add(request, "FB_ID", framebuffer_);
    add(request, "CRTC_ID", framebuffer_ ? crtc_ : 0);
    if (framebuffer_ == 0) return;
    assert(!area_.empty());
    const auto x = static_cast<std::uint64_t>(area_.x), y = static_cast<std::uint64_t>(area_.y),
               width = static_cast<std::uint64_t>(area_.width),
               height = static_cast<std::uint64_t>(area_.height);
    const std::array<std::pair<const char*, std::uint64_t>, 8> geometry{{{"SRC_X", x << 16},
                                                                         {"SRC_Y", y << 16},
                                                                         {"SRC_W", width << 16},
                                                                         {"SRC_H", height << 16},
                                                                         {"CRTC_X", x},
                                                                         {"CRTC_Y", y},
                                                                         {"CRTC_W", width},
                                                                         {"CRTC_H", height}}};
    for (const auto& [name, value] : geometry) add(request, name, value);
    for (const auto& [property, value] : composition_)
        drmModeAtomicAddProperty(request, plane_, property, value);
}

void TextPlane::committed() {
    changed_ = false;
}

}  // namespace riverlight::player::kms
