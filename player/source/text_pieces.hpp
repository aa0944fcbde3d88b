#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "player/source/source.hpp"
#include "player/text/subtitles.hpp"

namespace riverlight::player {

/// Draws what lies over the picture, on the source's thread, once for each change: as long as the same words
/// are on, every piece has the same overlay. Needs `spec` for as long as it lives. Throws Error where the
/// subtitles cannot be read.
class TextPieces {
  public:
    explicit TextPieces(const SourceSpec& spec);
    /// What the strap takes of the canvas's bottom, with the space above it; 0: there is none.
    [[nodiscard]] int lift() const { return lift_; }
    /// Subtitles stay out of so many columns at the right. Before the first lay().
    void keep_free_at_right(int columns) {
        if (engine_) engine_->keep_free_at_right(columns);
    }
    /// Sets strap and subtitle of the item's frame `n`, from its own start; frames come in rising order, any
    /// may be left out.
    void lay(std::int64_t n, Piece& piece);

  private:
    void draw_strap();
    void turn_page(std::chrono::milliseconds at);
    [[nodiscard]] Overlay draw(const SubtitleMoment& moment) const;

    const SourceSpec& spec_;
    std::optional<TextEngine> engine_;
    std::shared_ptr<const Overlay> strap_, drawn_;
    std::shared_ptr<const Crawl> crawl_;
    int lift_ = 0;
    std::vector<SubtitleMoment> coming_;
    std::size_t next_ = 0;
    std::deque<SubtitleMoment> pages_;  // of the moment that is on
};

}  // namespace riverlight::player
