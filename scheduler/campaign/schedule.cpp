#include "scheduler/campaign/schedule.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace riverlight::scheduler {
namespace {

template <class Value, std::size_t count>
using Names = std::array<std::pair<Value, std::string_view>, count>;

constexpr Names<BookingKind, 5> kinds{{{BookingKind::fixed, "fixed"},
                                       {BookingKind::rotation, "rotation"},
                                       {BookingKind::block, "block"},
                                       {BookingKind::takeover, "takeover"},
                                       {BookingKind::filler, "filler"}}};
constexpr Names<LateRule, 3> late_rules{
    {{LateRule::join, "join"}, {LateRule::skip, "skip"}, {LateRule::make_good, "make_good"}}};
constexpr Names<Pacing, 2> pacings{{{Pacing::even, "even"}, {Pacing::early, "early"}}};
constexpr Names<Padding, 2> paddings{{{Padding::end, "end"}, {Padding::between, "between"}}};
constexpr Names<Trimming, 2> trimmings{{{Trimming::drop, "drop"}, {Trimming::cut, "cut"}}};
constexpr Names<Rejoin, 3> rejoins{
    {{Rejoin::resume, "resume"}, {Rejoin::in_progress, "in_progress"}, {Rejoin::leave, "leave"}}};

template <class Value, std::size_t count>
std::string_view name_in(const Names<Value, count>& names, Value value) {
    return std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == value; })->second;
}

template <class Value, std::size_t count>
std::optional<Value> value_in(const Names<Value, count>& names, std::string_view text) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.second == text; });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace

std::string_view to_text(BookingKind kind) {
    return name_in(kinds, kind);
}
std::string_view to_text(LateRule rule) {
    return name_in(late_rules, rule);
}
std::string_view to_text(Pacing pacing) {
    return name_in(pacings, pacing);
}
std::string_view to_text(Padding padding) {
    return name_in(paddings, padding);
}
std::string_view to_text(Trimming trimming) {
    return name_in(trimmings, trimming);
}
std::string_view to_text(Rejoin rejoin) {
    return name_in(rejoins, rejoin);
}
std::optional<BookingKind> kind_from_text(std::string_view text) {
    return value_in(kinds, text);
}
std::optional<LateRule> late_rule_from_text(std::string_view text) {
    return value_in(late_rules, text);
}
std::optional<Pacing> pacing_from_text(std::string_view text) {
    return value_in(pacings, text);
}
std::optional<Padding> padding_from_text(std::string_view text) {
    return value_in(paddings, text);
}
std::optional<Trimming> trimming_from_text(std::string_view text) {
    return value_in(trimmings, text);
}
std::optional<Rejoin> rejoin_from_text(std::string_view text) {
    return value_in(rejoins, text);
}

std::string Finding::text() const {
    return file + (line > 0 ? ':' + std::to_string(line) : std::string()) + ": " +
           (error ? "error: " : "warning: ") + message;
}

bool ScheduleReading::ok() const {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.error; });
}

}  // namespace riverlight::scheduler
