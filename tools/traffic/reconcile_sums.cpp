#include <algorithm>
#include <array>

#include "tools/traffic/reconcile.hpp"

namespace riverlight::traffic {

using namespace std::chrono;

std::string_view to_text(Verdict verdict) {
    static constexpr std::array<std::string_view, 5> names{"aired", "booked-not-aired", "substituted",
                                                           "made-good", "aired-not-booked"};
    return names.at(static_cast<std::size_t>(verdict));
}

int Reconciliation::count(Verdict verdict) const {
    return static_cast<int>(std::count_if(entries.begin(), entries.end(),
                                          [&](const Entry& entry) { return entry.verdict == verdict; }));
}

int Reconciliation::count_out_of_tolerance() const {
    return static_cast<int>(std::count_if(entries.begin(), entries.end(),
                                          [](const Entry& entry) { return entry.out_of_tolerance; }));
}

milliseconds Reconciliation::booked_time() const {
    milliseconds sum{};
    for (const auto& entry : entries)
        if (entry.booked)
            sum += round<milliseconds>(std::max(entry.booked->end - entry.booked->start, microseconds{0}));
    return sum;
}

milliseconds Reconciliation::shown_time() const {
    milliseconds sum{};
    for (const auto& entry : entries)
        if (entry.booked) sum += entry.shown;
    return sum;
}

milliseconds Reconciliation::unbooked_time() const {
    milliseconds sum{};
    for (const auto& entry : entries)
        if (!entry.booked) sum += entry.shown;
    return sum;
}

bool Reconciliation::is_clean() const {
    return std::all_of(entries.begin(), entries.end(), [](const Entry& entry) {
        return entry.verdict == Verdict::aired && !entry.out_of_tolerance;
    });
}

}  // namespace riverlight::traffic
