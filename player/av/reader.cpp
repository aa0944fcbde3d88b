#include "player/av/reader.hpp"

#include <cassert>
#include <utility>

#include "player/av/demuxer.hpp"
#include "player/av/exact.hpp"
#include "player/av/picture_converter.hpp"
#include "player/av/resampler.hpp"

namespace riverlight::player {

using namespace av;

struct Reader::State {
    State(const std::string& path, Want want, int width, int height, const FrameSelection& selected,
          const MediaLimits& limits)
        : file(path, want, limits, limits.hardware_decoding ? &system_hardware_decoders() : nullptr),
          selection(selected.of_moments()),
          begin(selected.starts_at_beginning()
                    ? Ratio{}
                    : reduced(selected.first * selected.rate.den, selected.rate.num)),
          takes_fields(selected.takes_fields()),
          converter(path, width > 0 ? std::optional(Size{width, height}) : std::nullopt,
                    takes_fields ? Deinterlace::fields : Deinterlace::frames),
          resampler(path, begin) {
        file.seek(begin);
    }

    Demuxer file;
    FrameSelection selection;  ///< of the moments that the outlet shows
    Ratio begin;               ///< where this reader begins, in seconds from the file's origin
    bool takes_fields;         ///< as pictures of their own
    PictureConverter converter;
    Resampler resampler;
    Handle<AVFrame> held;  ///< decoded; the next one decides whether any outlet frame shows it
    int skipped = 0;
    std::shared_ptr<PicturePool> pool;  ///< shared with the pictures that return to it

    Handle<AVFrame> next_selected();
    [[nodiscard]] std::int64_t frame_of(const AVFrame& picture) const;
    [[nodiscard]] bool is_shown(const AVFrame& frame, const AVFrame& next) const;
    [[nodiscard]] bool is_surely_shown(const AVFrame& frame) const;
};

std::int64_t Reader::State::frame_of(const AVFrame& picture) const {
    return selection.frame_of(file.seconds(picture.pts, file.picture));
}

/// Whether any outlet frame shows `frame`, which `next` follows. A deinterlacer needs every picture.
bool Reader::State::is_shown(const AVFrame& frame, const AVFrame& next) const {
    if (frame.interlaced_frame || converter.interlaced()) return true;
    const auto until = frame_of(next);
    return frame_of(frame) < until && until > selection.first;
}

/// Whether the frame's own duration already says that it is shown: then the next picture need not be decoded
/// first, which would take as much memory again.
bool Reader::State::is_surely_shown(const AVFrame& frame) const {
    if (frame.interlaced_frame || converter.interlaced()) return true;
    if (frame.pkt_duration <= 0) return false;
    const auto until = selection.frame_of(file.seconds(frame.pts + frame.pkt_duration, file.picture));
    return frame_of(frame) < until && until > selection.first;
}

/// The next picture to convert; null at the end.
Handle<AVFrame> Reader::State::next_selected() {
    if (selection.rate.num == 0) return file.next_picture();
    if (!held) held = file.next_picture();
    if (held && is_surely_shown(*held)) return std::exchange(held, nullptr);
    while (held) {
        auto next = file.next_picture();
        const bool wanted = !next || is_shown(*held, *next);
        auto done = std::exchange(held, std::move(next));
        if (wanted) return done;
        skipped += frame_of(*done) >= selection.first;
    }
    return nullptr;
}

std::optional<Reader::VideoFrame> Reader::next_picture() {
    auto& s = *state_;
    if (!s.file.picture.stream) return {};
    for (;;) {
        if (auto done = s.converter.next(s.pool.get()))
            return VideoFrame{s.file.seconds(done->pts, done->time_base), std::move(done->picture),
                              std::exchange(s.skipped, 0)};
        if (s.converter.finished()) return {};
        if (const auto frame = s.next_selected()) {
            s.converter.push(*frame, s.file.picture.stream->time_base);
        } else if (!s.converter.finish()) {
            return {};
        }
    }
}

void Reader::listen(SourceListener listener) {
    state_->resampler.listen(std::move(listener));
}

Samples Reader::next_samples() {
    return av::next_samples(state_->file, state_->resampler);
}

std::int64_t FrameSelection::frame_of(Ratio pts) const {
    assert(rate.num > 0 && pts.den > 0);
    // A picture is due at frame n where pts × rate ≤ n + 2/5; the least such n.
    const auto above = Wide{5} * pts.num * rate.num - Wide{2} * pts.den * rate.den;
    const auto below = Wide{5} * pts.den * rate.den;
    return static_cast<std::int64_t>(above / below + (above % below > 0));
}

Reader::Reader(const std::string& path, Want want, int width, int height, const FrameSelection& selection,
               const MediaLimits& limits) {
    av_log_set_level(AV_LOG_QUIET);  // faults are reported by exceptions and counters
    state_ = std::make_unique<State>(path, want, width, height, selection, limits);
}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const StreamFacts& Reader::facts() const {
    return state_->file.facts();
}

void Reader::use_pool(std::shared_ptr<PicturePool> pool) {
    state_->pool = std::move(pool);
}

void Reader::on_packet(std::function<void()> step) {
    state_->file.on_packet(std::move(step));
}

bool Reader::moves_in_fields() const {
    const auto [num, den] = facts().frame_rate;
    return in_fields() || (num >= 40 * den && num <= 125 * den);
}

bool Reader::in_fields() const {
    return state_->takes_fields && state_->converter.interlaced();
}

Ratio Reader::picture_duration() const {
    const auto duration = state_->file.picture_duration();
    return in_fields() ? reduced(duration.num, duration.den * 2) : duration;
}

Ratio Reader::pictures_end() const {
    return state_->file.pictures_end();
}

std::optional<MediaDamage> Reader::finish() {
    return state_->file.finish();
}

bool Reader::ends_within_a_piece() const {
    return state_->file.ends_within_a_piece();
}

std::int64_t Reader::corrupt() const {
    return state_->file.corrupt();
}

std::string Reader::hardware() const {
    return state_->file.hardware();
}

const std::string& Reader::failed_hardware() const {
    return state_->file.failed_hardware();
}

}  // namespace riverlight::player
