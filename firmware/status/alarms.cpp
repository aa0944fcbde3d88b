#include "firmware/status/alarms.hpp"

namespace riverlight::firmware {
namespace {

void add_outlet_alarms(const std::vector<OutletView>& outlets, bool has_release,
                       std::vector<std::string>& out) {
    for (const auto& o : outlets)
        if (!o.journal_fault.empty())
            out.push_back("What airs on " + o.id + " is kept in memory only: " + o.journal_fault);
    for (const auto& o : outlets)
        if (o.slate && !o.on_air && !o.closed && has_release)
            out.push_back("Outlet " + o.id + " shows the slate." +
                          (o.trouble.empty() ? "" : " " + o.trouble));
    for (const auto& o : outlets)
        for (const auto& output : o.outputs)
            if (output.trouble)
                out.push_back("Outlet " + o.id + ", " + output.name + ": " + output.words + ".");
}

}  // namespace

std::vector<std::string> list_alarms(const BoardView& view) {
    std::vector<std::string> out;
    const bool normal = view.mode == RunMode::normal;  // in a reduced mode the notices say more
    if (!view.release && normal) out.emplace_back("No channel has arrived yet, so the slate is shown.");
    if (!view.release_fault.empty()) out.push_back(view.release_fault);
    out.insert(out.end(), view.notices.begin(), view.notices.end());
    add_outlet_alarms(view.outlets, view.release.has_value(), out);
    if (view.report && !view.report->fault.empty()) out.push_back("Office: " + view.report->fault + ".");
    if (!view.clock.fault.empty())
        out.push_back(view.clock.fault);
    else if (view.clock.state == content::ClockState::floor)
        out.emplace_back("The clock is not set; airings are recorded with the latest time that is certain.");
    if (normal && view.release && view.clock.now > view.release->signed_until)
        out.emplace_back(
            "The channel's signatures have expired; what the board has keeps playing. Connect the board to "
            "its "
            "channel.");
    return out;
}

}  // namespace riverlight::firmware
