#pragma once
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "player/screen/kms_resources.hpp"
#include "player/screen/layers.hpp"

namespace riverlight::player::kms {

/// Texts on an overlay plane of their own (ARGB8888, premultiplied; Linux Documentation/gpu/drm-kms.rst,
/// "Plane Composition Properties"). They are drawn only when they change. Triple-buffered: one buffer is
/// shown, one is queued, one is drawn into.
class TextPlane {
  public:
    /// The first overlay plane of the CRTC (`pipe`: its index) that is above `picture_plane`, takes ARGB8888
    /// and is not in use elsewhere. Null: there is none.
    [[nodiscard]] static std::unique_ptr<TextPlane> find(int fd, std::uint32_t crtc, unsigned pipe,
                                                         std::uint32_t picture_plane, int width, int height);
    /// Draws the texts for the next commit to show; none: the next commit switches the plane off. False: the
    /// driver refused them in a test commit, and the plane will be off.
    [[nodiscard]] bool set_overlays(std::span<const Overlay* const> texts);
    /// Adds the changes since the last commit to a request.
    void add_to(drmModeAtomicReq* request) const;
    /// The request was committed.
    void committed();
    /// Switches the plane off with the next commit.
    void clear();
    [[nodiscard]] bool shown() const { return framebuffer_ != 0; }  ///< now or with the next commit

  private:
    TextPlane(int fd, std::uint32_t crtc, std::uint32_t plane, int width, int height);
    void add(drmModeAtomicReq* request, const char* name, std::uint64_t value) const;
    void choose_composition(std::uint32_t picture_plane);

    int fd_;
    std::uint32_t crtc_, plane_;
    int width_, height_;
    std::array<std::unique_ptr<Buffer>, 3> buffers_;  ///< made for the first text
    std::size_t drawing_ = 0;
    Area area_;                      ///< empty: the plane is off, or will be
    std::uint32_t framebuffer_ = 0;  ///< the kernel's id; 0: none
    bool changed_ = false;
    struct Setting {
        std::uint32_t property;
        std::uint64_t value;
    };
    std::vector<Setting> composition_;  ///< set with each change
};

}  // namespace riverlight::player::kms
