#include "tests/unit/screen/graphics_device.hpp"

#include <drm_fourcc.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <tuple>
#include <utility>

#include "content/base/files.hpp"

namespace riverlight::test {
namespace {

GraphicsDevice* device = nullptr;

/// Numbers of properties: by name, the same on every object.
constexpr std::array<const char*, 19> names{
    "CRTC_ID", "DPMS",  "EDID",   "MODE_ID", "ACTIVE", "type",   "FB_ID", "SRC_X", "SRC_Y",
    "SRC_W",   "SRC_H", "CRTC_X", "CRTC_Y",  "CRTC_W", "CRTC_H", "zpos",  "alpha", "pixel blend mode",
    "OUT"};
std::uint32_t id_of(const std::string& name) {
    return 500 + static_cast<std::uint32_t>(std::find(names.begin(), names.end(), name) - names.begin());
}
template <class T>
T* made(std::size_t count = 1) {
    return static_cast<T*>(std::calloc(count, sizeof(T)));
}
drmModeModeInfo only_mode() {
    drmModeModeInfo m{};
    m.clock = 64 * 36 * 60 / 1000 + 1;
    m.hdisplay = m.htotal = GraphicsDevice::width;
    m.vdisplay = m.vtotal = GraphicsDevice::height;
    m.type = DRM_MODE_TYPE_PREFERRED;
    return m;
}

}  // namespace

GraphicsDevice::GraphicsDevice() : before_(std::exchange(device, this)), path_(folder_.write("card0", "")) {
    for (const auto* name : {"CRTC_ID", "DPMS", "EDID"}) values[{connector, name}] = 0;
    for (const auto* name : {"MODE_ID", "ACTIVE"}) values[{crtc, name}] = 0;
    for (const auto plane : {primary, overlay}) {
        for (const auto* name :
             {"FB_ID", "CRTC_ID", "SRC_X", "SRC_Y", "SRC_W", "SRC_H", "CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H"})
            values[{plane, name}] = 0;
        values[{plane, "type"}] = plane == primary ? DRM_PLANE_TYPE_PRIMARY : DRM_PLANE_TYPE_OVERLAY;
        values[{plane, "zpos"}] = plane == primary ? 1 : 0;
    }
    values[{overlay, "alpha"}] = 7;
    values[{overlay, "pixel blend mode"}] = 1;
}
GraphicsDevice::~GraphicsDevice() {
    device = before_;
}

std::vector<std::uint8_t> GraphicsDevice::file() const {
    const auto text = read_file(path_, 64U << 20);
    return {text.begin(), text.end()};
}

std::vector<std::uint8_t> GraphicsDevice::panel() const {
    if (!value(crtc, "ACTIVE") || !value(primary, "FB_ID")) return {};
    const auto bytes = file();
    const auto at = [&](const Frame& f, std::size_t x, std::size_t y) {
        return bytes.data() + f.offset + y * f.pitch + x * 4;
    };
    std::vector<std::uint8_t> out;
    const auto& under = frames.at(static_cast<std::uint32_t>(value(primary, "FB_ID")));
    const auto text = static_cast<std::uint32_t>(value(overlay, "FB_ID"));
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            std::array<unsigned, 3> bgr{at(under, x, y)[0], at(under, x, y)[1], at(under, x, y)[2]};
            const auto left = value(overlay, "CRTC_X"), top = value(overlay, "CRTC_Y");
            if (text && x >= left && y >= top && x < left + value(overlay, "CRTC_W") &&
                y < top + value(overlay, "CRTC_H")) {
                const auto* over = at(frames.at(text), x - left + (value(overlay, "SRC_X") >> 16),
                                      y - top + (value(overlay, "SRC_Y") >> 16));
                for (std::size_t c = 0; c < 3; ++c) bgr[c] = over[c] + bgr[c] * (255U - over[3]) / 255;
            }
            for (const auto c : {2U, 1U, 0U})
                out.push_back(static_cast<std::uint8_t>(std::min(255U, bgr[c])));
        }
    }
    return out;
}

}  // namespace riverlight::test

using riverlight::test::device;
using riverlight::test::GraphicsDevice;
using riverlight::test::id_of;
using riverlight::test::made;
using riverlight::test::names;

struct _drmModeAtomicReq {
    std::vector<std::tuple<std::uint32_t, std::string, std::uint64_t>> set;
};

