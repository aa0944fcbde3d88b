#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a check of a segment finds, for people.
namespace riverlight::quality {

/// A part of a segment, counted from its first picture; half-open.
struct Stretch {
    std::chrono::milliseconds from{}, until{};
    bool operator==(const Stretch&) const = default;
};

/// What is wrong with a segment, or may be.
enum class Defect : std::uint8_t {
    unreadable,     ///< a file that cannot be read or decoded
    torn,           ///< a file whose end is missing
    language,       ///< one that is needed is not there
    flashes,        ///< general flashes, Rec. ITU-R BT.1702
    red_flashes,    ///< flashes of saturated red, the same
    black,          ///< a picture
    still,          ///< pictures that do not change
    no_sound,       ///< neither a language nor the video has any
    silence,        ///< sound that cannot be heard
    clipping,       ///< samples at full scale
    more_clipping,  ///< further places of clipping, in one finding
    loud_part,      ///< too loud for the rest, EBU R 128 s1
    peaks,          ///< so high that the whole stays too quiet
    ends_early,     ///< before the pictures do
    ends_late,      ///< after the pictures do
    few_lines,      ///< an interpreter's video
    too_long,       ///< a text that does not fit
    crawl,          ///< a strap that takes longer than the segment
    no_glyph,       ///< a character that no installed font draws
    zawgyi,         ///< Burmese that is converted to Unicode
    mixed_burmese,  ///< Burmese in two encodings
    late_subtitle,  ///< after the pictures end
    unread_line,    ///< of a subtitle file, that no subtitle shows
    unread_file,    ///< of a segment's folder, that nothing reads
    parts,          ///< a subtitle that is shown in parts
    too_quick,      ///< a subtitle that is on too short to be read
    overlap,        ///< two subtitles in one place
    gap,            ///< between two subtitles, that looks like a flicker
};

/// Something that is wrong with a segment, or may be.
struct SegmentFinding {
    Defect defect = Defect::unreadable;
    std::string where, what;
    bool refused = true;  ///< stops a build; else a note for a person to judge
    std::optional<Stretch> when;
    std::string remedy;  ///< what to do; empty if `what` says it
};

/// Minutes, seconds and hundredths: "0:03.20".
[[nodiscard]] std::string clock_text(std::chrono::milliseconds at);
/// "0:03.20 to 0:04.60".
[[nodiscard]] std::string clock_text(const Stretch& stretch);
/// Everything but `where`, as one sentence.
[[nodiscard]] std::string sentence(const SegmentFinding& finding);

}  // namespace riverlight::quality
