#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "player/av/coding.hpp"
#include "player/av/picture.hpp"

namespace riverlight::player {

/// Decodes one key picture of a feed, for the monitor image; nothing where it does not decode.
[[nodiscard]] std::optional<Picture> decode_key_picture(std::span<const std::uint8_t> access_unit,
                                                        const Coding& coding);

}  // namespace riverlight::player
