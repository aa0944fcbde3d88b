#include "player/av/scan.hpp"

#include <algorithm>

#include "player/av/conform.hpp"
#include "player/av/demux.hpp"
#include "player/av/resample.hpp"

namespace riverlight::player {

using namespace av;

namespace {

/// Two by two of them make a point of the grid: fine patterns are evened out, as a viewer's eye does.
constexpr int wide = Grid::width * 2, high = Grid::height * 2;

/// Which rows of a large picture are looked at: each, each third, each fifth, so that twice as many are left
/// as are needed. Odd, so that both fields of an interlaced picture count.
int row_step(int height) {
    int step = 1;
    while (height / (step + 2) >= high * 2) step += 2;
    return step;
}

int coefficients_of(Colours::Matrix matrix) {
    switch (matrix) {
        case Colours::Matrix::bt601:
            return SWS_CS_ITU601;
        case Colours::Matrix::bt2020:
            return SWS_CS_BT2020;
        case Colours::Matrix::bt709:
            break;
    }
    return SWS_CS_ITU709;
}

}  // namespace

struct Scan::State {
    State(const std::string& path, const MediaLimits& limits)
        : file(path, Reader::Want::both, limits), resample(path, {}), fine(std::size_t{wide} * high * 3) {}

    Demux file;
    Resample resample;
    Handle<AVFrame> shown;
    Handle<SwsContext> sws;
    int of_width = 0, of_height = 0, of_format = -1, rows = 1;
    std::vector<std::uint8_t> fine;

    void configure(const AVFrame& frame);
    void shrink(const AVFrame& frame, Grid& into);
};

void Scan::State::configure(const AVFrame& frame) {
    if (sws && frame.width == of_width && frame.height == of_height && frame.format == of_format) return;
    rows = row_step(frame.height);
    sws = made(sws_getContext(frame.width, frame.height / rows, static_cast<AVPixelFormat>(frame.format),
                              wide, high, AV_PIX_FMT_RGB24, SWS_FAST_BILINEAR, nullptr, nullptr, nullptr));
    const auto colours = colours_of(frame);
    sws_setColorspaceDetails(sws.get(), sws_getCoefficients(coefficients_of(colours.matrix)), colours.full,
                             sws_getCoefficients(SWS_CS_ITU709), 1, 0, 1 << 16, 1 << 16);
    of_width = frame.width;
    of_height = frame.height;
    of_format = frame.format;
}

void Scan::State::shrink(const AVFrame& frame, Grid& into) {
    configure(frame);
    std::uint8_t* to[4] = {fine.data(), nullptr, nullptr, nullptr};
    const int strides[4] = {wide * 3, 0, 0, 0};
    int skip[4] = {};
    std::transform(frame.linesize, frame.linesize + 4, skip, [&](int line) { return line * rows; });
    check(sws_scale(sws.get(), frame.data, skip, 0, frame.height / rows, to, strides),
          file.path() + ": its picture cannot be made small");
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
    av_log_set_level(AV_LOG_QUIET);  // what goes wrong is said by exceptions and counters
    state_ = std::make_unique<State>(path, limits);
}
Scan::~Scan() = default;
Scan::Scan(Scan&&) noexcept = default;

const StreamFacts& Scan::facts() const {
    return state_->file.facts();
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

Picture Scan::still(int width, int height) const {
    const auto& s = *state_;
    if (!s.shown) throw Error(s.file.path() + ": holds no picture");
    Conform conform(s.file.path(), width, height);
    const auto copy = made(av_frame_clone(s.shown.get()));
    conform.take(*copy, s.file.picture.stream->time_base);
    static_cast<void>(conform.finish());
    auto done = conform.next();
    if (!done) throw Error(s.file.path() + ": a picture of it cannot be shown");
    return std::move(done->picture);
}

Samples Scan::next_samples() {
    return next_of(state_->file, state_->resample);
}

}  // namespace riverlight::player
