#pragma once
#include <string_view>

#include "player/text/engine.hpp"
#include "player/text/text_canvas.hpp"

/// TextEngine's lower thirds, slate and cards; see engine.hpp. Only player/text includes this.
namespace riverlight::player {

[[nodiscard]] Overlay draw_lower_third(const TextCanvas& canvas, std::string_view name, std::string_view role,
                                       std::string_view locale, TextReport* report);
[[nodiscard]] Overlay draw_slate(const TextCanvas& canvas, std::string_view label, std::string_view number,
                                 std::string_view locale, TextReport* report);
[[nodiscard]] Overlay draw_card(const TextCanvas& canvas, std::string_view heading, std::string_view body,
                                std::string_view locale, const CardStyle& style, bool image_behind,
                                TextReport* report);

}  // namespace riverlight::player
