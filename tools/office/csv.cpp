#include "tools/office/csv.hpp"

namespace riverlight::office {
namespace {

std::string instant_text(const std::optional<Instant>& at) {
    return at ? to_rfc3339(*at) : std::string();
}

std::string status_text(const AiringRecord& record) {
    return std::string(record.status ? to_text(*record.status) : "");
}

/// A column: its head, and its cell for an airing.
struct CsvColumn {
    const char* head;
    std::string (*cell)(const AiringRow& row);
};
constexpr CsvColumn columns[] = {
    {"day", [](const AiringRow& a) { return to_iso(a.day); }},
    {"country", [](const AiringRow& a) { return a.country; }},
    {"place", [](const AiringRow& a) { return a.record.place; }},
    {"board", [](const AiringRow& a) { return a.record.board; }},
    {"outlet", [](const AiringRow& a) { return a.record.outlet; }},
    {"planned start (UTC)", [](const AiringRow& a) { return instant_text(a.record.planned_start); }},
    {"planned end (UTC)", [](const AiringRow& a) { return instant_text(a.record.planned_end); }},
    {"started (UTC)", [](const AiringRow& a) { return instant_text(a.started()); }},
    {"ended (UTC)", [](const AiringRow& a) { return instant_text(a.ended()); }},
    {"clock", [](const AiringRow& a) { return std::string(content::to_text(a.record.clock)); }},
    {"started by a clock not yet set (UTC)",
     [](const AiringRow& a) { return a.placed ? instant_text(a.record.started) : std::string(); }},
    {"status", [](const AiringRow& a) { return status_text(a.record); }},
    {"reason", [](const AiringRow& a) { return a.record.reason; }},
    {"campaign", [](const AiringRow& a) { return a.record.campaign; }},
    {"booking", [](const AiringRow& a) { return a.record.booking; }},
    {"segment", [](const AiringRow& a) { return a.record.segment; }},
    {"revision", [](const AiringRow& a) { return std::to_string(a.record.revision); }},
    {"language asked", [](const AiringRow& a) { return a.record.locale_asked; }},
    {"language aired", [](const AiringRow& a) { return a.record.locale_aired; }},
    {"frames", [](const AiringRow& a) { return std::to_string(a.record.frames); }},
    {"frames lost", [](const AiringRow& a) { return std::to_string(a.record.lost); }},
    {"frames repeated", [](const AiringRow& a) { return std::to_string(a.record.repeated); }},
    {"airing", [](const AiringRow& a) { return record_id(a.record); }},
    {"epoch", [](const AiringRow& a) { return a.record.epoch; }},
    {"seq", [](const AiringRow& a) { return std::to_string(a.record.seq); }},
    {"hash", [](const AiringRow& a) { return a.record.hash; }},
};

}  // namespace

std::string airings_csv(const std::vector<AiringRow>& rows) {
    std::string out(csv_mark);
    std::vector<std::string> cells;
    for (const auto& column : columns) cells.emplace_back(column.head);
    out += csv_row(cells);
    for (const auto& row : rows) {
        cells.clear();
        for (const auto& column : columns) cells.push_back(column.cell(row));
        out += csv_row(cells);
    }
    return out;
}

}  // namespace riverlight::office
