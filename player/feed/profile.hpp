#pragma once
#include <span>
#include <string>
#include <string_view>

#include "player/av/ts_writer.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// A kind of feed that TV partners take: one row of the table.
struct Profile {
    std::string_view name;
    Format format;
    std::int64_t video_bit_rate, audio_bit_rate, mux_rate;
};
[[nodiscard]] std::span<const Profile> profiles();
/// Throws Error that names the known ones.
[[nodiscard]] const Profile& profile_named(std::string_view name);

}  // namespace riverlight::player
