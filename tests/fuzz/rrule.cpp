#include "content/base/error.hpp"
#include "scheduler/calendar/recurrence.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;
using namespace std::chrono;

/// RFC 5545 recurrence rules: refused with a reason, or evaluated for near and distant days without hanging.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::Input(data, size).text());
    scheduler::RecurrenceRule rule;
    try {
        rule = scheduler::read_recurrence(text);
    } catch (const ReadError&) {
        return 0;
    }
    const local_days first{year{2026} / November / 24};
    for (const int n : {-1, 0, 1, 7, 31, 96, 365, 1461}) {
        const bool falls = scheduler::recurs_on(rule, first, first + days{n});
        fuzz::promise(!falls || n >= 0, "no day before the first");
    }
    return 0;
}
