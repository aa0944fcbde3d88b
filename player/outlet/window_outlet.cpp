#include "player/outlet/window_outlet.hpp"

#include <SDL.h>

#include <array>

namespace riverlight::player {
namespace {

struct SdlFree {
    void operator()(SDL_Window* p) const { SDL_DestroyWindow(p); }
    void operator()(SDL_Renderer* p) const { SDL_DestroyRenderer(p); }
    void operator()(SDL_Texture* p) const { SDL_DestroyTexture(p); }
};

class WindowOutlet final : public Outlet {
  public:
    explicit WindowOutlet(const Format& format) {
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
        SDL_ShowCursor(SDL_DISABLE);  // a spot is watched, not clicked
        open_sound();
    }
    ~WindowOutlet() override {
        if (device_) SDL_CloseAudioDevice(device_);
        texture_.reset();
        renderer_.reset();
        window_.reset();
        SDL_Quit();
    }

    void show(const Picture& p, std::span<const float> samples, std::int64_t frame) override {
        SDL_UpdateYUVTexture(texture_.get(), nullptr, p.y.data(), p.width, p.u.data(), p.width / 2,
                             p.v.data(), p.width / 2);
        SDL_RenderClear(renderer_.get());
        SDL_RenderCopy(renderer_.get(), texture_.get(), nullptr, nullptr);
        SDL_RenderPresent(renderer_.get());
        if (device_) queue_sound(samples);
        ++shown_;
        if (!is_visible()) frames_.lose(frame, frame + 1);
        frames_.settle_before(frame + 1);
        for (SDL_Event event; SDL_PollEvent(&event);) {
            const bool escape = event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_ESCAPE;
            closed_ = closed_ || event.type == SDL_QUIT || escape;
        }
    }
    void finish() override {}
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const override { return frames_.fate_of(frame); }
    [[nodiscard]] Evidence evidence() const override {
        return {{"window_visible", std::string(is_visible() ? "yes" : "no")},
                {"frames_presented", shown_},
                {"sound_device", std::string(device_ ? "yes" : "no")},
                {"sound_gaps", underruns_}};
    }
    [[nodiscard]] bool is_closed() override { return closed_; }

  private:
    static constexpr Uint16 block = 1024;  ///< sample frames in one device period

    [[nodiscard]] bool is_visible() const {
        return (SDL_GetWindowFlags(window_.get()) & (SDL_WINDOW_HIDDEN | SDL_WINDOW_MINIMIZED)) == 0;
    }
    /// The sound queued at the device is its delay behind the picture. After an underrun a block of silence
    /// is queued first, so that the next frame's sound comes in time. While the queue is too long, sound is
    /// dropped until it is in step again.
    void queue_sound(std::span<const float> samples) {
        constexpr Uint32 sample_size = 2 * sizeof(float);
        const auto frame_size = static_cast<Uint32>(samples.size_bytes());
        const auto waiting = SDL_GetQueuedAudioSize(device_);
        if (waiting > block * sample_size + 3 * frame_size) dropping_ = true;
        if (waiting <= block * sample_size + frame_size) dropping_ = false;
        if (dropping_) return;
        if (waiting == 0) {
            static constexpr std::array<float, std::size_t{2} * block> silence{};
            SDL_QueueAudio(device_, silence.data(), block * sample_size);
            underruns_ += shown_ > 0;
        }
        SDL_QueueAudio(device_, samples.data(), frame_size);
    }
    void open_sound() {
        if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return;
        SDL_AudioSpec spec{};
        spec.freq = sample_rate;
        spec.format = AUDIO_F32SYS;
        spec.channels = 2;
        spec.samples = block;
        device_ = SDL_OpenAudioDevice(nullptr, 0, &spec, nullptr, 0);
        if (device_) SDL_PauseAudioDevice(device_, 0);
    }

    std::unique_ptr<SDL_Window, SdlFree> window_;
    std::unique_ptr<SDL_Renderer, SdlFree> renderer_;
    std::unique_ptr<SDL_Texture, SdlFree> texture_;
    SDL_AudioDeviceID device_ = 0;
    FateLedger frames_;
    std::int64_t shown_ = 0, underruns_ = 0;
    bool dropping_ = false;
    bool closed_ = false;
};

}  // namespace

std::unique_ptr<Outlet> make_window_outlet(const Format& format) {
    return std::make_unique<WindowOutlet>(format);
}

}  // namespace riverlight::player
