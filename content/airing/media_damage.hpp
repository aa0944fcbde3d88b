#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// What a record says of a media file that was found damaged while its airing was prepared or on.
namespace riverlight::content {

enum class MediaFault : std::uint8_t {
    altered,     ///< its bytes are not those of the release, which were verified when it arrived
    unreadable,  ///< the disk does not return them
};
[[nodiscard]] std::string_view to_text(MediaFault fault);
[[nodiscard]] std::optional<MediaFault> parse_media_fault(std::string_view text);

struct MediaDamage {
    MediaFault fault = MediaFault::altered;
    std::string file;  ///< name in the store, `<sha256>.<ext>`
    friend bool operator==(const MediaDamage&, const MediaDamage&) = default;
};

/// A record's evidence of it: `media_fault`, `media_file`. An airing that has it and is `aired` was shown
/// from bytes that were read and verified before the file was altered.
void write_damage(const MediaDamage& damage, std::map<std::string, std::string>& evidence);
/// Nothing for records without it, or with a fault that this version does not know.
[[nodiscard]] std::optional<MediaDamage> read_damage(const std::map<std::string, std::string>& evidence);

}  // namespace riverlight::content
