#include "firmware/journal/service_start.hpp"

#include <algorithm>

#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {

namespace facts = content::journal_facts;

Instant ServiceStart::at(Instant now, bool is_sure, MonotonicTime monotonic) {
    const auto noted = journal_.fact(facts::in_service_since);
    if (!noted) {
        // Alone, in_service_since counts as sure: so it is written last.
        if (!is_sure) journal_.set_fact(facts::unsure_since, {monotonic, boot_id_});
        journal_.set_fact(facts::in_service_since, now);
        return now;
    }
    const auto unsure = is_sure ? journal_.fact(facts::unsure_since) : std::nullopt;
    if (!unsure) return *noted;
    const bool is_same_boot = boot_id_ != "unknown" && unsure->boot_id == boot_id_;
    const auto since =
        is_same_boot ? now - std::max(MonotonicTime::duration{}, monotonic - unsure->monotonic) : now;
    journal_.set_fact(facts::in_service_since, since);
    journal_.clear_fact(facts::unsure_since);
    return since;
}

}  // namespace riverlight::firmware
