#include "firmware/slots/confirm_watch.hpp"

#include <algorithm>

#include "content/base/json.hpp"

namespace riverlight::firmware {

std::optional<StatusSeen> parse_status(std::string_view text) try {
    const auto value = parse_json(text, "status");
    const auto& status = value.as_object();
    const auto at = from_rfc3339(status.at("at").as_string());
    if (!at) return std::nullopt;
    StatusSeen seen{*at, {}};
    for (const auto& outlet : status.at("outlets").as_array())
        seen.outlets.push_back({outlet.as_object().at("frames").to_number<std::int64_t>(),
                                outlet.as_object().at("closed").as_bool()});
    return seen;
} catch (const std::exception&) {  // Boost.JSON's own, for what has other members or types
    return std::nullopt;
}

SlotProof ConfirmWatch::observe(MonotonicTime now, const std::optional<StatusSeen>& seen) {
    if (plays(now, seen)) return SlotProof::plays;
    const bool closed = seen && std::ranges::any_of(seen->outlets, &OutletProgress::closed);
    if (looked_ && !closed) waited_ += now - *looked_;
    looked_ = now;
    return waited_ >= patience ? SlotProof::does_not : SlotProof::none_yet;
}

bool ConfirmWatch::plays(MonotonicTime now, const std::optional<StatusSeen>& seen) {
    if (!seen || seen->at < not_before_ || std::ranges::any_of(seen->outlets, &OutletProgress::closed)) {
        begin_again();
        return false;
    }
    if (seen->outlets.size() != outlets_) {  // the daemon took other settings
        begin_again();
        outlets_ = seen->outlets.size();
    }
    return check_.observe(now, seen->outlets);
}

void ConfirmWatch::begin_again() {
    check_ = StabilityCheck(needed_);
    outlets_ = 0;
}

}  // namespace riverlight::firmware
