#include <algorithm>
#include <set>

#include "scheduler/plan/planner.hpp"
#include "tests/fuzz/drawn_day.hpp"

using namespace riverlight;

namespace {

void expect_complete(const scheduler::Plan& plan) {
    std::set<std::string> ids;
    std::vector<scheduler::Span> accounted;
    auto at = plan.from;
    for (const auto& a : plan.airings) {
        fuzz::promise(a.start >= at && a.end > a.start && a.end <= plan.until,
                      "airings in order, inside the day");
        fuzz::promise(ids.insert(a.id).second, "no id twice");
        fuzz::promise(!a.locale.empty(), "a locale for each");
        accounted.push_back({a.start, a.end});
        at = a.end;
    }
    for (const auto& gap : plan.gaps) accounted.push_back({gap.from, gap.until});
    if (plan.from < plan.until)
        fuzz::promise(scheduler::covers(scheduler::merged(accounted), plan.from, plan.until),
                      "no unexplained hole");
}

}  // namespace

/// Plans any schedule on days of a clock change and on the day that Samoa skipped: the plan fills the whole
/// day, and planning from a later time gives its tail.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input in(data, std::min<std::size_t>(size, 512));
    const auto drawn = fuzz::drawn_day(in, 180);
    const auto plan = drawn.plan();
    expect_complete(plan);
    // Only for some inputs, because it needs a second plan.
    const auto from = plan.from + drawn.later;
    if (size % 4 != 0) return 0;
    if (from >= plan.until) return 0;
    const auto rest = scheduler::plan_from(drawn.schedule, drawn.catalogue, drawn.place(), from, 0);
    const auto first =
        std::find_if(plan.airings.begin(), plan.airings.end(), [&](const auto& a) { return a.end > from; });
    fuzz::promise(std::equal(first, plan.airings.end(), rest.airings.begin(), rest.airings.end(),
                             [](const auto& a, const auto& b) {
                                 return a.id == b.id && a.start == b.start && a.end == b.end;
                             }),
                  "the rest of a day is its tail");
    return 0;
}
