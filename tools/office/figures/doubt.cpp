#include "tools/office/figures/doubt.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::office {
namespace {

using content::AiringRecord;
using content::AiringStatus;

/// By the wall clock only where the monotonic one does not say otherwise: the clock may have been set while
/// it was on.
bool ends_before_start(const AiringRecord& r) {
    if (r.planned_start && r.planned_end && *r.planned_end < *r.planned_start) return true;
    if (r.monotonic_start && r.monotonic_end) return *r.monotonic_end < *r.monotonic_start;
    return r.started && r.ended && *r.ended < *r.started;
}

bool is_far_from_plan(const AiringRecord& r) {
    return r.kind == content::RecordKind::airing && r.planned_start && r.started &&
           std::chrono::abs(*r.started - *r.planned_start) > farthest_from_plan;
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool claims_whole_without_evidence(const AiringRecord& r) {
    const bool claims = r.kind == content::RecordKind::airing &&
                        (r.status == AiringStatus::aired || r.status == AiringStatus::substituted);
    return claims && (r.frames == 0 || !is_sha256(r.sha256));
}

}  // namespace

std::string_view to_text(Doubt doubt) {
    switch (doubt) {
        case Doubt::unreadable:
            return "unreadable";
        case Doubt::ends_before_start:
            return "ends-before-start";
        case Doubt::far_from_plan:
            return "far-from-plan";
        case Doubt::future:
            return "future";
        case Doubt::no_evidence:
            return "no-evidence";
        case Doubt::overlap:
            return "overlap";
        case Doubt::over_a_day:
            return "over-a-day";
    }
    assert(false && "a doubt of the enumeration");
    return "";
}

std::optional<Doubt> parse_doubt(std::string_view text) {
    const auto* const found =
        std::find_if(every_doubt.begin(), every_doubt.end(), [&](Doubt one) { return to_text(one) == text; });
    if (found == every_doubt.end()) return std::nullopt;
    return *found;
}

std::string_view describe(Doubt doubt) {
    switch (doubt) {
        case Doubt::unreadable:
            return "cannot be read: it was damaged or edited at the office";
        case Doubt::ends_before_start:
            return "ends before it starts";
        case Doubt::far_from_plan:
            return "says it started more than 400 days from its planned time";
        case Doubt::future:
            return "speaks of a time more than a day after it came";
        case Doubt::no_evidence:
            return "says it aired and names no frame or no file";
        case Doubt::overlap:
            return "says it was on air while another airing was on the same outlet";
        case Doubt::over_a_day:
            return "makes its outlet's day longer than the day is";
    }
    assert(false && "a doubt of the enumeration");
    return "";
}

std::optional<Doubt> doubt_of(const AiringRecord& record, const std::optional<Instant>& started,
                              const std::optional<Instant>& received) {
    if (ends_before_start(record)) return Doubt::ends_before_start;
    if (is_far_from_plan(record)) return Doubt::far_from_plan;
    if (received) {
        const auto latest = *received + farthest_ahead;
        // Corrected times count in place of all that a wrong clock said.
        const bool corrected = started != record.started;
        if (started && *started > latest) return Doubt::future;
        for (const auto& planned : {record.planned_start, record.planned_end})
            if (!corrected && planned && *planned > latest) return Doubt::future;
    }
    if (claims_whole_without_evidence(record)) return Doubt::no_evidence;
    return std::nullopt;
}

}  // namespace riverlight::office
