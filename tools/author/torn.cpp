#include "tools/author/torn.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "content/base/error.hpp"
#include "tools/author/container_end.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Declared and decoded lengths differ by less in whole files: priming, padding, a last picture's length. A
/// file that was cut off misses something, be it a picture or a piece of sound.
constexpr microseconds length_slack = 150ms, cut_slack = 5ms;
constexpr std::string_view look = "look whether the end is complete, or export it again";

std::string seconds_text(microseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", std::chrono::duration<double>(time).count());
    return text;
}

/// `its last picture ends at 1.88 s and its last sound at 1.68 s`.
std::string ends_text(const DecodedEnd& decoded) {
    const bool picture = decoded.pictures > 0s, sound = decoded.sound > 0s;
    std::string text;
    if (picture) text = "its last picture ends at " + seconds_text(decoded.pictures);
    if (sound)
        text +=
            (picture ? " and its last sound at " : "its last sound ends at ") + seconds_text(decoded.sound);
    return text;
}

bool is_too_much(microseconds missing, microseconds declared) {
    return missing > std::max<microseconds>(1s, declared / 20);
}

[[noreturn]] void refuse(const std::string& path, const std::string& what, microseconds declared,
                         const std::string& ends) {
    throw Error(path + ": says that " + what + " lasts " + seconds_text(declared) + ", and " + ends +
                "; the file is torn: copy or export it again, whole");
}

/// Notes that `what` ends before the file says it does, by more than `slack`.
void add_missing(std::vector<quality::SegmentFinding>& findings, const std::string& path,
                 const std::string& what, microseconds declared, microseconds decoded, microseconds slack) {
    const auto missing = declared - decoded;
    if (missing <= slack) return;
    if (is_too_much(missing, declared))
        refuse(path, "its " + what, declared, "it ends after " + seconds_text(decoded));
    findings.push_back({quality::Defect::torn, "",
                        "the last " + seconds_text(missing) + " of its " + what +
                            " are missing: it ends at " + seconds_text(decoded) + " of " +
                            seconds_text(declared),
                        false, quality::Stretch{floor<milliseconds>(decoded), floor<milliseconds>(declared)},
                        std::string(look)});
}

/// Of a file that says how long it is, and of none of its streams.
void add_missing_of_all(std::vector<quality::SegmentFinding>& findings, const std::string& path,
                        microseconds declared, const DecodedEnd& decoded, microseconds slack) {
    const auto last = std::max(decoded.pictures, decoded.sound);
    if (declared - last <= slack) return;
    if (is_too_much(declared - last, declared)) refuse(path, "it", declared, ends_text(decoded));
    findings.push_back({quality::Defect::torn, "",
                        "the last " + seconds_text(declared - last) + " are missing: " + ends_text(decoded) +
                            " of " + seconds_text(declared),
                        false, quality::Stretch{floor<milliseconds>(last), floor<milliseconds>(declared)},
                        std::string(look)});
}

}  // namespace

bool says_its_length(const std::string& container) {
    constexpr std::array<std::string_view, 5> silent{"mpegts", "mpeg", "ogg", "aac", "amr"};
    return std::find(silent.begin(), silent.end(), container) == silent.end();
}

std::optional<std::uint64_t> missing_bytes(const std::string& path) {
    return container_end(path).missing;
}

std::optional<std::string> torn_text(const std::string& path) {
    try {
        if (const auto missing = missing_bytes(path))
            return path + ": is cut off: its container announces " + std::to_string(*missing) +
                   " bytes more; copy or export it again, whole";
    } catch (const Error&) {
        // Whoever could not open the file says why.
    }
    return {};
}

std::vector<quality::SegmentFinding> torn_findings(const std::string& path, const player::StreamFacts& facts,
                                                   const DecodedEnd& decoded) {
    const auto end = container_end(path);
    const bool cut = end.missing || decoded.within_a_piece;
    const auto slack = cut ? cut_slack : length_slack;
    std::vector<quality::SegmentFinding> findings;
    microseconds declared{};
    if (end.length) {  // libav says it of each stream, from where that stream begins
        declared = *end.length;
        add_missing_of_all(findings, path, declared, decoded, slack);
    } else if (says_its_length(facts.container)) {
        declared = facts.duration;
        add_missing(findings, path, "picture", facts.picture_end, decoded.pictures, slack);
        add_missing(findings, path, "sound", facts.sound_end, decoded.sound, slack);
        if (facts.picture_end == 0s && facts.sound_end == 0s)
            add_missing_of_all(findings, path, declared, decoded, slack);
    }
    if (!findings.empty() || !cut) return findings;
    findings.push_back(
        {quality::Defect::torn, "",
         "is cut off: " + ends_text(decoded) +
             (declared > 0s ? " of " + seconds_text(declared) : "; how much followed it does not say"),
         false, std::nullopt, std::string(look)});
    return findings;
}

}  // namespace riverlight::author
