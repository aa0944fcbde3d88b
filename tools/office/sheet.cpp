#include "tools/office/sheet.hpp"

#include "content/airing/shown.hpp"
#include "tools/traffic/as_run.hpp"

namespace riverlight::office {
namespace {

using std::chrono::milliseconds;

void put_instant(SheetRows& to, const std::optional<Instant>& at) {
    to.text(at ? to_rfc3339(*at) : std::string());
}

void put_status(SheetRows& to, const std::optional<content::AiringStatus>& status) {
    to.text(status ? to_text(*status) : std::string_view());
}

void put_time(SheetRows& to, const std::optional<milliseconds>& time) {
    to.number(time ? std::optional<std::int64_t>(time->count()) : std::nullopt);
}

void put_on_air(const AiringRow& row, SheetRows& to) {
    const auto length = content::duration_of(row.record);
    put_time(to, length ? std::optional(std::chrono::round<milliseconds>(*length)) : std::nullopt);
}

std::optional<milliseconds> planned_length(const AiringRecord& record) {
    if (!record.planned_start || !record.planned_end) return {};
    return std::chrono::round<milliseconds>(*record.planned_end - *record.planned_start);
}

/// A column: its head, and what puts its cell of an airing.
struct AiringCells {
    const char* head;
    void (*put)(const AiringRow& row, SheetRows& to);
};
constexpr AiringCells airing_columns[] = {
    {"day", [](const AiringRow& a, SheetRows& to) { to.text(to_iso(a.day)); }},
    {"country", [](const AiringRow& a, SheetRows& to) { to.text(a.country); }},
    {"place", [](const AiringRow& a, SheetRows& to) { to.text(a.record.place); }},
    {"board", [](const AiringRow& a, SheetRows& to) { to.text(a.record.board); }},
    {"outlet", [](const AiringRow& a, SheetRows& to) { to.text(a.record.outlet); }},
    {"planned start (UTC)",
     [](const AiringRow& a, SheetRows& to) { put_instant(to, a.record.planned_start); }},
    {"planned end (UTC)", [](const AiringRow& a, SheetRows& to) { put_instant(to, a.record.planned_end); }},
    {"started (UTC)", [](const AiringRow& a, SheetRows& to) { put_instant(to, a.started()); }},
    {"ended (UTC)", [](const AiringRow& a, SheetRows& to) { put_instant(to, a.ended()); }},
    {"planned (ms)", [](const AiringRow& a, SheetRows& to) { put_time(to, planned_length(a.record)); }},
    {"on air (ms)", put_on_air},
    {"shown (ms)",
     [](const AiringRow& a, SheetRows& to) {
         put_time(to, a.record.started ? std::optional(a.assessed.shown) : std::nullopt);
     }},
    {"clock", [](const AiringRow& a, SheetRows& to) { to.text(content::to_text(a.record.clock)); }},
    {"clock error (ms)",
     [](const AiringRow& a, SheetRows& to) {
         put_time(to, a.placed ? a.placed->error : a.record.clock_error);
     }},
    {"start off (ms)", [](const AiringRow& a, SheetRows& to) { put_time(to, a.start_off); }},
    {"started by a clock not yet set (UTC)",
     [](const AiringRow& a, SheetRows& to) { put_instant(to, a.placed ? a.record.started : std::nullopt); }},
    {"status", [](const AiringRow& a, SheetRows& to) { put_status(to, a.assessed.status); }},
    {"status claimed", [](const AiringRow& a, SheetRows& to) { put_status(to, a.record.status); }},
    {"overclaims", [](const AiringRow& a, SheetRows& to) { to.text(a.assessed.overclaims ? "yes" : "no"); }},
    {"overclaim",
     [](const AiringRow& a, SheetRows& to) { to.text(traffic::overclaim_text(a.record, a.assessed)); }},
    {"doubt", [](const AiringRow& a, SheetRows& to) { to.text(a.doubt ? to_text(*a.doubt) : ""); }},
    {"reason", [](const AiringRow& a, SheetRows& to) { to.text(a.record.reason); }},
    {"campaign", [](const AiringRow& a, SheetRows& to) { to.text(a.record.campaign); }},
    {"booking", [](const AiringRow& a, SheetRows& to) { to.text(a.record.booking); }},
    {"segment", [](const AiringRow& a, SheetRows& to) { to.text(a.record.segment); }},
    {"revision", [](const AiringRow& a, SheetRows& to) { to.number(a.record.revision); }},
    {"language asked", [](const AiringRow& a, SheetRows& to) { to.text(a.record.locale_asked); }},
    {"language aired", [](const AiringRow& a, SheetRows& to) { to.text(a.record.locale_aired); }},
    {"frames", [](const AiringRow& a, SheetRows& to) { to.number(a.record.frames); }},
    {"frames lost", [](const AiringRow& a, SheetRows& to) { to.number(a.record.lost); }},
    {"frames repeated", [](const AiringRow& a, SheetRows& to) { to.number(a.record.repeated); }},
    {"airing", [](const AiringRow& a, SheetRows& to) { to.text(record_id(a.record)); }},
    {"epoch", [](const AiringRow& a, SheetRows& to) { to.text(a.record.epoch); }},
    {"seq", [](const AiringRow& a, SheetRows& to) { to.number(a.record.seq); }},
    {"hash", [](const AiringRow& a, SheetRows& to) { to.text(a.record.hash); }},
};

struct PromiseCells {
    const char* head;
    void (*put)(const DayFacts& place, const Settlement& one, SheetRows& to);
};
constexpr PromiseCells promise_columns[] = {
    {"day", [](const DayFacts& d, const Settlement&, SheetRows& to) { to.text(to_iso(d.day)); }},
    {"country", [](const DayFacts& d, const Settlement&, SheetRows& to) { to.text(d.country); }},
    {"place", [](const DayFacts& d, const Settlement&, SheetRows& to) { to.text(d.place); }},
    {"campaign", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(s.promise->campaign); }},
    {"booking", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(s.promise->booking); }},
    {"kind", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(to_text(s.promise->kind)); }},
    {"segment", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(s.promise->segment); }},
    {"language", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(s.promise->locale); }},
    {"planned start (UTC)",
     [](const DayFacts&, const Settlement& s, SheetRows& to) { put_instant(to, s.promise->start); }},
    {"planned end (UTC)",
     [](const DayFacts&, const Settlement& s, SheetRows& to) { put_instant(to, s.promise->end); }},
    {"outcome", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(to_text(s.outcome)); }},
    {"reason", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(s.reason); }},
    {"planned (ms)",
     [](const DayFacts&, const Settlement& s, SheetRows& to) {
         put_time(to, std::chrono::round<milliseconds>(s.promise->end - s.promise->start));
     }},
    {"shown (ms)", [](const DayFacts&, const Settlement& s, SheetRows& to) { put_time(to, s.shown); }},
    {"airing", [](const DayFacts&, const Settlement& s, SheetRows& to) { to.text(s.promise->id); }},
};

}  // namespace

std::vector<std::string> airing_heads() {
    std::vector<std::string> out;
    for (const auto& column : airing_columns) out.emplace_back(column.head);
    return out;
}

void write_airing(const AiringRow& airing, SheetRows& to) {
    for (const auto& column : airing_columns) column.put(airing, to);
    to.end_row();
}

std::vector<std::string> promise_heads() {
    std::vector<std::string> out;
    for (const auto& column : promise_columns) out.emplace_back(column.head);
    return out;
}

void write_promise(const DayFacts& day, const Settlement& one, SheetRows& to) {
    for (const auto& column : promise_columns) column.put(day, one, to);
    to.end_row();
}

}  // namespace riverlight::office
