#include "player/feed/feed.hpp"

#include "player/outlet/outlet.hpp"

namespace riverlight::player {
namespace {

std::unique_ptr<StreamSink> make_sink(const std::string& spec, const Profile& profile) {
    if (spec.starts_with("udp://")) return std::make_unique<UdpSink>(spec.substr(6), profile.mux_rate);
    return std::make_unique<FileSink>(spec.substr(5));
}

class FeedOutlet final : public Outlet {
  public:
    explicit FeedOutlet(const OutletOptions& options)
        : profile_(profile_named(options.profile.empty() ? "720p25" : options.profile)),
          sink_(make_sink(options.spec, profile_)),
          feed_({profile_, {}, options.state, options.now}, *sink_) {}

    void show(const Picture& picture, std::span<const float> samples, std::int64_t) override {
        feed_.show(picture, samples);
    }
    void splice(const CodedFrame& frame, std::int64_t) override { feed_.splice(frame); }
    void guide(const Guide& guide) override { feed_.set_guide(guide); }
    void avail(std::int64_t event, std::int64_t first, std::int64_t frames) override {
        feed_.add_avail(event, first, frames);
    }
    void finish() override { feed_.finish(); }
    [[nodiscard]] Lead lead() const override { return {feed_.frames_ahead(), feed_.delay()}; }
    [[nodiscard]] std::optional<Picture> preview(const CodedFrame& frame) const override {
        return frame.key ? decode_key(frame.video, profile_.coding) : std::nullopt;
    }
    [[nodiscard]] std::map<std::string, std::string> evidence() const override { return feed_.evidence(); }
    [[nodiscard]] std::string alarm() const override { return feed_.alarm(); }

  private:
    Profile profile_;
    std::unique_ptr<StreamSink> sink_;
    Feed feed_;
};

}  // namespace

std::unique_ptr<Outlet> make_feed(const OutletOptions& options) {
    return std::make_unique<FeedOutlet>(options);
}

}  // namespace riverlight::player
