#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/as_run.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/guide.hpp"

namespace riverlight::traffic {
namespace {

struct Row {
    const Guide& guide;
    const scheduler::Plan& plan;
    const scheduler::PlannedAiring& airing;
    const content::Manifest* segment;  ///< null: not in the catalogue
};

std::string join_topics(const Row& row) {
    std::string out;
    if (!row.segment) return out;
    for (const auto& topic : row.segment->topics) out += (out.empty() ? "" : " ") + topic;
    return out;
}

/// `en: Fair work; km: …`: the traffic department may not read the viewers' language.
std::string join_titles(const Row& row) {
    std::string out;
    if (!row.segment) return out;
    for (const auto& [locale, texts] : row.segment->locales)
        out += (out.empty() ? "" : "; ") + locale + ": " + texts.title;
    return out;
}

CsvCell local_cell(const Row& row, Instant at) {
    return CsvCell::text(scheduler::local_text(at, row.plan.zone));
}

struct Column {
    const char* heading;
    CsvCell (*cell)(const Row& row);
};
constexpr Column columns[] = {
    {"day", [](const Row& r) { return CsvCell::text(to_iso(r.plan.day)); }},
    {"start (local)", [](const Row& r) { return local_cell(r, r.airing.start); }},
    {"end (local)", [](const Row& r) { return local_cell(r, r.airing.end); }},
    {"zone", [](const Row& r) { return CsvCell::text(r.plan.zone); }},
    {"start", [](const Row& r) { return CsvCell::text(to_rfc3339(r.airing.start)); }},
    {"end", [](const Row& r) { return CsvCell::text(to_rfc3339(r.airing.end)); }},
    {"length-ms",
     [](const Row& r) {
         return CsvCell::number(
             std::chrono::round<std::chrono::milliseconds>(r.airing.end - r.airing.start).count());
     }},
    {"title", [](const Row& r) { return CsvCell::text(texts_of(r.guide, r.airing).title); }},
    {"language", [](const Row& r) { return CsvCell::text(r.airing.locale); }},
    {"language-asked", [](const Row& r) { return CsvCell::text(r.airing.locale_asked); }},
    {"titles", [](const Row& r) { return CsvCell::text(join_titles(r)); }},
    {"topics", [](const Row& r) { return CsvCell::text(join_topics(r)); }},
    {"rating",
     [](const Row& r) {
         return CsvCell::text(r.segment ? std::string(content::to_text(r.segment->rating)) : std::string());
     }},
    {"kind", [](const Row& r) { return CsvCell::text(std::string(scheduler::to_text(r.airing.kind))); }},
    {"hard", [](const Row& r) { return CsvCell::text(r.airing.hard ? "yes" : "no"); }},
    {"campaign", [](const Row& r) { return CsvCell::text(r.airing.campaign); }},
    {"booking", [](const Row& r) { return CsvCell::text(r.airing.booking); }},
    {"segment", [](const Row& r) { return CsvCell::text(r.airing.segment); }},
    {"revision", [](const Row& r) { return CsvCell::number(r.airing.revision); }},
    {"spot-code",
     [](const Row& r) {
         return CsvCell::text(spot_code(
             r.airing.segment, r.airing.locale_asked.empty() ? r.airing.locale : r.airing.locale_asked));
     }},
    {"place", [](const Row& r) { return CsvCell::text(r.plan.place); }},
    {"outlet",
     [](const Row& r) { return CsvCell::text(std::string(content::to_text(r.guide.place.outlet))); }},
    {"airing", [](const Row& r) { return CsvCell::text(r.airing.id); }},
};

}  // namespace

std::string guide_csv(const Guide& guide) {
    std::string out(csv_mark);
    std::vector<std::string> headings;
    for (const auto& column : columns) headings.emplace_back(column.heading);
    out += csv_row(headings);
    std::vector<CsvCell> cells;
    for (const auto& plan : guide.plans) {
        for (const auto& airing : plan.airings) {
            const Row row{guide, plan, airing, segment_of(guide, airing)};
            cells.clear();
            for (const auto& column : columns) cells.push_back(column.cell(row));
            out += csv_line(cells);
        }
    }
    return out;
}

}  // namespace riverlight::traffic
