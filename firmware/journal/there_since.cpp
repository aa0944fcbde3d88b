#include "firmware/journal/there_since.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>

#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {
namespace {

/// What is noted beside an instant that is not sure: the monotonic clock then, and the boot.
constexpr const char *note = "since", *unsure_note = "since_unsure";

}  // namespace

Instant ThereSince::at(Instant now, bool sure, std::int64_t monotonic_us) {
    const auto noted = from_rfc3339(journal_.note(note));
    if (!noted) {
        // The first note alone would be taken for sure, so it comes last.
        if (!sure) journal_.set_note(unsure_note, std::to_string(monotonic_us) + ' ' + boot_id_);
        journal_.set_note(note, to_rfc3339(now));
        return now;
    }
    const auto unsure = sure ? journal_.note(unsure_note) : std::string{};
    if (unsure.empty()) return *noted;
    std::int64_t then = 0;
    const auto* end = std::from_chars(unsure.data(), unsure.data() + unsure.size(), then).ptr;
    const bool same_boot = boot_id_ != "unknown" && std::string_view(end) == ' ' + boot_id_;
    const auto since =
        same_boot ? now - std::chrono::microseconds(std::max<std::int64_t>(0, monotonic_us - then)) : now;
    journal_.set_note(note, to_rfc3339(since));
    journal_.set_note(unsure_note, "");
    return since;
}

}  // namespace riverlight::firmware
