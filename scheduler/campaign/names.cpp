#include <algorithm>
#include <array>
#include <utility>

#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {
namespace {

constexpr std::array<std::pair<BookingKind, std::string_view>, 5> kinds{{{BookingKind::fixed, "fixed"},
                                                                         {BookingKind::rotation, "rotation"},
                                                                         {BookingKind::block, "block"},
                                                                         {BookingKind::takeover, "takeover"},
                                                                         {BookingKind::filler, "filler"}}};
constexpr std::array<std::pair<LateRule, std::string_view>, 3> rules{
    {{LateRule::join, "join"}, {LateRule::skip, "skip"}, {LateRule::make_good, "make_good"}}};

}  // namespace

std::string_view to_text(BookingKind kind) {
    return std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == kind; })->second;
}

std::string_view to_text(LateRule rule) {
    return std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.first == rule; })->second;
}

std::optional<BookingKind> kind_from_text(std::string_view text) {
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.second == text; });
    return found == kinds.end() ? std::nullopt : std::optional(found->first);
}

std::optional<LateRule> late_rule_from_text(std::string_view text) {
    const auto found =
        std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.second == text; });
    return found == rules.end() ? std::nullopt : std::optional(found->first);
}

std::string Finding::text() const {
    return file + (line > 0 ? ':' + std::to_string(line) : std::string()) + ": " +
           (error ? "error: " : "warning: ") + message;
}

bool ScheduleReading::ok() const {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.error; });
}

}  // namespace riverlight::scheduler
