// The kernel's mode setting, atomic (Linux Documentation/gpu/drm-kms.rst; libdrm). Three dumb buffers: one is
// shown, one is handed over, one is drawn into.
#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <thread>
#include <tuple>

#include "content/base/files.hpp"
#include "player/av/raster.hpp"
#include "player/screen/display.hpp"
#include "player/screen/edid.hpp"
#include "player/screen/kms_parts.hpp"
#include "player/screen/kms_text.hpp"

namespace riverlight::player {
namespace {

using namespace kms;

struct Plane {
    std::uint32_t id = 0;
    bool primary = false;
    PixelFormat format = PixelFormat::xrgb8888;
};

std::string to_text(PixelFormat format) {
    return format == PixelFormat::nv12 ? "NV12" : format == PixelFormat::yuv420 ? "YUV420" : "XRGB8888";
}

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
        asking_ = std::jthread([this](const std::stop_token& stop) { keep_asking(stop); });
    }

    std::vector<Connector> connectors(bool thoroughly) override {
        const Resources all(drmModeGetResources(fd_.get()));
        if (!all) refuse("its connectors cannot be read", errno);
        std::vector<Connector> out;
        for (int i = 0; i < all->count_connectors; ++i) {
            const ConnectorInfo info(thoroughly ? drmModeGetConnector(fd_.get(), all->connectors[i])
                                                : drmModeGetConnectorCurrent(fd_.get(), all->connectors[i]));
            // One that was unplugged with its dock is in the list for a moment more.
            if (info && info->connector_type != DRM_MODE_CONNECTOR_WRITEBACK) out.push_back(read(*info));
        }
        return out;
    }

    void light(const Connector& connector, const Mode& mode, const Picture& picture) override {
        asked_ = powered_ = 0;
        lit_.reset();
        drmSetMaster(fd_.get());  // another program may have let go of it; the commit tells if not
        const ConnectorInfo info(drmModeGetConnectorCurrent(fd_.get(), connector.id));
        if (!info || mode.index >= static_cast<std::uint32_t>(info->count_modes))
            throw Error("the display on " + connector.name + " went away");
        Lit lit;
        lit.connector = connector.id;
        std::tie(lit.crtc, lit.pipe) = crtc_for(*info);
        need(drmModeCreatePropertyBlob(fd_.get(), &info->modes[mode.index], sizeof(drmModeModeInfo),
                                       &lit.mode),
             "takes no mode");
        const struct DestroyBlob {
            int fd;
            std::uint32_t id;
            ~DestroyBlob() { drmModeDestroyPropertyBlob(fd, id); }
        } destroy{fd_.get(), lit.mode};  // what is lit holds it as well
        std::string why = "it has no plane for a picture";
        for (const auto& plane : planes_for(lit.pipe)) {
            try {
                try_plane(lit, plane, mode, picture);
                lit_ = std::move(lit);
                asked_ = powered_ = connector.id;
                path_ = driver_ + (plane.primary ? ", primary plane, " : ", overlay plane, ") +
                        to_text(plane.format);
                return;
            } catch (const Error& e) {
                why = e.what();
            }
        }
        throw Error("the mode " + player::to_text(mode) + " cannot be set on " + connector.name + ": " + why);
    }

