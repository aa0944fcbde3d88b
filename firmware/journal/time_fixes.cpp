#include "firmware/journal/time_fixes.hpp"

#include <algorithm>

#include "content/airing/time_fix.hpp"
#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {

bool lacks_time_fix(const Journal& journal, const std::string& boot_id) {
    constexpr std::int64_t chunk = 500;
    bool waits = false;
    for (auto last = journal.state().last; last > 0; last -= chunk) {
        const auto first = std::max<std::int64_t>(1, last - chunk + 1);
        const auto records = journal.read(first, static_cast<std::size_t>(last - first + 1));
        for (auto record = records.rbegin(); record != records.rend(); ++record) {
            if (record->boot_id.empty()) continue;  // of no outlet
            if (record->boot_id != boot_id) return waits;
            if (time_fix_of(*record)) return false;
            waits = waits || needs_time_fix(*record);
        }
        if (records.empty()) break;
    }
    return waits;
}

}  // namespace riverlight::firmware
