#include "tools/office/sheet.hpp"

#include "content/airing/shown.hpp"
#include "tools/traffic/as_run.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

SheetCell text(std::string_view value) {
    return SheetCell::text(std::string(value));
}

SheetCell instant(const std::optional<Instant>& at) {
    return text(at ? to_rfc3339(*at) : std::string());
}

SheetCell status(const std::optional<content::AiringStatus>& status) {
    return text(status ? to_text(*status) : "");
}

SheetCell time(const std::optional<milliseconds>& time) {
    return SheetCell::number(time ? std::optional<std::int64_t>(time->count()) : std::nullopt);
}

SheetCell on_air(const AiringRow& row) {
    const auto length = content::duration_of(row.record);
    return time(length ? std::optional(std::chrono::round<milliseconds>(*length)) : std::nullopt);
}

std::optional<milliseconds> planned_length(const AiringRecord& record) {
    if (!record.planned_start || !record.planned_end) return {};
    return std::chrono::round<milliseconds>(*record.planned_end - *record.planned_start);
}

/// A column: its head, and its cell for an airing.
struct AiringCells {
    const char* head;
    SheetCell (*cell)(const AiringRow& row);
};
constexpr AiringCells airing_columns[] = {
    {"day", [](const AiringRow& a) { return text(to_iso(a.day)); }},
    {"country", [](const AiringRow& a) { return text(a.country); }},
    {"place", [](const AiringRow& a) { return text(a.record.place); }},
    {"board", [](const AiringRow& a) { return text(a.record.board); }},
    {"outlet", [](const AiringRow& a) { return text(a.record.outlet); }},
    {"planned start (UTC)", [](const AiringRow& a) { return instant(a.record.planned_start); }},
    {"planned end (UTC)", [](const AiringRow& a) { return instant(a.record.planned_end); }},
    {"started (UTC)", [](const AiringRow& a) { return instant(a.started()); }},
    {"ended (UTC)", [](const AiringRow& a) { return instant(a.ended()); }},
    {"planned (ms)", [](const AiringRow& a) { return time(planned_length(a.record)); }},
    {"on air (ms)", on_air},
    {"shown (ms)",
     [](const AiringRow& a) {
         return time(a.record.started ? std::optional(a.assessed.shown) : std::nullopt);
     }},
    {"clock", [](const AiringRow& a) { return text(content::to_text(a.record.clock)); }},
    {"clock error (ms)",
     [](const AiringRow& a) { return time(a.placed ? a.placed->error : a.record.clock_error); }},
    {"start off (ms)", [](const AiringRow& a) { return time(a.start_off); }},
    {"started by a clock not yet set (UTC)",
     [](const AiringRow& a) { return instant(a.placed ? a.record.started : std::nullopt); }},
    {"status", [](const AiringRow& a) { return status(a.assessed.status); }},
    {"status claimed", [](const AiringRow& a) { return status(a.record.status); }},
    {"overclaims", [](const AiringRow& a) { return text(a.assessed.overclaims ? "yes" : "no"); }},
    {"overclaim", [](const AiringRow& a) { return text(traffic::overclaim_text(a.record, a.assessed)); }},
    {"doubt", [](const AiringRow& a) { return text(a.doubt ? to_text(*a.doubt) : ""); }},
    {"reason", [](const AiringRow& a) { return text(a.record.reason); }},
    {"campaign", [](const AiringRow& a) { return text(a.record.campaign); }},
    {"booking", [](const AiringRow& a) { return text(a.record.booking); }},
    {"segment", [](const AiringRow& a) { return text(a.record.segment); }},
    {"revision", [](const AiringRow& a) { return SheetCell::number(a.record.revision); }},
    {"language asked", [](const AiringRow& a) { return text(a.record.locale_asked); }},
    {"language aired", [](const AiringRow& a) { return text(a.record.locale_aired); }},
    {"frames", [](const AiringRow& a) { return SheetCell::number(a.record.frames); }},
    {"frames lost", [](const AiringRow& a) { return SheetCell::number(a.record.lost); }},
    {"frames repeated", [](const AiringRow& a) { return SheetCell::number(a.record.repeated); }},
    {"airing", [](const AiringRow& a) { return text(record_id(a.record)); }},
    {"epoch", [](const AiringRow& a) { return text(a.record.epoch); }},
    {"seq", [](const AiringRow& a) { return SheetCell::number(a.record.seq); }},
    {"hash", [](const AiringRow& a) { return text(a.record.hash); }},
};

struct PromiseCells {
    const char* head;
    SheetCell (*cell)(const DayFacts& place, const Settlement& one);
};
constexpr PromiseCells promise_columns[] = {
    {"day", [](const DayFacts& d, const Settlement&) { return text(to_iso(d.day)); }},
    {"country", [](const DayFacts& d, const Settlement&) { return text(d.country); }},
    {"place", [](const DayFacts& d, const Settlement&) { return text(d.place); }},
    {"campaign", [](const DayFacts&, const Settlement& s) { return text(s.promise->campaign); }},
    {"booking", [](const DayFacts&, const Settlement& s) { return text(s.promise->booking); }},
    {"kind", [](const DayFacts&, const Settlement& s) { return text(to_text(s.promise->kind)); }},
    {"segment", [](const DayFacts&, const Settlement& s) { return text(s.promise->segment); }},
    {"language", [](const DayFacts&, const Settlement& s) { return text(s.promise->locale); }},
    {"planned start (UTC)", [](const DayFacts&, const Settlement& s) { return instant(s.promise->start); }},
    {"planned end (UTC)", [](const DayFacts&, const Settlement& s) { return instant(s.promise->end); }},
    {"outcome", [](const DayFacts&, const Settlement& s) { return text(to_text(s.outcome)); }},
    {"reason", [](const DayFacts&, const Settlement& s) { return text(s.reason); }},
    {"planned (ms)",
     [](const DayFacts&, const Settlement& s) {
         return time(std::chrono::round<milliseconds>(s.promise->end - s.promise->start));
     }},
    {"shown (ms)", [](const DayFacts&, const Settlement& s) { return time(s.shown); }},
    {"airing", [](const DayFacts&, const Settlement& s) { return text(s.promise->id); }},
};

}  // namespace

std::vector<std::string> airing_heads() {
    std::vector<std::string> out;
    for (const auto& column : airing_columns) out.emplace_back(column.head);
    return out;
}

void set_airing_cells(const AiringRow& airing, SheetRow& row) {
    row.clear();
    for (const auto& column : airing_columns) row.push_back(column.cell(airing));
}

std::vector<std::string> promise_heads() {
    std::vector<std::string> out;
    for (const auto& column : promise_columns) out.emplace_back(column.head);
    return out;
}

void set_promise_cells(const DayFacts& day, const Settlement& one, SheetRow& row) {
    row.clear();
    for (const auto& column : promise_columns) row.push_back(column.cell(day, one));
}

}  // namespace riverlight::office
