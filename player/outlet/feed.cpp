#include "player/av/ts_writer.hpp"
#include "player/feed/profile.hpp"
#include "player/feed/restamp.hpp"
#include "player/feed/sender.hpp"
#include "player/outlet/outlet.hpp"

namespace riverlight::player {
namespace {

std::unique_ptr<StreamSink> make_sink(const std::string& spec, const Profile& profile) {
    if (spec.starts_with("udp://")) return std::make_unique<UdpSink>(spec.substr(6), profile.mux_rate);
    return std::make_unique<FileSink>(spec.substr(5));
}

/// A TV partner's transport stream: encoded, multiplexed, moved onto the feed's own time line, sent.
class Feed final : public Outlet {
  public:
    explicit Feed(const OutletOptions& options)
        : profile_(profile_named(options.profile.empty() ? "720p25" : options.profile)),
          sink_(make_sink(options.spec, profile_)),
          memory_(options.state),
          first_(memory_.frame_at(options.now, profile_.format.rate.num / profile_.format.rate.den)),
          restamper_(memory_, first_ * 90'000 * profile_.format.rate.den / profile_.format.rate.num),
          writer_(ts_options(), [this](auto packets) { pass(packets); }) {}

    void show(const Picture& picture, std::span<const float> samples, std::int64_t frame) override {
        writer_.add(picture, samples);
        memory_.passed(first_ + frame);
    }
    void finish() override {
        writer_.finish();
        sink_->finish();
    }
    [[nodiscard]] std::map<std::string, std::string> evidence() const override { return sink_->evidence(); }

  private:
    [[nodiscard]] TsOptions ts_options() const {
        TsOptions o;
        o.width = profile_.format.width;
        o.height = profile_.format.height;
        o.frame_rate = profile_.format.rate;
        o.video_bit_rate = profile_.video_bit_rate;
        o.audio_bit_rate = profile_.audio_bit_rate;
        o.mux_rate = profile_.mux_rate;
        return o;
    }
    void pass(std::span<const std::uint8_t> packets) {
        packets_.assign(packets.begin(), packets.end());
        restamper_.restamp(packets_);
        sink_->write(packets_);
    }

    const Profile& profile_;
    std::unique_ptr<StreamSink> sink_;
    FeedMemory memory_;
    std::int64_t first_;
    Restamper restamper_;
    std::vector<std::uint8_t> packets_;
    TsWriter writer_;
};

}  // namespace

std::unique_ptr<Outlet> make_feed(const OutletOptions& options) {
    return std::make_unique<Feed>(options);
}

}  // namespace riverlight::player
