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

/// libdrm's handles with their owners, and the kernel objects' properties. Only kms.cpp includes this.
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
[[noreturn]] void refuse(const std::string& what, int code);
/// Throws unless `code` is 0; −1 is errno.
void need(int code, const std::string& what);

/// Vertical blanks a second, from the pixel clock.
[[nodiscard]] Ratio refresh_of(const drmModeModeInfo& mode);

struct Value {
    std::uint32_t id = 0;
    std::uint64_t value = 0;
    std::string text;        ///< of an enumeration
    bool fixed = false;      ///< the driver's alone to set
    std::uint64_t most = 0;  ///< of a range
};
/// An object's property of that name, with its value; nothing where it has none.
[[nodiscard]] std::optional<Value> property(int fd, std::uint32_t object, std::uint32_t type,
                                            const std::string& name);
/// The number of an enumeration's word.
[[nodiscard]] std::optional<std::uint64_t> word(int fd, std::uint32_t property_id, const std::string& name);

/// Memory that the display scans out: a dumb buffer, mapped. The device outlives it.
class Buffer {
  public:
    /// `alpha`: of 32 bits a pixel the last eight are how opaque it is.
    Buffer(int fd, int width, int height, PixelFormat format, bool alpha = false);
    ~Buffer();
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    [[nodiscard]] std::uint32_t frame() const { return frame_; }  ///< the kernel's id of it
    [[nodiscard]] const Raster& raster() const { return raster_; }

  private:
    explicit Buffer(int fd) : fd_(fd) {}
    void lay_out(int width, int height, PixelFormat format, std::uint32_t pitch, bool alpha);

    int fd_;
    std::uint32_t handle_ = 0, frame_ = 0;
    std::uint64_t size_ = 0;
    std::uint8_t* memory_ = nullptr;
    Raster raster_;
};

}  // namespace riverlight::player::kms
