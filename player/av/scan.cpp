#include "player/av/scan.hpp"

#include <algorithm>
#include <cassert>

#include "player/av/combing.hpp"
#include "player/av/demuxer.hpp"
#include "player/av/picture_converter.hpp"
#include "player/av/resampler.hpp"

namespace riverlight::player {

using namespace av;

namespace {

/// Size of an intermediate picture: 2 × 2 of its pixels make a point of the grid, so that fine patterns are
/// averaged as a viewer's eye does.
constexpr int wide = Grid::width * 2, high = Grid::height * 2;

/// Of a large picture only every third, every fifth … row is read, such that twice as many as needed are
/// left. The step is odd, so that both fields of an interlaced picture count.
int row_step(int height) {
    int step = 1;
    while (height / (step + 2) >= high * 2) step += 2;
    return step;
}

int coefficients_of(ColourSpace::Matrix matrix) {
    switch (matrix) {
        case ColourSpace::Matrix::bt601:
            return SWS_CS_ITU601;
        case ColourSpace::Matrix::bt2020:
            return SWS_CS_BT2020;
        case ColourSpace::Matrix::bt709:
            break;
    }
    return SWS_CS_ITU709;
}

}  // namespace

struct Scan::State {
    State(const std::string& path, const MediaLimits& limits)
        : file(path, Reader::Want::both, limits), resampler(path, {}), fine(std::size_t{wide} * high * 3) {}

    Demuxer file;
    Resampler resampler;
    Handle<AVFrame> shown;
    Handle<SwsContext> sws;
    int width = 0, height = 0, rows = 1;  ///< sws converts pictures of that size, every `rows`th row
    AVPixelFormat format = AV_PIX_FMT_NONE;
    ColourSpace colours;
    std::vector<std::uint8_t> fine;

    void configure(const AVFrame& frame);
    void shrink(const AVFrame& frame, Grid& into);
};

void Scan::State::configure(const AVFrame& frame) {
    const auto found = colour_space_of(frame);
    if (sws && frame.width == width && frame.height == height && frame.format == format && found == colours)
        return;
    colours = found;
    rows = row_step(frame.height);
    sws = made(sws_getContext(frame.width, frame.height / rows, static_cast<AVPixelFormat>(frame.format),
                              wide, high, AV_PIX_FMT_RGB24, SWS_FAST_BILINEAR, nullptr, nullptr, nullptr));
    sws_setColorspaceDetails(sws.get(), sws_getCoefficients(coefficients_of(colours.matrix)),
                             colours.full_range, sws_getCoefficients(SWS_CS_ITU709), 1, 0, 1 << 16, 1 << 16);
    width = frame.width;
    height = frame.height;
    format = static_cast<AVPixelFormat>(frame.format);
}

void Scan::State::shrink(const AVFrame& frame, Grid& into) {
    configure(frame);
    assert(fine.size() == std::size_t{wide} * high * 3);
    std::uint8_t* to[4] = {fine.data(), nullptr, nullptr, nullptr};
    const int strides[4] = {wide * 3, 0, 0, 0};
    int skip[4] = {};
    std::transform(frame.linesize, frame.linesize + 4, skip, [&](int line) { return line * rows; });
    check(sws_scale(sws.get(), frame.data, skip, 0, frame.height / rows, to, strides),
          file.path() + ": its picture cannot be scaled down");
    into.rgb.resize(Grid::points * 3);
    auto* out = into.rgb.data();
    for (int y = 0; y < Grid::height; ++y) {
        const auto* above = fine.data() + std::ptrdiff_t{y} * 2 * wide * 3;
        const auto* below = above + std::ptrdiff_t{wide} * 3;
        for (int x = 0; x < Grid::width; ++x, above += 6, below += 6)
            for (int c = 0; c < 3; ++c)
                *out++ =
                    static_cast<std::uint8_t>((above[c] + above[c + 3] + below[c] + below[c + 3] + 2) / 4);
    }
}

Scan::Scan(const std::string& path, const MediaLimits& limits) {
    av_log_set_level(AV_LOG_QUIET);  // faults are reported by exceptions and counters
    state_ = std::make_unique<State>(path, limits);
}
Scan::~Scan() = default;
Scan::Scan(Scan&&) noexcept = default;

const StreamFacts& Scan::facts() const {
    return state_->file.facts();
}

Ratio Scan::pictures_end() const {
    return state_->file.pictures_end();
}

bool Scan::ends_within_a_piece() const {
    return state_->file.ends_within_a_piece();
}

std::int64_t Scan::corrupt() const {
    return state_->file.corrupt();
}

std::optional<Ratio> Scan::next_picture(Grid& into) {
    auto& s = *state_;
    if (!s.file.picture.stream) return {};
    auto frame = s.file.next_picture();
    if (!frame) return {};
    s.shown = std::move(frame);
    s.shrink(*s.shown, into);
    return s.file.seconds(s.shown->pts, s.file.picture);
}

bool Scan::interlaced() const {
    return state_->shown && state_->shown->interlaced_frame;
}

bool Scan::combed() const {
    return state_->shown && is_combed(*state_->shown);
}

Picture Scan::still(int width, int height) const {
    const auto& s = *state_;
    if (!s.shown) throw Error(s.file.path() + ": has no picture");
    PictureConverter converter(s.file.path(), Size{width, height});
    const auto copy = made(av_frame_clone(s.shown.get()));
    if (copy->interlaced_frame && !is_combed(*copy)) copy->interlaced_frame = 0;
    converter.push(*copy, s.file.picture.stream->time_base);
    static_cast<void>(converter.finish());
    auto converted = converter.next();
    if (!converted) throw Error(s.file.path() + ": one of its pictures cannot be converted");
    return std::move(converted->picture);
}

void Scan::listen(SourceListener listener) {
    state_->resampler.listen(std::move(listener));
}

Samples Scan::next_samples() {
    return av::next_samples(state_->file, state_->resampler);
}

}  // namespace riverlight::player
