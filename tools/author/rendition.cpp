#include "tools/author/rendition.hpp"

#include <algorithm>

#include "content/base/error.hpp"
#include "player/canvas/canvas.hpp"
#include "player/source/media.hpp"

namespace riverlight::author {
namespace {

using player::Source;

/// Composes the source once, frame by frame.
class Composition {
  public:
    Composition(const RenditionSource& source, const player::Profile& profile)
        : samples_(source.samples),
          a_frame_(static_cast<std::size_t>(profile.format.samples_a_frame()) * 2),
          canvas_(player::black(profile.format.width, profile.format.height)) {
        player::SourceSpec spec;
        spec.media.picture = source.picture;
        spec.media.subtitles = source.subtitles;
        spec.media.locale = source.locale;
        if (!source.strap.empty() || !source.hotline.empty())
            spec.media.strap = player::Strap{source.strap, source.hotline, source.crawl};
        spec.format = profile.format;
        spec.author_formats = true;
        spec.segmented = source.segmented;
        if (!source.sign.empty()) spec.media.sign = player::Sign{source.sign, ""};
        spec.frames = source.duration.count() * profile.coding.rate.num / (1000 * profile.coding.rate.den);
        source_ = player::open_media(spec);
    }
    bool next(player::Picture& picture, player::Samples& samples) {
        player::Piece piece;
        auto taken = source_->take(piece);
        if (taken == Source::Take::waiting) {
            source_->wait_unless_stuck();
            taken = source_->take(piece);
        }
        if (taken == Source::Take::ended) return false;
        if (taken == Source::Take::failed) throw Error(source_->error());
        if (taken == Source::Take::waiting) throw Error("its decoder is stuck");
        // If the pictures end a frame before the sound, repeat the last picture.
        if (!piece.picture) piece.picture = last_;
        last_ = piece.picture;
        picture = canvas_.compose(piece);
        const auto from = std::min(samples_.size(), at_ * a_frame_),
                   to = std::min(samples_.size(), from + a_frame_);
        samples.assign(samples_.begin() + static_cast<std::ptrdiff_t>(from),
                       samples_.begin() + static_cast<std::ptrdiff_t>(to));
        ++at_;
        return true;
    }

  private:
    const player::Samples& samples_;
    std::size_t a_frame_, at_ = 0;
    player::Canvas canvas_;
    std::shared_ptr<player::Picture> last_;  // as the source returned it
    std::unique_ptr<Source> source_;
};

}  // namespace

player::RenditionFacts make_rendition_of(const RenditionSource& source, const player::Profile& profile,
                                         const std::string& path) {
    return player::make_rendition(path, profile, [&]() -> player::NextFrame {
        // shared_ptr: std::function copies the lambda.
        const auto run = std::make_shared<Composition>(source, profile);
        return
            [run](player::Picture& picture, player::Samples& samples) { return run->next(picture, samples); };
    });
}

}  // namespace riverlight::author
