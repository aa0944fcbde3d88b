#include "tools/quality/finding.hpp"

#include <cstdio>

namespace riverlight::quality {

std::string clock_text(std::chrono::milliseconds at) {
    const auto ms = static_cast<long long>(at.count());
    char text[48];
    std::snprintf(text, sizeof text, "%lld:%02lld.%02lld", ms / 60'000, ms / 1000 % 60, ms / 10 % 100);
    return text;
}

std::string clock_text(const Stretch& stretch) {
    return clock_text(stretch.from) + " to " + clock_text(stretch.until);
}

std::string sentence(const SegmentFinding& finding) {
    return (finding.when ? clock_text(*finding.when) + ": " : std::string{}) + finding.what +
           (finding.remedy.empty() ? std::string{} : "; " + finding.remedy);
}

}  // namespace riverlight::quality
