#include <optional>
#include <utility>

#include "player/av/conform.hpp"
#include "player/av/demux.hpp"
#include "player/av/resample.hpp"

namespace riverlight::player {

using namespace av;

struct Reader::State {
    State(const std::string& path, Want want, int width, int height, const Picking& picked,
          const MediaLimits& limits)
        : file(path, want, limits),
          picking(picked),
          entry(picked.from_the_beginning() ? Ratio{}
                                            : reduced(picked.first * picked.rate.den, picked.rate.num)),
          conform(path, width, height),
          resample(path, entry) {
        file.enter(entry);
    }

    Demux file;
    Picking picking;
    Ratio entry;  ///< where this reader begins, in seconds from the file's origin
    Conform conform;
    Resample resample;
    std::int64_t pictures = 0;
    Handle<AVFrame> held;  ///< decoded, until the next one tells whether any outlet frame shows it
    int passed_over = 0;

    Handle<AVFrame> decoded_picture();
    Handle<AVFrame> wanted_picture();
    [[nodiscard]] std::int64_t frame_of(const AVFrame& picture) const;
    [[nodiscard]] bool shown(const AVFrame& frame, const AVFrame& next) const;
};

/// The next decoded picture, with its time; null at the end.
Handle<AVFrame> Reader::State::decoded_picture() {
    auto frame = file.next(file.picture);
    if (!frame) return frame;
    frame->pts = frame->best_effort_timestamp;
    if (frame->pts == AV_NOPTS_VALUE) {
        const auto rate = file.facts().frame_rate;
        const AVRational a_picture{static_cast<int>(rate.den), static_cast<int>(rate.num)};
        frame->pts =
            rate.num > 0 ? av_rescale_q(pictures, a_picture, file.picture.stream->time_base) : pictures;
    }
    ++pictures;
    return frame;
}

std::int64_t Reader::State::frame_of(const AVFrame& picture) const {
    return picking.frame_of(file.seconds(picture.pts, file.picture));
}

/// Whether any outlet frame shows `frame`, which `next` follows. A deinterlacer looks at every picture.
bool Reader::State::shown(const AVFrame& frame, const AVFrame& next) const {
    if (frame.interlaced_frame || conform.interlaced()) return true;
    const auto until = frame_of(next);
    return frame_of(frame) < until && until > picking.first;
}

/// The next picture to convert; null at the end.
Handle<AVFrame> Reader::State::wanted_picture() {
    if (picking.rate.num == 0) return decoded_picture();
    if (!held) held = decoded_picture();
    while (held) {
        auto next = decoded_picture();
        const bool wanted = !next || shown(*held, *next);
        auto done = std::exchange(held, std::move(next));
        if (wanted) return done;
        passed_over += frame_of(*done) >= picking.first;
    }
    return nullptr;
}

std::optional<Reader::VideoFrame> Reader::next_picture() {
    auto& s = *state_;
    if (!s.file.picture.stream) return {};
    for (;;) {
        if (auto done = s.conform.next())
            return VideoFrame{s.file.seconds(done->pts, done->base), std::move(done->picture),
                              std::exchange(s.passed_over, 0)};
        if (s.conform.finished()) return {};
        if (const auto frame = s.wanted_picture()) {
            s.conform.take(*frame, s.file.picture.stream->time_base);
        } else if (!s.conform.finish()) {
            if (s.pictures == 0) s.file.fail("no picture of it can be decoded; it is broken or cut off");
            return {};
        }
    }
}

Samples Reader::next_samples() {
    auto& s = *state_;
    if (!s.file.sound.stream) return {};
    for (;;) {
        const auto frame = s.file.next(s.file.sound);
        if (!frame) return s.resample.finish();
        std::optional<Ratio> at;
        if (frame->best_effort_timestamp != AV_NOPTS_VALUE)
            at = s.file.seconds(frame->best_effort_timestamp, s.file.sound);
        auto out = s.resample.take(*frame, at ? &*at : nullptr);
        if (!out.empty()) return out;
    }
}

std::int64_t Picking::frame_of(Ratio pts) const {
    // A picture is due at frame n where pts × rate ≤ n + 2/5; the least such n.
    const auto above = 5 * pts.num * rate.num - 2 * pts.den * rate.den, below = 5 * pts.den * rate.den;
    return above / below + (above % below > 0);
}

Reader::Reader(const std::string& path, Want want, int width, int height, const Picking& picking,
               const MediaLimits& limits) {
    av_log_set_level(AV_LOG_QUIET);  // what goes wrong is said by exceptions and counters
    state_ = std::make_unique<State>(path, want, width, height, picking, limits);
}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const StreamFacts& Reader::facts() const {
    return state_->file.facts();
}

std::int64_t Reader::corrupt() const {
    return state_->file.corrupt();
}

}  // namespace riverlight::player
