// Atomic kernel mode setting. Pictures are triple-buffered: one buffer is shown, one is queued by a page
// flip, one is drawn into.
#include "player/screen/kms.hpp"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "content/base/files.hpp"
#include "player/av/raster.hpp"
#include "player/screen/kms_discovery.hpp"
#include "player/screen/kms_resources.hpp"
#include "player/screen/kms_text_plane.hpp"

namespace riverlight::player {
namespace {

using namespace kms;

class KmsDisplay final : public Display {
  public:
    explicit KmsDisplay(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {
        if (!fd_) throw Error("cannot open the graphics device " + path + ": " + system_reason(errno));
        if (drmSetClientCap(fd_.get(), DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1) != 0 ||
            drmSetClientCap(fd_.get(), DRM_CLIENT_CAP_ATOMIC, 1) != 0)
            throw Error("the graphics device " + path +
                        " has no atomic mode setting; use a newer kernel or driver, or the outlet `window`");
        const auto digits = path.find_last_not_of("0123456789") + 1;
        std::from_chars(path.data() + digits, path.data() + path.size(), card_);
        const Version version(drmGetVersion(fd_.get()));
        driver_ = version && version->name ? version->name : "?";
        prober_ = std::jthread([this](const std::stop_token& stop) { probe_repeatedly(stop); });
    }

    std::vector<Connector> connectors(Probe probe) override {
        const Resources all(drmModeGetResources(fd_.get()));
        if (!all) fail("its connectors cannot be read", errno);
        std::vector<Connector> out;
        for (int i = 0; i < all->count_connectors; ++i) {
            const ConnectorInfo info(probe == Probe::full
                                         ? drmModeGetConnector(fd_.get(), all->connectors[i])
                                         : drmModeGetConnectorCurrent(fd_.get(), all->connectors[i]));
            // A connector that was unplugged with its dock stays in the list for a moment.
            if (info && info->connector_type != DRM_MODE_CONNECTOR_WRITEBACK)
                out.push_back(read_connector(fd_.get(), *info));
        }
        return out;
    }

    void enable(const Connector& connector, const Mode& mode, const Picture& picture) override {
        probed_ = powered_ = 0;
        active_.reset();
        drmSetMaster(fd_.get());  // another program may have released it; if not, the commit fails
        const ConnectorInfo info(drmModeGetConnectorCurrent(fd_.get(), connector.id));
        if (!info || mode.index >= static_cast<std::uint32_t>(info->count_modes))
            throw Error("the display on " + connector.name + " went away");
        Active active;
        active.connector = connector.id;
        active.crtc = crtc_for(fd_.get(), *info);
        require(drmModeCreatePropertyBlob(fd_.get(), &info->modes[mode.index], sizeof(drmModeModeInfo),
                                          &active.mode),
                "takes no mode");
        const struct DestroyBlob {
            int fd;
            std::uint32_t id;
            ~DestroyBlob() { drmModeDestroyPropertyBlob(fd, id); }
        } destroy{fd_.get(), active.mode};  // the CRTC holds it as well
        std::string why = "it has no plane for a picture";
        for (const auto& plane : planes_for(fd_.get(), active.crtc.pipe)) {
            try {
                set_mode(active, plane, mode, picture);
                active_ = std::move(active);
                probed_ = powered_ = connector.id;
                description_ = driver_ + (plane.primary ? ", primary plane, " : ", overlay plane, ") +
                               to_text(plane.format);
                return;
            } catch (const Error& e) {
                why = e.what();
            }
        }
        throw Error("the mode " + player::to_text(mode) + " cannot be set on " + connector.name + ": " + why);
    }

    void power_off(const Connector& connector) override {
        if (!active_) drmSetMaster(fd_.get());
        const ConnectorInfo info(drmModeGetConnectorCurrent(fd_.get(), connector.id));
        if (!info) throw Error("the display on " + connector.name + " went away");
        probed_ = powered_ = connector.id;
        const EncoderInfo encoder(info->encoder_id ? drmModeGetEncoder(fd_.get(), info->encoder_id)
                                                   : nullptr);
        const auto crtc = active_ ? active_->crtc.id : encoder ? encoder->crtc_id : 0;
        if (crtc == 0) return;  // nothing feeds it
        const Request request(drmModeAtomicAlloc());
        add_property(fd_.get(), request.get(), crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", 0);
        require(drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
                "cannot be switched off");
    }

    void power_on(const Picture& picture) override {
        if (!active_) throw Error("the display is off");
        read_flip_events();
        auto& buffer = *active_->buffers[active_->drawing];
        rasteriser_.draw(picture, buffer.raster());
        const Request request(drmModeAtomicAlloc());
        add_property(fd_.get(), request.get(), active_->crtc.id, DRM_MODE_OBJECT_CRTC, "ACTIVE", 1);
        add_property(request.get(), active_->plane.plane, active_->framebuffer_property, buffer.frame());
        require(drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
                "cannot be switched on");
        active_->flip_pending = false;
        active_->drawing = (active_->drawing + 1) % active_->buffers.size();
    }

    void disable() override {
        probed_ = powered_ = 0;
        if (!active_) return;
        const Request request(drmModeAtomicAlloc());
        add_property(fd_.get(), request.get(), active_->connector, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID", 0);
        add_property(fd_.get(), request.get(), active_->crtc.id, DRM_MODE_OBJECT_CRTC, "MODE_ID", 0);
        add_property(fd_.get(), request.get(), active_->crtc.id, DRM_MODE_OBJECT_CRTC, "ACTIVE", 0);
        add_property(fd_.get(), request.get(), active_->plane.plane, DRM_MODE_OBJECT_PLANE, "FB_ID", 0);
        add_property(fd_.get(), request.get(), active_->plane.plane, DRM_MODE_OBJECT_PLANE, "CRTC_ID", 0);
        if (active_->texts) {
            active_->texts->clear();
            active_->texts->add_to(request.get());
        }
        const int code =
            drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr);
        active_.reset();
        require(code, "cannot be switched off");
    }

    void draw(const Picture& picture) override {
        if (!active_) return;
        assert(active_->drawing < active_->buffers.size());
        rasteriser_.draw(picture, active_->buffers[active_->drawing]->raster());
    }

    bool set_overlays(std::span<const Overlay* const> texts, int width, int height) override {
        const bool any = std::any_of(texts.begin(), texts.end(), [](const auto* t) { return t != nullptr; });
        if (!active_ || !active_->texts) return !any;
        // A picture that is scaled to the display has its texts drawn into it before.
        const auto& raster = active_->buffers.front()->raster();
        if (width != raster.width || height != raster.height) {
            active_->texts->clear();
            return !any;
        }
        return active_->texts->set_overlays(texts);
    }

    bool page_flip() override {
        if (!active_) throw Error("the display is off");
        read_flip_events();
        if (active_->flip_pending) return false;
        const Request request(drmModeAtomicAlloc());
        add_property(request.get(), active_->plane.plane, active_->framebuffer_property,
                     active_->buffers[active_->drawing]->frame());
        if (active_->texts) active_->texts->add_to(request.get());
        const int code = drmModeAtomicCommit(fd_.get(), request.get(),
                                             DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT, this);
        if (code == -EBUSY) return false;
        // A driver that accepted the text in the test commit and refuses it now is not offered text again.
        texts_refused_ = texts_refused_ || (code != 0 && active_->texts && active_->texts->shown());
        require(code, "refused a picture");
        if (active_->texts) active_->texts->committed();
        active_->flip_pending = true;
        active_->drawing = (active_->drawing + 1) % active_->buffers.size();
        return true;
    }

    std::optional<Vblank> last_vblank() override {
        std::uint64_t count = 0, ns = 0;
        if (!active_ || drmCrtcGetSequence(fd_.get(), active_->crtc.id, &count, &ns) != 0 || ns == 0)
            return {};
        return Vblank{static_cast<std::int64_t>(count), SteadyTime(std::chrono::nanoseconds(ns))};
    }

    std::string dpms_state() override {
        if (powered_ == 0) return {};
        const auto dpms = find_property(fd_.get(), powered_, DRM_MODE_OBJECT_CONNECTOR, "DPMS");
        auto text = dpms ? dpms->text : "";
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return text;
    }

    [[nodiscard]] std::string description() const override { return description_; }
    [[nodiscard]] unsigned card_number() const override { return card_; }

  private:
    /// An enabled display.
    struct Active {
        std::uint32_t connector = 0, mode = 0;  ///< kernel ids; of the mode: its blob
        Crtc crtc;
        PlaneFormat plane;
        std::uint32_t framebuffer_property = 0;  ///< the plane's FB_ID
        std::vector<std::unique_ptr<Buffer>> buffers;
        std::unique_ptr<TextPlane> texts;  ///< null: no plane takes them
        std::size_t drawing = 1;           ///< the buffer to draw into
        bool flip_pending = false;
    };

    /// The prober's thread: probes the display that is in use. Some drivers notice hot-plugging only when
    /// they are asked, the answer takes longer than a frame, and connectors() sees what it changed.
    void probe_repeatedly(const std::stop_token& stop) {
        constexpr std::chrono::seconds every{2};
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            wake.wait_for(lock, stop, every, [] { return false; });
            if (const auto connector = probed_.load())
                const ConnectorInfo answer(drmModeGetConnector(fd_.get(), connector));
        }
    }

    /// Colour encoding and range of 4:2:0 pictures, if the driver has these properties.
    void add_colour_properties(drmModeAtomicReq* request, const PlaneFormat& plane) {
        constexpr std::array properties{std::pair{"COLOR_ENCODING", "ITU-R BT.709 YCbCr"},
                                        std::pair{"COLOR_RANGE", "YCbCr limited range"}};
        if (plane.format == PixelFormat::xrgb8888) return;
        for (const auto& [name, value] : properties) {
            const auto p = find_property(fd_.get(), plane.plane, DRM_MODE_OBJECT_PLANE, name);
            if (const auto number = p ? enum_value(fd_.get(), p->id, value) : std::nullopt)
                drmModeAtomicAddProperty(request, plane.plane, p->id, *number);
        }
    }

    /// Takes other planes off the CRTC: a boot logo, a console.
    void remove_other_planes(drmModeAtomicReq* request, const Active& active, const PlaneFormat& plane) {
        const PlaneList list(drmModeGetPlaneResources(fd_.get()));
        for (std::uint32_t i = 0; list && i < list->count_planes; ++i) {
            const PlaneInfo info(drmModeGetPlane(fd_.get(), list->planes[i]));
            if (!info || info->plane_id == plane.plane || info->crtc_id != active.crtc.id) continue;
            add_property(fd_.get(), request, info->plane_id, DRM_MODE_OBJECT_PLANE, "FB_ID", 0);
            add_property(fd_.get(), request, info->plane_id, DRM_MODE_OBJECT_PLANE, "CRTC_ID", 0);
        }
    }

    /// Tests and commits a modeset with the picture on that plane. Throws Error if the driver refuses.
    void set_mode(Active& active, const PlaneFormat& plane, const Mode& mode, const Picture& picture) {
        std::vector<std::unique_ptr<Buffer>> buffers;
        buffers.reserve(3);
        for (int i = 0; i < 3; ++i)
            buffers.push_back(std::make_unique<Buffer>(fd_.get(), mode.width, mode.height, plane.format));
        rasteriser_.draw(picture, buffers.front()->raster());
        const Request request(drmModeAtomicAlloc());
        add_property(fd_.get(), request.get(), active.connector, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID",
                     active.crtc.id);
        add_property(fd_.get(), request.get(), active.crtc.id, DRM_MODE_OBJECT_CRTC, "MODE_ID", active.mode);
        add_property(fd_.get(), request.get(), active.crtc.id, DRM_MODE_OBJECT_CRTC, "ACTIVE", 1);
        remove_other_planes(request.get(), active, plane);
        const auto width = static_cast<std::uint64_t>(mode.width),
                   height = static_cast<std::uint64_t>(mode.height);
        const std::array<std::pair<const char*, std::uint64_t>, 10> geometry{
            {{"FB_ID", buffers.front()->frame()},
             {"CRTC_ID", active.crtc.id},
             {"SRC_X", 0},
             {"SRC_Y", 0},
             {"SRC_W", width << 16},
             {"SRC_H", height << 16},
             {"CRTC_X", 0},
             {"CRTC_Y", 0},
             {"CRTC_W", width},
             {"CRTC_H", height}}};
        for (const auto& [name, value] : geometry)
            add_property(fd_.get(), request.get(), plane.plane, DRM_MODE_OBJECT_PLANE, name, value);
        add_colour_properties(request.get(), plane);
        require(drmModeAtomicCommit(fd_.get(), request.get(),
                                    DRM_MODE_ATOMIC_TEST_ONLY | DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
                "its driver refuses " + to_text(plane.format));
        require(drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
                "its mode cannot be set");
        active.plane = plane;
        active.buffers = std::move(buffers);
        if (!texts_refused_)
            active.texts = TextPlane::find(fd_.get(), active.crtc.id, active.crtc.pipe, plane.plane,
                                           mode.width, mode.height);
        active.framebuffer_property =
            find_property(fd_.get(), plane.plane, DRM_MODE_OBJECT_PLANE, "FB_ID")->id;
    }

    /// Completed page flips.
    void read_flip_events() {
        pollfd ready{fd_.get(), POLLIN, 0};
        while (::poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN)) {
            drmEventContext context{};
            context.version = 2;
            context.page_flip_handler = [](int, unsigned, unsigned, unsigned, void* self) {
                auto& active = static_cast<KmsDisplay*>(self)->active_;
                if (active) active->flip_pending = false;
            };
            if (drmHandleEvent(fd_.get(), &context) != 0) return;
        }
    }

    Fd fd_;
    std::string driver_, description_;
    Rasteriser rasteriser_;
    std::optional<Active> active_;
    std::uint32_t powered_ = 0;  ///< connector (the kernel's id) that is enabled or powered off; 0: none
    unsigned card_ = 0;
    bool texts_refused_ = false;
    std::atomic<std::uint32_t> probed_ = 0;  ///< connector that prober_ asks; 0: none
    std::jthread prober_;                    // last: ends before what it uses
};

}  // namespace

std::unique_ptr<Display> open_kms_device(const std::string& path) {
    return std::make_unique<KmsDisplay>(path);
}

std::unique_ptr<Display> open_kms(const ScreenSpec& spec) {
    if (!spec.card.empty()) return open_kms_device("/dev/dri/" + spec.card);
    std::unique_ptr<Display> first;
    std::string why = "there is none under /dev/dri; is its driver loaded?";
    for (const auto& path : card_paths()) {
        try {
            auto display = std::make_unique<KmsDisplay>(path);
            const auto all = display->connectors(Display::Probe::full);
            if (std::any_of(all.begin(), all.end(), [&](const Connector& c) {
                    return c.connected && (spec.connector.empty() || c.name == spec.connector);
                }))
                return display;
            if (!first && !all.empty()) first = std::move(display);
        } catch (const Error& e) {
            why = e.what();
        }
    }
    if (!first) throw Error("no graphics device can be used: " + why);
    return first;
}

}  // namespace riverlight::player
