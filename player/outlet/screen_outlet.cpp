#include "player/outlet/screen_outlet.hpp"

#include "player/screen/alsa.hpp"
#include "player/screen/kms.hpp"
#include "player/screen/loudspeaker.hpp"
#include "player/screen/panel.hpp"
#include "player/screen/screen.hpp"

namespace riverlight::player {
namespace {

using std::chrono::steady_clock;

class ScreenOutlet final : public Outlet {
  public:
    ScreenOutlet(const ScreenSpec& spec, Ratio beat, bool panel_on)
        : screen_(open_kms(spec), spec, beat, panel_on),
          loudspeaker_([name = spec.sound] { return open_alsa(name); }, beat, spec.sound_delay),
          has_sound_(spec.sound != "none"),
          panel_on_(panel_on) {
        if (spec.cec != "none")
            panel_ =
                std::make_unique<PanelThread>(spec.cec, panel_on, [this] { return screen_.connector(); });
    }

    void show(const Picture& picture, std::span<const float> samples, std::int64_t frame) override {
        screen_.show({std::make_shared<const Picture>(picture), {}, {}}, frame);
        play(samples, frame);
    }
    [[nodiscard]] bool has_text_plane() const override { return true; }
    void show_layers(const std::shared_ptr<const Picture>& picture, const Piece& piece,
                     std::int64_t frame) override {
        screen_.show({picture, piece.strap, piece.subtitle}, frame);
        play(piece.samples, frame);
    }
    void set_panel(bool on) override {
        panel_on_ = on;
        screen_.set_panel(on);
        if (panel_) panel_->set_power(on);
    }
    void finish() override {}
    [[nodiscard]] std::optional<SteadyTime> due(std::int64_t frame) const override {
        return screen_.due(frame);
    }
    [[nodiscard]] Evidence evidence() const override {
        auto all = screen_.evidence();
        if (has_sound_) all.merge(loudspeaker_.evidence());
        if (panel_)
            for (const auto& [name, text] : panel_->evidence()) all[name] = text;
        return all;
    }
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const override { return screen_.fate_of(frame); }
    [[nodiscard]] std::string alarm() const override { return screen_.trouble(); }

  private:
    /// A display that is off is silent.
    void play(std::span<const float> samples, std::int64_t frame) {
        if (!has_sound_) return;
        if (!panel_on_) {
            silence_.assign(samples.size(), 0.0F);
            samples = silence_;
        }
        loudspeaker_.play(samples, screen_.due(frame), steady_clock::now());
    }

    Screen screen_;
    Loudspeaker loudspeaker_;
    bool has_sound_, panel_on_;
    std::vector<float> silence_;
    std::unique_ptr<PanelThread> panel_;  // last: its thread asks the screen
};

}  // namespace

Format format_of_screen(const std::string& text) {
    const auto spec = parse_screen_spec(text);
    Format format;
    format.rate = spec.frame_rate;
    format.width = 1920;
    format.height = 1080;
    const auto all = open_kms(spec)->connectors(Display::Probe::full);
    if (const auto* connector = choose_connector(all, spec.connector)) {
        const auto& mode = choose_mode(connector->modes, spec.mode, format.rate);
        format.width = mode.width;
        format.height = mode.height;
    } else if (spec.mode) {
        format.width = spec.mode->width & ~1;
        format.height = spec.mode->height & ~1;
    }
    if (spec.rotate % 180 != 0) std::swap(format.width, format.height);
    return format;
}

std::unique_ptr<Outlet> make_screen_outlet(const std::string& spec, const Format& format, bool panel_on) {
    return std::make_unique<ScreenOutlet>(parse_screen_spec(spec), format.rate, panel_on);
}

}  // namespace riverlight::player
