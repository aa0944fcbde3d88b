#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "player/source/source.hpp"
#include "player/text/subtitles.hpp"

namespace riverlight::player {

/// Draws subtitles and strap, once for each change: pieces that show the same text share one overlay. One
/// thread. Throws Error where the subtitles cannot be read.
class TextOverlays {
  public:
    /// `spec` outlives this object.
    explicit TextOverlays(const SourceSpec& spec);
    /// Height that the strap takes at the canvas's bottom, with the space above it; 0: there is none.
    [[nodiscard]] int lift() const { return lift_; }
    /// Keeps subtitles out of so many columns at the right. Call it before the first add_to().
    void reserve_right_columns(int columns) {
        if (engine_) engine_->reserve_right_columns(columns);
    }
    /// Sets strap, crawl and subtitle of the item's frame `n`, counted from its start. Call it in rising
    /// order; frames may be left out.
    void add_to(std::int64_t n, Piece& piece);

  private:
    void draw_strap();
    void load_pages(std::chrono::milliseconds at);
    [[nodiscard]] Overlay draw(const SubtitleDisplaySet& set) const;

    const SourceSpec& spec_;
    std::optional<TextEngine> engine_;
    std::shared_ptr<const Overlay> strap_, drawn_;
    std::shared_ptr<const Crawl> crawl_;
    int lift_ = 0;
    std::vector<SubtitleDisplaySet> sets_;
    std::size_t next_ = 0;                  ///< of sets_
    std::deque<SubtitleDisplaySet> pages_;  ///< of the set that is shown
};

}  // namespace riverlight::player
