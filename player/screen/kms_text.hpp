#pragma once
#include <array>
#include <memory>
#include <span>

#include "player/screen/kms_parts.hpp"
#include "player/screen/layers.hpp"

namespace riverlight::player::kms {

/// Text on an overlay plane of its own (ARGB8888, premultiplied; Linux Documentation/gpu/drm-kms.rst, "Plane
/// Composition Properties"): drawn when it changes, and costs nothing while it stands. Three buffers: one is
/// shown, one is handed over, one is drawn into.
class TextPlane {
  public:
    /// The first plane of the scan-out engine (`crtc`, number `pipe`) that lies over `picture_plane`, takes
    /// ARGB8888 and is nobody else's. Null: there is none.
    [[nodiscard]] static std::unique_ptr<TextPlane> find(int fd, std::uint32_t crtc, unsigned pipe,
                                                         std::uint32_t picture_plane, int width, int height);
    /// Draws the texts; the next commit shows them, or takes the plane off where there are none. False: the
    /// driver does not take them, and the plane will be off.
    [[nodiscard]] bool lay(std::span<const Overlay* const> texts);
    /// Adds to a commit what has changed since the last.
    void add_to(drmModeAtomicReq* request) const;
    void committed();
    /// The plane will be off.
    void clear();
    [[nodiscard]] bool shown() const { return frame_ != 0; }  ///< or will be

  private:
    TextPlane(int fd, std::uint32_t crtc, std::uint32_t plane, int width, int height);
    void add(drmModeAtomicReq* request, const char* name, std::uint64_t value) const;
    void prepare(std::uint32_t picture_plane);

    int fd_;
    std::uint32_t crtc_, plane_;
    int width_, height_;
    std::array<std::unique_ptr<Buffer>, 3> buffers_;  ///< made when the first text comes
    std::size_t drawing_ = 0;
    Area area_;  ///< empty: the plane is off, or will be
    std::uint32_t frame_ = 0;
    bool changed_ = false;
    std::array<std::pair<std::uint32_t, std::uint64_t>, 3> fixed_{};  ///< properties set with each change
    std::size_t fixed_count_ = 0;
};

}  // namespace riverlight::player::kms
