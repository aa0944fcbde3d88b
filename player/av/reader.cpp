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
        : file(path, want, limits, limits.machine ? &this_machine() : nullptr),
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
    Handle<AVFrame> held;  ///< decoded, until the next one tells whether any outlet frame shows it
    int passed_over = 0;
    std::shared_ptr<Spares> spares;

    Handle<AVFrame> wanted_picture();
    [[nodiscard]] std::int64_t frame_of(const AVFrame& picture) const;
    [[nodiscard]] bool shown(const AVFrame& frame, const AVFrame& next) const;
    [[nodiscard]] bool surely_shown(const AVFrame& frame) const;
};

std::int64_t Reader::State::frame_of(const AVFrame& picture) const {
    return picking.frame_of(file.seconds(picture.pts, file.picture));
}

/// Whether any outlet frame shows `frame`, which `next` follows. A deinterlacer looks at every picture.
bool Reader::State::shown(const AVFrame& frame, const AVFrame& next) const {
    if (frame.interlaced_frame || conform.interlaced()) return true;
    const auto until = frame_of(next);
    return frame_of(frame) < until && until > picking.first;
}

/// Whether it is by its own word: the next picture, which takes as much memory, need not be looked at first.
bool Reader::State::surely_shown(const AVFrame& frame) const {
    if (frame.interlaced_frame || conform.interlaced()) return true;
    if (frame.pkt_duration <= 0) return false;
    const auto until = picking.frame_of(file.seconds(frame.pts + frame.pkt_duration, file.picture));
    return frame_of(frame) < until && until > picking.first;
}

/// The next picture to convert; null at the end.
Handle<AVFrame> Reader::State::wanted_picture() {
    if (picking.rate.num == 0) return file.next_picture();
    if (!held) held = file.next_picture();
    if (held && surely_shown(*held)) return std::exchange(held, nullptr);
    while (held) {
        auto next = file.next_picture();
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
        if (auto done = s.conform.next(s.spares.get()))
            return VideoFrame{s.file.seconds(done->pts, done->base), std::move(done->picture),
                              std::exchange(s.passed_over, 0)};
        if (s.conform.finished()) return {};
        if (const auto frame = s.wanted_picture()) {
            s.conform.take(*frame, s.file.picture.stream->time_base);
        } else if (!s.conform.finish()) {
            return {};
        }
    }
}

Samples Reader::next_samples() {
    return next_of(state_->file, state_->resample);
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

void Reader::use(std::shared_ptr<Spares> spares) {
    state_->spares = std::move(spares);
}

std::int64_t Reader::corrupt() const {
    return state_->file.corrupt();
}

std::string Reader::machine() const {
    return state_->file.machine();
}

const std::string& Reader::given_up() const {
    return state_->file.given_up();
}

}  // namespace riverlight::player
