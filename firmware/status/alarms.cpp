#include "firmware/status/alarms.hpp"

#include <utility>

#include "content/base/plain_text.hpp"

namespace riverlight::firmware {
namespace {

void add_outlet_alarms(const std::vector<OutletView>& outlets, bool has_release, std::vector<Alarm>& out) {
    for (const auto& o : outlets)
        if (!o.journal_fault.empty())
            out.push_back({Concern::journal,
                           "What airs on " + o.id + " is kept in memory only: " + o.journal_fault, o.id});
    for (const auto& o : outlets)
        if (o.slate && !o.on_air && !o.closed && has_release)
            out.push_back(
                {Concern::slate,
                 "Outlet " + o.id + " shows the slate." + (o.trouble.empty() ? "" : " " + o.trouble), o.id});
    for (const auto& o : outlets)
        for (const auto& output : o.outputs)
            if (output.trouble)
                out.push_back({Concern::output,
                               "Outlet " + o.id + ", " + output.name + ": " + output.words + ".", o.id});
}

}  // namespace

std::vector<Alarm> list_alarms(const BoardView& view) {
    std::vector<Alarm> out;
    const auto add = [&](Concern concern, std::string text) { out.push_back({concern, std::move(text)}); };
    const bool normal = view.mode == RunMode::normal;  // in a reduced mode the notices say more
    if (!view.release && normal)
        add(Concern::no_release, "No channel has arrived yet, so the slate is shown.");
    if (!view.release_fault.empty()) add(Concern::release, view.release_fault);
    out.insert(out.end(), view.notices.begin(), view.notices.end());
    add_outlet_alarms(view.outlets, view.release.has_value(), out);
    if (view.report && !view.report->fault.empty())
        add(Concern::office, "Office: " + view.report->fault + ".");
    if (!view.clock.fault.empty())
        add(Concern::clock, view.clock.fault);
    else if (view.clock.state == content::ClockState::floor)
        add(Concern::clock,
            "The clock is not set; airings are recorded with the latest time that is certain.");
    if (normal && view.release && view.clock.now > view.release->signed_until)
        add(Concern::expired,
            "The channel's signatures have expired; what the board has keeps playing. Connect the board to "
            "its "
            "channel.");
    for (auto& alarm : out) alarm.text = plain_text(alarm.text);
    return out;
}

}  // namespace riverlight::firmware
