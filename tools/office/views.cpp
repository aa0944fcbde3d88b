#include "tools/office/views.hpp"

#include <map>

#include "content/airing/health.hpp"
#include "content/base/error.hpp"
#include "scheduler/plan/broadcast_day.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono_literals;

/// What people see of a health report.
void show_health(const std::string& text, BoardSummary& view) {
    if (text.empty()) return;
    auto [report, fault] = content::read_health(text);
    if (report.clock) view.clock = to_text(*report.clock);
    view.clock_error = report.clock_error;
    view.release = std::move(report.release);
    view.queue = report.queue;
    view.signed_until = report.signed_until;
    view.alarms = std::move(report.alarms);
    view.system = std::move(report.system);
    for (auto& outlet : report.outlets) {
        OutletNow now{std::move(outlet.id), "", "", ""};
        if (const auto& on = outlet.on_air) now = {now.id, on->segment, on->locale, on->campaign};
        view.outlets.push_back(std::move(now));
    }
    if (!fault.empty()) view.alarms.emplace_back("Its last report could not be read completely: " + fault);
}

}  // namespace

BoardSummary summarise_board(const BoardRow& row, const Release* release, Instant now) {
    BoardSummary view;
    view.row = row;
    const auto* place = release ? release->content.catalogue.place(row.place) : nullptr;
    if (place) {
        view.place_name = place->name;
        view.country = place->country;
        view.zone = place->zone;
    }
    show_health(row.health, view);
    view.quiet = row.state == BoardState::active && (!row.heard || now - *row.heard > 5min);
    view.behind = release && row.heard && view.release != release->content.release;
    return view;
}

AiringSlice airings_from(const OfficeStore& store, const AiringFilter& filter,
                         const std::optional<Cursor>& after, std::size_t count, AiringOrder order) {
    AiringSlice slice{store.airings.list(filter, after, count + 1, order), std::nullopt};
    if (slice.rows.size() > count) {
        slice.rows.pop_back();
        slice.next = cursor_after(slice.rows.back());
    }
    return slice;
}

std::string country_name(const std::string& code) {
    static const std::map<std::string, std::string> names{{"CN", "China"},    {"KH", "Cambodia"},
                                                          {"LA", "Lao PDR"},  {"MM", "Myanmar"},
                                                          {"TH", "Thailand"}, {"VN", "Viet Nam"}};
    const auto found = names.find(code);
    return found == names.end() ? code : found->second;
}

}  // namespace riverlight::office