    void sleep(const Connector& connector) override {
        if (!lit_) drmSetMaster(fd_.get());
        const ConnectorInfo info(drmModeGetConnectorCurrent(fd_.get(), connector.id));
        if (!info) throw Error("the display on " + connector.name + " went away");
        asked_ = powered_ = connector.id;
        const EncoderInfo encoder(info->encoder_id ? drmModeGetEncoder(fd_.get(), info->encoder_id)
                                                   : nullptr);
        const auto crtc = lit_ ? lit_->crtc : encoder ? encoder->crtc_id : 0;
        if (crtc == 0) return;  // nothing feeds it
        const Request request(drmModeAtomicAlloc());
        add(request.get(), crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", 0);
        need(drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
             "cannot be switched off");
    }

    void wake(const Picture& picture) override {
        if (!lit_) throw Error("the display is dark");
        read_events();
        auto& buffer = *lit_->buffers[lit_->drawing];
        rasteriser_.draw(picture, buffer.raster());
        const Request request(drmModeAtomicAlloc());
        add(request.get(), lit_->crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", 1);
        put(request.get(), lit_->plane.id, lit_->picture_property, buffer.frame());
        need(drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
             "cannot be switched on");
        lit_->pending = false;
        lit_->drawing = (lit_->drawing + 1) % lit_->buffers.size();
    }

    void dark() override {
        asked_ = powered_ = 0;
        if (!lit_) return;
        const Request request(drmModeAtomicAlloc());
        add(request.get(), lit_->connector, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID", 0);
        add(request.get(), lit_->crtc, DRM_MODE_OBJECT_CRTC, "MODE_ID", 0);
        add(request.get(), lit_->crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", 0);
        add(request.get(), lit_->plane.id, DRM_MODE_OBJECT_PLANE, "FB_ID", 0);
        add(request.get(), lit_->plane.id, DRM_MODE_OBJECT_PLANE, "CRTC_ID", 0);
        if (lit_->texts) {
            lit_->texts->clear();
            lit_->texts->add_to(request.get());
        }
        const int code =
            drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr);
        lit_.reset();
        need(code, "cannot be switched off");
    }

    void draw(const Picture& picture) override {
        if (lit_) rasteriser_.draw(picture, lit_->buffers[lit_->drawing]->raster());
    }

    bool lay(std::span<const Overlay* const> texts, int width, int height) override {
        const bool any = std::any_of(texts.begin(), texts.end(), [](const auto* t) { return t != nullptr; });
        if (!lit_ || !lit_->texts) return !any;
        // What is scaled to another display is drawn into the picture before.
        const auto& raster = lit_->buffers.front()->raster();
        if (width != raster.width || height != raster.height) {
            lit_->texts->clear();
            return !any;
        }
        return lit_->texts->lay(texts);
    }

    bool flip() override {
        if (!lit_) throw Error("the display is dark");
        read_events();
        if (lit_->pending) return false;
        const Request request(drmModeAtomicAlloc());
        put(request.get(), lit_->plane.id, lit_->picture_property, lit_->buffers[lit_->drawing]->frame());
        if (lit_->texts) lit_->texts->add_to(request.get());
        const int code = drmModeAtomicCommit(fd_.get(), request.get(),
                                             DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT, this);
        if (code == -EBUSY) return false;
        // One that took the text when it was asked, and not when it was told, is not asked again.
        texts_refused_ = texts_refused_ || (code != 0 && lit_->texts && lit_->texts->shown());
        need(code, "refused a picture");
        if (lit_->texts) lit_->texts->committed();
        lit_->pending = true;
        lit_->drawing = (lit_->drawing + 1) % lit_->buffers.size();
        return true;
    }

    std::optional<Blank> last_blank() override {
        std::uint64_t count = 0, ns = 0;
        if (!lit_ || drmCrtcGetSequence(fd_.get(), lit_->crtc, &count, &ns) != 0 || ns == 0) return {};
        return Blank{static_cast<std::int64_t>(count), Moment(std::chrono::nanoseconds(ns))};
    }

    std::string power() override {
        if (powered_ == 0) return {};
        const auto dpms = property(fd_.get(), powered_, DRM_MODE_OBJECT_CONNECTOR, "DPMS");
        auto text = dpms ? dpms->text : "";
        std::transform(text.begin(), text.end(), text.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return text;
    }

    [[nodiscard]] std::string path() const override { return path_; }
    [[nodiscard]] unsigned card() const override { return card_; }

  private:
    struct Lit {
        std::uint32_t connector = 0, crtc = 0, mode = 0, picture_property = 0;
        unsigned pipe = 0;
        Plane plane;
        std::vector<std::unique_ptr<Buffer>> buffers;
        std::unique_ptr<TextPlane> texts;  ///< null: there is no plane for them
        std::size_t drawing = 1;
        bool pending = false;
    };

    /// Asks the lit display whether it is there. Some drivers tell of a plug only to who asks, the answer
    /// takes longer than a frame, and connectors() sees what it changed.
    void keep_asking(const std::stop_token& stop) {
        constexpr std::chrono::seconds every{2};
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            wake.wait_for(lock, stop, every, [] { return false; });
            if (const auto connector = asked_.load())
                const ConnectorInfo answer(drmModeGetConnector(fd_.get(), connector));
        }
    }

    Connector read(const drmModeConnector& info) {
        Connector c;
        c.id = info.connector_id;
        const char* type = drmModeGetConnectorTypeName(info.connector_type);
        c.name = std::string(type ? type : "Unknown") + '-' + std::to_string(info.connector_type_id);
        c.connected = info.connection == DRM_MODE_CONNECTED;
        if (!c.connected) return c;
        for (int m = 0; m < info.count_modes; ++m) {
            const auto& mode = info.modes[m];
            if (mode.hdisplay % 2 || mode.vdisplay % 2) continue;  // 4:2:0 needs whole pairs
            c.modes.push_back({mode.hdisplay, mode.vdisplay, refresh_of(mode),
                               (mode.flags & DRM_MODE_FLAG_INTERLACE) != 0,
                               (mode.type & DRM_MODE_TYPE_PREFERRED) != 0, static_cast<std::uint32_t>(m)});
        }
        const auto edid = property(fd_.get(), c.id, DRM_MODE_OBJECT_CONNECTOR, "EDID");
        const Blob blob(edid && edid->value
                            ? drmModeGetPropertyBlob(fd_.get(), static_cast<std::uint32_t>(edid->value))
                            : nullptr);
        if (blob) c.display = display_name({static_cast<const std::uint8_t*>(blob->data), blob->length});
        return c;
    }

    /// The scan-out engine that feeds the connector now, or the first that can: its id and its number.
    std::pair<std::uint32_t, unsigned> crtc_for(const drmModeConnector& info) {
        const Resources all(drmModeGetResources(fd_.get()));
        if (!all) refuse("its scan-out engines cannot be read", errno);
        const EncoderInfo now(info.encoder_id ? drmModeGetEncoder(fd_.get(), info.encoder_id) : nullptr);
        std::uint32_t possible = 0;
        for (int e = 0; e < info.count_encoders; ++e) {
            const EncoderInfo encoder(drmModeGetEncoder(fd_.get(), info.encoders[e]));
            if (encoder) possible |= encoder->possible_crtcs;
        }
        std::optional<std::pair<std::uint32_t, unsigned>> first;
        for (int i = 0; i < all->count_crtcs; ++i) {
            const std::pair found{all->crtcs[i], static_cast<unsigned>(i)};
            if (now && now->crtc_id == all->crtcs[i]) return found;
            if (!first && possible >> i & 1U) first = found;
        }
        if (!first) throw Error("the display: no scan-out engine of the graphics device reaches it");
        return *first;
    }

    /// Planes and formats to try, best first: 4:2:0 spares the processor the conversion.
    std::vector<Plane> planes_for(unsigned pipe) {
        const PlaneList list(drmModeGetPlaneResources(fd_.get()));
        std::vector<Plane> found;
        for (std::uint32_t i = 0; list && i < list->count_planes; ++i) {
            const PlaneInfo info(drmModeGetPlane(fd_.get(), list->planes[i]));
            if (!info || !(info->possible_crtcs >> pipe & 1U)) continue;
            const auto type = property(fd_.get(), info->plane_id, DRM_MODE_OBJECT_PLANE, "type");
            if (!type || type->value == DRM_PLANE_TYPE_CURSOR) continue;
            for (std::uint32_t f = 0; f < info->count_formats; ++f) {
                const auto code = info->formats[f];
                const bool primary = type->value == DRM_PLANE_TYPE_PRIMARY;
                if (code == DRM_FORMAT_NV12) found.push_back({info->plane_id, primary, PixelFormat::nv12});
                if (code == DRM_FORMAT_YUV420)
                    found.push_back({info->plane_id, primary, PixelFormat::yuv420});
                if (code == DRM_FORMAT_XRGB8888)
                    found.push_back({info->plane_id, primary, PixelFormat::xrgb8888});
            }
        }
        const auto cost = [](const Plane& p) {
            return std::pair(p.format == PixelFormat::xrgb8888, !p.primary);
        };
        std::stable_sort(found.begin(), found.end(),
                         [&](const Plane& a, const Plane& b) { return cost(a) < cost(b); });
        return found;
    }

    void add(drmModeAtomicReq* request, std::uint32_t object, std::uint32_t type, const std::string& name,
             std::uint64_t value) {
        const auto p = property(fd_.get(), object, type, name);
        if (!p) throw Error("the display: its driver lacks the property " + name);
        put(request, object, p->id, value);
    }
    static void put(drmModeAtomicReq* request, std::uint32_t object, std::uint32_t id, std::uint64_t value) {
        const int code = drmModeAtomicAddProperty(request, object, id, value);
        if (code < 0) refuse("no memory for a change", code);
    }

    /// Sets what says how 4:2:0 becomes colours, where the driver knows it.
    void add_colours(drmModeAtomicReq* request, const Plane& plane) {
        constexpr std::array wanted{std::pair{"COLOR_ENCODING", "ITU-R BT.709 YCbCr"},
                                    std::pair{"COLOR_RANGE", "YCbCr limited range"}};
        if (plane.format == PixelFormat::xrgb8888) return;
        for (const auto& [name, value] : wanted) {
            const auto p = property(fd_.get(), plane.id, DRM_MODE_OBJECT_PLANE, name);
            if (const auto number = p ? word(fd_.get(), p->id, value) : std::nullopt)
                drmModeAtomicAddProperty(request, plane.id, p->id, *number);
        }
    }

    /// Other pictures on the same scan-out engine (a boot logo, a console) go.
    void clear_others(drmModeAtomicReq* request, const Lit& lit, const Plane& plane) {
        const PlaneList list(drmModeGetPlaneResources(fd_.get()));
        for (std::uint32_t i = 0; list && i < list->count_planes; ++i) {
            const PlaneInfo info(drmModeGetPlane(fd_.get(), list->planes[i]));
            if (!info || info->plane_id == plane.id || info->crtc_id != lit.crtc) continue;
            add(request, info->plane_id, DRM_MODE_OBJECT_PLANE, "FB_ID", 0);
            add(request, info->plane_id, DRM_MODE_OBJECT_PLANE, "CRTC_ID", 0);
        }
    }

    void try_plane(Lit& lit, const Plane& plane, const Mode& mode, const Picture& picture) {
        std::vector<std::unique_ptr<Buffer>> buffers;
        buffers.reserve(3);
        for (int i = 0; i < 3; ++i)
            buffers.push_back(std::make_unique<Buffer>(fd_.get(), mode.width, mode.height, plane.format));
        rasteriser_.draw(picture, buffers.front()->raster());
        const Request request(drmModeAtomicAlloc());
        add(request.get(), lit.connector, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID", lit.crtc);
        add(request.get(), lit.crtc, DRM_MODE_OBJECT_CRTC, "MODE_ID", lit.mode);
        add(request.get(), lit.crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", 1);
        clear_others(request.get(), lit, plane);
        const auto width = static_cast<std::uint64_t>(mode.width),
                   height = static_cast<std::uint64_t>(mode.height);
        const std::array<std::pair<const char*, std::uint64_t>, 10> geometry{
            {{"FB_ID", buffers.front()->frame()},
             {"CRTC_ID", lit.crtc},
             {"SRC_X", 0},
             {"SRC_Y", 0},
             {"SRC_W", width << 16},
             {"SRC_H", height << 16},
             {"CRTC_X", 0},
             {"CRTC_Y", 0},
             {"CRTC_W", width},
             {"CRTC_H", height}}};
        for (const auto& [name, value] : geometry)
            add(request.get(), plane.id, DRM_MODE_OBJECT_PLANE, name, value);
        add_colours(request.get(), plane);
        need(drmModeAtomicCommit(fd_.get(), request.get(),
                                 DRM_MODE_ATOMIC_TEST_ONLY | DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
             "its driver refuses " + to_text(plane.format));
        need(drmModeAtomicCommit(fd_.get(), request.get(), DRM_MODE_ATOMIC_ALLOW_MODESET, nullptr),
             "its mode cannot be set");
        lit.plane = plane;
        lit.buffers = std::move(buffers);
        if (!texts_refused_)
            lit.texts = TextPlane::find(fd_.get(), lit.crtc, lit.pipe, plane.id, mode.width, mode.height);
        lit.picture_property = property(fd_.get(), plane.id, DRM_MODE_OBJECT_PLANE, "FB_ID")->id;
    }

    /// The kernel's word that what was handed over is shown.
    void read_events() {
        pollfd ready{fd_.get(), POLLIN, 0};
        while (::poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN)) {
            drmEventContext context{};
            context.version = 2;
            context.page_flip_handler = [](int, unsigned, unsigned, unsigned, void* self) {
                auto& lit = static_cast<KmsDisplay*>(self)->lit_;
                if (lit) lit->pending = false;
            };
            if (drmHandleEvent(fd_.get(), &context) != 0) return;
        }
    }

    Fd fd_;
    std::string driver_, path_;
    Rasteriser rasteriser_;
    std::optional<Lit> lit_;
    std::uint32_t powered_ = 0;  ///< the connector that is lit or was put to sleep; 0: none
    unsigned card_ = 0;
    bool texts_refused_ = false;
    std::atomic<std::uint32_t> asked_ = 0;  ///< the connector that is asked; 0: none
    std::jthread asking_;                   // last: ends before what it uses
};

std::vector<std::string> cards() {
    std::vector<std::string> out;
    std::error_code ec;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/dri", ec))
        if (entry.path().filename().string().starts_with("card")) out.push_back(entry.path().string());
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

std::unique_ptr<Display> open_kms_device(const std::string& path) {
    return std::make_unique<KmsDisplay>(path);
}

std::unique_ptr<Display> open_kms(const ScreenSpec& spec) {
    if (!spec.card.empty()) return open_kms_device("/dev/dri/" + spec.card);
    std::unique_ptr<Display> first;
    std::string why = "there is none under /dev/dri; is its driver loaded?";
    for (const auto& path : cards()) {
        try {
            auto display = std::make_unique<KmsDisplay>(path);
            const auto all = display->connectors(true);
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
