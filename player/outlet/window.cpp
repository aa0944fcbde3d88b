#include <SDL.h>

#include <array>

#include "player/outlet/outlet.hpp"

namespace riverlight::player {
namespace {

struct SdlFree {
    void operator()(SDL_Window* p) const { SDL_DestroyWindow(p); }
    void operator()(SDL_Renderer* p) const { SDL_DestroyRenderer(p); }
    void operator()(SDL_Texture* p) const { SDL_DestroyTexture(p); }
};

/// A window on a desktop, sound through SDL's default device (silent where there is none).
class Window final : public Outlet {
  public:
    explicit Window(const Format& format) {
        SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
        SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
        if (SDL_Init(SDL_INIT_VIDEO) != 0)
            throw Error(std::string("no window can be opened: ") + SDL_GetError() +
                        "; is there a display (DISPLAY or WAYLAND_DISPLAY)? The outlet `null` needs none");
        window_.reset(SDL_CreateWindow("Riverlight", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                                       format.width, format.height, SDL_WINDOW_RESIZABLE));
        if (window_) renderer_.reset(SDL_CreateRenderer(window_.get(), -1, 0));
        if (renderer_) {
            SDL_SetYUVConversionMode(SDL_YUV_CONVERSION_BT709);
            texture_.reset(SDL_CreateTexture(renderer_.get(), SDL_PIXELFORMAT_IYUV,
                                             SDL_TEXTUREACCESS_STREAMING, format.width, format.height));
            SDL_RenderSetLogicalSize(renderer_.get(), format.width, format.height);
        }
        if (!texture_) throw Error(std::string("no window can be opened: ") + SDL_GetError());
        SDL_ShowCursor(SDL_DISABLE);  // nobody points at a screen that is watched
        open_sound();
    }
    ~Window() override {
        if (device_) SDL_CloseAudioDevice(device_);
        texture_.reset();
        renderer_.reset();
        window_.reset();
        SDL_Quit();
    }

    void show(const Picture& p, std::span<const float> samples, std::int64_t) override {
        SDL_UpdateYUVTexture(texture_.get(), nullptr, p.y.data(), p.width, p.u.data(), p.width / 2,
                             p.v.data(), p.width / 2);
        SDL_RenderClear(renderer_.get());
        SDL_RenderCopy(renderer_.get(), texture_.get(), nullptr, nullptr);
        SDL_RenderPresent(renderer_.get());
        if (device_) sound(samples);
        ++shown_;
        for (SDL_Event event; SDL_PollEvent(&event);) {
            const bool escape = event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_ESCAPE;
            closed_ = closed_ || event.type == SDL_QUIT || escape;
        }
    }
    void finish() override {}
    [[nodiscard]] std::map<std::string, std::string> evidence() const override {
        const bool visible =
            (SDL_GetWindowFlags(window_.get()) & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED)) == 0;
        return {{"window_visible", visible ? "yes" : "no"},
                {"frames_presented", std::to_string(shown_)},
                {"sound_device", device_ ? "yes" : "no"},
                {"sound_gaps", std::to_string(gaps_)}};
    }
    [[nodiscard]] bool closed() override { return closed_; }

  private:
    static constexpr Uint16 block = 1024;  ///< samples that the device takes at once

    /// What is waiting for the device is what sound is behind its picture. Where the device has run dry it
    /// gets a block of silence first, for the next frame to come in time; and what came too late to be heard
    /// beside its picture is left out, so that what follows is.
    void sound(std::span<const float> samples) {
        constexpr Uint32 a_sample = 2 * sizeof(float);
        const auto a_frame = static_cast<Uint32>(samples.size_bytes());
        const auto waiting = SDL_GetQueuedAudioSize(device_);
        if (waiting > block * a_sample + 3 * a_frame) too_late_ = true;
        if (waiting <= block * a_sample + a_frame) too_late_ = false;
        if (too_late_) return;
        if (waiting == 0) {
            static constexpr std::array<float, std::size_t{2} * block> silence{};
            SDL_QueueAudio(device_, silence.data(), block * a_sample);
            gaps_ += shown_ > 0;
        }
        SDL_QueueAudio(device_, samples.data(), a_frame);
    }
    void open_sound() {
        if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return;
        SDL_AudioSpec wanted{};
        wanted.freq = sample_rate;
        wanted.format = AUDIO_F32SYS;
        wanted.channels = 2;
        wanted.samples = block;
        device_ = SDL_OpenAudioDevice(nullptr, 0, &wanted, nullptr, 0);
        if (device_) SDL_PauseAudioDevice(device_, 0);
    }

    std::unique_ptr<SDL_Window, SdlFree> window_;
    std::unique_ptr<SDL_Renderer, SdlFree> renderer_;
    std::unique_ptr<SDL_Texture, SdlFree> texture_;
    SDL_AudioDeviceID device_ = 0;
    std::int64_t shown_ = 0, gaps_ = 0;  ///< gaps: times that the device ran dry
    bool too_late_ = false;
    bool closed_ = false;
};

}  // namespace

std::unique_ptr<Outlet> make_window(const Format& format) {
    return std::make_unique<Window>(format);
}

}  // namespace riverlight::player
