#pragma once
#include <optional>
#include <string_view>

#include "player/text/crawl.hpp"
#include "player/text/text_canvas.hpp"

/// TextEngine's hotline straps; see engine.hpp. Only player/text includes this.
namespace riverlight::player {

[[nodiscard]] Overlay draw_strap(const TextCanvas& canvas, std::string_view label, std::string_view number,
                                 std::string_view locale, TextReport* report);
[[nodiscard]] std::optional<CrawlingStrap> draw_crawling_strap(const TextCanvas& canvas,
                                                               std::string_view label,
                                                               std::string_view number,
                                                               std::string_view locale, const CrawlRate& rate,
                                                               TextReport* report);

}  // namespace riverlight::player