extern "C" {

int drmSetClientCap(int, std::uint64_t, std::uint64_t) {
    return 0;
}
int drmSetMaster(int) {
    return 0;
}
drmVersionPtr drmGetVersion(int) {
    auto* v = made<drmVersion>();
    v->name = strdup("test");
    return v;
}
void drmFreeVersion(drmVersionPtr v) {
    std::free(v->name);
    std::free(v);
}
drmModeResPtr drmModeGetResources(int) {
    auto* r = made<drmModeRes>();
    r->count_connectors = r->count_crtcs = r->count_encoders = 1;
    r->connectors = made<std::uint32_t>();
    r->crtcs = made<std::uint32_t>();
    *r->connectors = GraphicsDevice::connector;
    *r->crtcs = GraphicsDevice::crtc;
    return r;
}
void drmModeFreeResources(drmModeResPtr r) {
    std::free(r->connectors);
    std::free(r->crtcs);
    std::free(r);
}
drmModeConnectorPtr drmModeGetConnectorCurrent(int, std::uint32_t id) {
    auto* c = made<drmModeConnector>();
    c->connector_id = id;
    c->connector_type = DRM_MODE_CONNECTOR_HDMIA;
    c->connector_type_id = 1;
    c->connection = DRM_MODE_CONNECTED;
    c->count_modes = 1;
    c->modes = made<drmModeModeInfo>();
    *c->modes = riverlight::test::only_mode();
    c->count_encoders = 1;
    c->encoders = made<std::uint32_t>();
    *c->encoders = GraphicsDevice::encoder;
    if (device->value(id, "CRTC_ID")) c->encoder_id = GraphicsDevice::encoder;
    return c;
}
drmModeConnectorPtr drmModeGetConnector(int fd, std::uint32_t id) {
    return drmModeGetConnectorCurrent(fd, id);
}
void drmModeFreeConnector(drmModeConnectorPtr c) {
    std::free(c->modes);
    std::free(c->encoders);
    std::free(c);
}
const char* drmModeGetConnectorTypeName(std::uint32_t) {
    return "HDMI-A";
}
drmModeEncoderPtr drmModeGetEncoder(int, std::uint32_t id) {
    auto* e = made<drmModeEncoder>();
    e->encoder_id = id;
    e->possible_crtcs = 1;
    e->crtc_id = static_cast<std::uint32_t>(device->value(GraphicsDevice::connector, "CRTC_ID"));
    return e;
}
void drmModeFreeEncoder(drmModeEncoderPtr e) {
    std::free(e);
}
drmModePlaneResPtr drmModeGetPlaneResources(int) {
    auto* r = made<drmModePlaneRes>();
    r->count_planes = device->has_overlay ? 2 : 1;
    r->planes = made<std::uint32_t>(2);
    r->planes[0] = GraphicsDevice::primary;
    r->planes[1] = GraphicsDevice::overlay;
    return r;
}
void drmModeFreePlaneResources(drmModePlaneResPtr r) {
    std::free(r->planes);
    std::free(r);
}
drmModePlanePtr drmModeGetPlane(int, std::uint32_t id) {
    auto* p = made<drmModePlane>();
    p->plane_id = id;
    p->possible_crtcs = 1;
    p->crtc_id = static_cast<std::uint32_t>(device->value(id, "CRTC_ID"));
    p->count_formats = 1;
    p->formats = made<std::uint32_t>();
    const bool alpha = id == GraphicsDevice::overlay && device->overlay_takes_alpha;
    *p->formats = alpha ? DRM_FORMAT_ARGB8888 : DRM_FORMAT_XRGB8888;
    return p;
}
void drmModeFreePlane(drmModePlanePtr p) {
    std::free(p->formats);
    std::free(p);
}
drmModeObjectPropertiesPtr drmModeObjectGetProperties(int, std::uint32_t object, std::uint32_t) {
    auto* all = made<drmModeObjectProperties>();
    all->props = made<std::uint32_t>(names.size());
    all->prop_values = made<std::uint64_t>(names.size());
    for (const auto& [key, value] : device->values) {
        if (key.first != object) continue;
        all->props[all->count_props] = id_of(key.second);
        all->prop_values[all->count_props++] = value;
    }
    return all;
}
void drmModeFreeObjectProperties(drmModeObjectPropertiesPtr all) {
    std::free(all->props);
    std::free(all->prop_values);
    std::free(all);
}
drmModePropertyPtr drmModeGetProperty(int, std::uint32_t id) {
    auto* p = made<drmModePropertyRes>();
    const std::string name = names.at(id - 500);
    p->prop_id = id;
    std::snprintf(p->name, sizeof p->name, "%s", name.c_str());
    const auto words = [&](std::initializer_list<const char*> list) {
        p->enums = made<drm_mode_property_enum>(list.size());
        for (const auto* word : list) {
            auto& e = p->enums[p->count_enums];
            e.value = static_cast<unsigned>(p->count_enums++);
            std::snprintf(e.name, sizeof e.name, "%s", word);
        }
    };
    if (name == "DPMS") words({"On", "Standby", "Suspend", "Off"});
    if (name == "pixel blend mode") words({"Pre-multiplied", "Coverage", "None"});
    if (name == "zpos" && device->overlay_beneath) p->flags = DRM_MODE_PROP_IMMUTABLE;
    if (name == "zpos" || name == "alpha") {
        p->flags |= DRM_MODE_PROP_RANGE;
        p->count_values = 2;
        p->values = made<std::uint64_t>(2);
        p->values[1] = name == "zpos" ? 3 : 0xffff;
    }
    return p;
}
void drmModeFreeProperty(drmModePropertyPtr p) {
    std::free(p->enums);
    std::free(p->values);
    std::free(p);
}
drmModePropertyBlobPtr drmModeGetPropertyBlob(int, std::uint32_t) {
    return nullptr;
}
void drmModeFreePropertyBlob(drmModePropertyBlobPtr) {}
int drmModeCreatePropertyBlob(int, const void*, std::size_t, std::uint32_t* id) {
    *id = device->next++;
    return 0;
}
int drmModeDestroyPropertyBlob(int, std::uint32_t) {
    return 0;
}

drmModeAtomicReqPtr drmModeAtomicAlloc() {
    return new _drmModeAtomicReq;
}
void drmModeAtomicFree(drmModeAtomicReqPtr r) {
    delete r;
}
int drmModeAtomicAddProperty(drmModeAtomicReqPtr r, std::uint32_t object, std::uint32_t property,
                             std::uint64_t value) {
    r->set.emplace_back(object, names.at(property - 500), value);
    return static_cast<int>(r->set.size());
}
int drmModeAtomicCommit(int, drmModeAtomicReqPtr r, std::uint32_t flags, void* user) {
    const auto before = device->values;
    for (const auto& [object, name, value] : r->set) device->values[{object, name}] = value;
    const auto flip = [&] {
        return (flags & DRM_MODE_PAGE_FLIP_EVENT) && !device->value(GraphicsDevice::crtc, "ACTIVE");
    };
    if (device->refuses((flags & DRM_MODE_ATOMIC_TEST_ONLY) != 0) || flip()) {
        device->values = before;
        return -EINVAL;
    }
    if (flags & DRM_MODE_ATOMIC_TEST_ONLY) {
        device->values = before;
        return 0;
    }
    ++device->commits;
    if (flags & DRM_MODE_PAGE_FLIP_EVENT) device->flip_of = user;
    device->text_commits += std::any_of(r->set.begin(), r->set.end(), [](const auto& s) {
        return std::get<0>(s) == GraphicsDevice::overlay;
    });
    device->values[{GraphicsDevice::connector, "DPMS"}] =
        device->value(GraphicsDevice::crtc, "ACTIVE") ? 0 : 3;
    return 0;
}
int drmIoctl(int fd, unsigned long request, void* argument) {
    if (request == DRM_IOCTL_MODE_CREATE_DUMB) {
        auto& make = *static_cast<drm_mode_create_dumb*>(argument);
        make.handle = device->next++;
        make.pitch = make.width * make.bpp / 8;
        make.size = (std::uint64_t{make.pitch} * make.height + 4095) / 4096 * 4096;
        device->memory[make.handle] = device->size;
        device->size += make.size;
        return ::ftruncate(fd, static_cast<off_t>(device->size));
    }
    if (request == DRM_IOCTL_MODE_MAP_DUMB) {
        auto& map = *static_cast<drm_mode_map_dumb*>(argument);
        map.offset = device->memory.at(map.handle);
    }
    return 0;
}
int drmModeAddFB2(int, std::uint32_t, std::uint32_t, std::uint32_t code, const std::uint32_t handles[4],
                  const std::uint32_t pitches[4], const std::uint32_t[4], std::uint32_t* id, std::uint32_t) {
    *id = device->next++;
    device->frames[*id] = {code, pitches[0], device->memory.at(handles[0])};
    return 0;
}
int drmModeRmFB(int, std::uint32_t id) {
    device->frames.erase(id);
    return 0;
}
int drmHandleEvent(int, drmEventContextPtr context) {
    if (!device->flip_of) return -1;
    context->page_flip_handler(0, 0, 0, 0, std::exchange(device->flip_of, nullptr));
    return 0;
}
int drmCrtcGetSequence(int, std::uint32_t, std::uint64_t*, std::uint64_t*) {
    return -1;
}

}  // extern "C"
