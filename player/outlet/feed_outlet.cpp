#include "player/outlet/feed_outlet.hpp"

#include "player/av/key_picture.hpp"
#include "player/feed/feed.hpp"
#include "player/feed/output.hpp"
#include "player/feed/pacer.hpp"

namespace riverlight::player {
namespace {

std::vector<std::unique_ptr<Output>> make_outputs(const OutletOptions& options, const Profile& profile) {
    const auto& c = profile.coding;
    const FeedFacts facts{profile.mux_rate,
                          std::chrono::milliseconds(1000LL * c.gop * c.rate.den / c.rate.num)};
    std::vector<std::unique_ptr<Output>> outputs;
    outputs.reserve(options.outputs.size());
    for (const auto& text : options.outputs) {
        const auto spec = parse_output(text);
        outputs.push_back(options.live ? make_live_output(spec, facts) : make_direct_output(spec, facts));
    }
    return outputs;
}

Service service_of(const FeedNames& names) {
    Service service;
    service.name = names.service;
    service.provider = names.provider;
    service.network = names.network;
    if (!names.local_time.empty()) service.local_time = parse_local_time(names.local_time);
    return service;
}

class FeedOutlet final : public Outlet {
  public:
    explicit FeedOutlet(const OutletOptions& o)
        : profile_(profile_named(o.profile.empty() ? "720p25" : o.profile)),
          pacer_(make_outputs(o, profile_), o.live ? Pacer::Mode::live : Pacer::Mode::unpaced),
          feed_({profile_, service_of(o.names), o.state, o.now}, pacer_) {}

    void show(const Picture& picture, std::span<const float> samples, std::int64_t) override {
        feed_.show(picture, samples);
    }
    void splice(const CodedFrame& frame, std::int64_t) override { feed_.splice(frame); }
    void set_language(LanguageCode language) override { feed_.set_language(language); }
    void set_guide(const Guide& guide) override { feed_.set_guide(guide); }
    void add_avail(std::int64_t event, std::int64_t first, std::int64_t frames) override {
        feed_.add_avail(event, first, frames);
    }
    void set_frame_time(std::int64_t frame, std::chrono::steady_clock::time_point due,
                        Instant seen) override {
        feed_.set_frame_time(frame, due, seen);
    }
    void finish() override { feed_.finish(); }
    [[nodiscard]] Lead lead() const override { return {feed_.frames_ahead(), feed_.delay()}; }
    [[nodiscard]] std::optional<Picture> decode_preview(const CodedFrame& frame) const override {
        return frame.key ? decode_key_picture(frame.video, profile_.coding) : std::nullopt;
    }
    [[nodiscard]] Evidence evidence() const override { return feed_.evidence(); }
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const override { return feed_.fate_of(frame); }
    [[nodiscard]] std::vector<OutputState> outputs() const override { return feed_.outputs(); }
    [[nodiscard]] std::string alarm() const override { return feed_.alarm(); }

  private:
    Profile profile_;
    Pacer pacer_;
    Feed feed_;
};

}  // namespace

std::unique_ptr<Outlet> make_feed_outlet(const OutletOptions& options) {
    return std::make_unique<FeedOutlet>(options);
}

}  // namespace riverlight::player
