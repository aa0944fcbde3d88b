#include "player/screen/kms_resources.hpp"

#include <sys/mman.h>

#include <array>
#include <cassert>
#include <cerrno>

#include "content/base/files.hpp"

namespace riverlight::player::kms {

void fail(const std::string& what, int code) {
    const int error = code < 0 ? -code : code;
    throw Error("the display: " + what + ": " + system_reason(error) +
                (error == EACCES || error == EPERM ? "; another program (a desktop?) owns the screen" : ""));
}
void require(int code, const std::string& what) {
    if (code != 0) fail(what, code == -1 ? errno : code);
}

Ratio refresh_of(const drmModeModeInfo& m) {
    Ratio r{std::int64_t{m.clock} * 1000, std::int64_t{m.htotal} * m.vtotal};
    if (m.flags & DRM_MODE_FLAG_INTERLACE) r.num *= 2;
    if (m.flags & DRM_MODE_FLAG_DBLSCAN) r.den *= 2;
    if (m.vscan > 1) r.den *= m.vscan;
    return r.num > 0 && r.den > 0 ? r : Ratio{60, 1};
}

std::optional<PropertyValue> find_property(int fd, std::uint32_t object, std::uint32_t type,
                                           const std::string& name) {
    const Properties all(drmModeObjectGetProperties(fd, object, type));
    for (std::uint32_t i = 0; all && i < all->count_props; ++i) {
        const Property p(drmModeGetProperty(fd, all->props[i]));
        if (!p || name != p->name) continue;
        PropertyValue found;
        found.id = p->prop_id;
        found.value = all->prop_values[i];
        found.immutable = (p->flags & DRM_MODE_PROP_IMMUTABLE) != 0;
        if ((p->flags & DRM_MODE_PROP_RANGE) && p->count_values == 2) found.maximum = p->values[1];
        for (int e = 0; e < p->count_enums; ++e)
            if (p->enums[e].value == found.value) found.text = p->enums[e].name;
        return found;
    }
    return {};
}
std::optional<std::uint64_t> enum_value(int fd, std::uint32_t property_id, const std::string& name) {
    const Property p(drmModeGetProperty(fd, property_id));
    for (int e = 0; p && e < p->count_enums; ++e)
        if (name == p->enums[e].name) return p->enums[e].value;
    return {};
}

void add_property(drmModeAtomicReq* request, std::uint32_t object, std::uint32_t property_id,
                  std::uint64_t value) {
    const int code = drmModeAtomicAddProperty(request, object, property_id, value);
    if (code < 0) fail("no memory for a change", code);
}
void add_property(int fd, drmModeAtomicReq* request, std::uint32_t object, std::uint32_t type,
                  const std::string& name, std::uint64_t value) {
    const auto p = find_property(fd, object, type, name);
    if (!p) throw Error("the display: its driver lacks the property " + name);
    add_property(request, object, p->id, value);
}

// Delegates, so that the destructor frees what was made before a step that fails.
Buffer::Buffer(int fd, int width, int height, PixelFormat format, bool alpha) : Buffer(fd) {
    assert(width > 0 && height > 0 && width % 2 == 0 && height % 2 == 0);
    const bool rgb = format == PixelFormat::xrgb8888;
    drm_mode_create_dumb create{};
    create.width = static_cast<std::uint32_t>(width);
    create.height = static_cast<std::uint32_t>(rgb ? height : height * 3 / 2);
    create.bpp = rgb ? 32 : 8;
    require(drmIoctl(fd, DRM_IOCTL_MODE_CREATE_DUMB, &create), "has no memory for a picture");
    handle_ = create.handle;
    size_ = create.size;
    drm_mode_map_dumb map{};
    map.handle = handle_;
    require(drmIoctl(fd, DRM_IOCTL_MODE_MAP_DUMB, &map), "does not give its memory");
    void* at = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, static_cast<off_t>(map.offset));
    if (at == MAP_FAILED) fail("does not give its memory", errno);
    memory_ = static_cast<std::uint8_t*>(at);
    add_framebuffer(width, height, format, create.pitch, alpha);
}

Buffer::~Buffer() {
    if (frame_) drmModeRmFB(fd_, frame_);
    if (memory_) ::munmap(memory_, size_);
    drm_mode_destroy_dumb destroy{};
    destroy.handle = handle_;
    if (handle_) drmIoctl(fd_, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
}

void Buffer::add_framebuffer(int width, int height, PixelFormat format, std::uint32_t pitch, bool alpha) {
    const auto rows = static_cast<std::uint32_t>(height);
    std::array<std::uint32_t, 4> handles{handle_}, pitches{pitch}, offsets{};
    std::uint32_t code = alpha ? DRM_FORMAT_ARGB8888 : DRM_FORMAT_XRGB8888;
    if (format != PixelFormat::xrgb8888) {
        const bool interleaved = format == PixelFormat::nv12;
        code = interleaved ? DRM_FORMAT_NV12 : DRM_FORMAT_YUV420;
        handles[1] = handle_;
        pitches[1] = interleaved ? pitch : pitch / 2;
        offsets[1] = pitch * rows;
        if (!interleaved) {
            handles[2] = handle_;
            pitches[2] = pitch / 2;
            offsets[2] = offsets[1] + pitches[1] * rows / 2;
        }
    }
    require(drmModeAddFB2(fd_, static_cast<std::uint32_t>(width), rows, code, handles.data(), pitches.data(),
                          offsets.data(), &frame_, 0),
            "takes no picture of this format");
    raster_.format = format;
    raster_.width = width;
    raster_.height = height;
    for (std::size_t i = 0; i < 3 && handles[i]; ++i) {
        raster_.planes[i] = memory_ + offsets[i];
        raster_.strides[i] = static_cast<int>(pitches[i]);
    }
}

}  // namespace riverlight::player::kms
