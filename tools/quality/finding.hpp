#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

/// What weighing a segment finds, for people.
namespace riverlight::quality {

/// From the segment's first picture on; half-open.
struct Stretch {
    std::chrono::milliseconds from{}, until{};
    bool operator==(const Stretch&) const = default;
};

/// `refused` stops a build, the rest is for a person to weigh.
struct Finding {
    std::string where, what;
    bool refused = true;
    std::optional<Stretch> when;
    std::string remedy;  ///< what to do; empty where `what` says so
};

/// Minutes, seconds and hundredths: "0:03.20".
[[nodiscard]] std::string clock_text(std::chrono::milliseconds at);
/// "0:03.20 to 0:04.60".
[[nodiscard]] std::string clock_text(const Stretch& stretch);
/// All of it but `where`, as one sentence.
[[nodiscard]] std::string sentence(const Finding& finding);

}  // namespace riverlight::quality
