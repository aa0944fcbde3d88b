#pragma once
#include <drm_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "player/av/raster.hpp"
#include "player/screen/mode.hpp"

/// libdrm's objects with their owners, the properties of kernel objects, and buffers. Only for the kms files.
namespace riverlight::player::kms {

template <auto free>
struct Freed {
    template <class T>
    void operator()(T* p) const {
        free(p);
    }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Freed<free>>;
using Resources = Owned<drmModeRes, drmModeFreeResources>;
using ConnectorInfo = Owned<drmModeConnector, drmModeFreeConnector>;
using EncoderInfo = Owned<drmModeEncoder, drmModeFreeEncoder>;
using PlaneList = Owned<drmModePlaneRes, drmModeFreePlaneResources>;
using PlaneInfo = Owned<drmModePlane, drmModeFreePlane>;
using Properties = Owned<drmModeObjectProperties, drmModeFreeObjectProperties>;
using Property = Owned<drmModePropertyRes, drmModeFreeProperty>;
using Blob = Owned<drmModePropertyBlobRes, drmModeFreePropertyBlob>;
using Request = Owned<drmModeAtomicReq, drmModeAtomicFree>;

using Version = Owned<drmVersion, drmFreeVersion>;

/// Throws Error `the display: what: reason`, for an errno or its negative.
[[noreturn]] void fail(const std::string& what, int code);
/// Calls fail() unless `code` is 0. −1 means errno.
void require(int code, const std::string& what);

/// Vertical blanks a second, from the pixel clock.
[[nodiscard]] Ratio refresh_of(const drmModeModeInfo& mode);

struct PropertyValue {
    std::uint32_t id = 0;  ///< of the property
    std::uint64_t value = 0;
    std::string text;           ///< the name of an enumeration's value
    bool immutable = false;     ///< only the driver sets it
    std::uint64_t maximum = 0;  ///< of a range
};
/// The property of that name; nothing if the object has none.
[[nodiscard]] std::optional<PropertyValue> find_property(int fd, std::uint32_t object, std::uint32_t type,
                                                         const std::string& name);
/// The number of an enumeration's value of that name.
[[nodiscard]] std::optional<std::uint64_t> enum_value(int fd, std::uint32_t property_id,
                                                      const std::string& name);
/// Adds a change to an atomic request. Throws Error if the driver lacks the property.
void add_property(int fd, drmModeAtomicReq* request, std::uint32_t object, std::uint32_t type,
                  const std::string& name, std::uint64_t value);
void add_property(drmModeAtomicReq* request, std::uint32_t object, std::uint32_t property_id,
                  std::uint64_t value);

/// Memory that the display scans out: a mapped dumb buffer. The device must outlive it.
class Buffer {
  public:
    /// `alpha`: ARGB8888 instead of XRGB8888. Width and height are even.
    Buffer(int fd, int width, int height, PixelFormat format, bool alpha = false);
    ~Buffer();
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    [[nodiscard]] std::uint32_t frame() const { return frame_; }  ///< the kernel's framebuffer id
    [[nodiscard]] const Raster& raster() const { return raster_; }

  private:
    explicit Buffer(int fd) : fd_(fd) {}
    void add_framebuffer(int width, int height, PixelFormat format, std::uint32_t pitch, bool alpha);

    int fd_;
    std::uint32_t handle_ = 0, frame_ = 0;
    std::uint64_t size_ = 0;
    std::uint8_t* memory_ = nullptr;
    Raster raster_;
};

}  // namespace riverlight::player::kms
