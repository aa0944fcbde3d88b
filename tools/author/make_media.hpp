#pragma once
#include <chrono>
#include <string>

#include "tools/author/build_folder.hpp"
#include "tools/author/rung.hpp"

/// Makes a segment's media files, one function for each kind. Each reuses the file of an earlier build if its
/// inputs are the same, and returns the file's hash. `duration` is the segment's.
namespace riverlight::author {

/// Decodes the source's video and encodes its pictures, which all languages share.
[[nodiscard]] std::string make_video_picture(BuildFolder& folder, const KnownFilm& film);
/// Draws the source's cards in one language and encodes them.
[[nodiscard]] std::string make_cards_picture(BuildFolder& folder, const Wording& words,
                                             const std::string& locale);
/// Encodes a ladder's picture from the source that `picture_key` identifies. `locale`: `all` for a video.
[[nodiscard]] std::string make_rung(BuildFolder& folder, const Rung& rung, const std::string& picture_key,
                                    const std::string& locale, KnownFilm film);
/// Levels and encodes the sound of the file `from`. Empty if it has none. `name` is for messages and
/// temporary files.
[[nodiscard]] std::string make_sound(BuildFolder& folder, const std::string& name, const std::string& from,
                                     std::chrono::milliseconds duration);
/// Copies the subtitles as they were written.
[[nodiscard]] std::string make_subtitles(BuildFolder& folder, const std::string& locale,
                                         const std::string& from);
/// Encodes an interpreter's pictures, cut where the segment ends.
[[nodiscard]] std::string make_sign(BuildFolder& folder, const std::string& locale,
                                    const std::string& language, const std::string& from,
                                    std::chrono::milliseconds duration);

/// Measures the encoded sound of `path` and writes its loudness into `facts`; nothing for silence.
void add_loudness(const std::string& path, content::MediaFile& facts);

}  // namespace riverlight::author
