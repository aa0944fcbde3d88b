#pragma once
#include <chrono>
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

/// Something that is wrong with a segment, or may be.
struct Finding {
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
[[nodiscard]] std::string sentence(const Finding& finding);

}  // namespace riverlight::quality
