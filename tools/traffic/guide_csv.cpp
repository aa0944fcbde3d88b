#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/as_run.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/guide.hpp"

namespace riverlight::traffic {
namespace {

struct GuideRow {
    const PlaceGuide& guide;
    const scheduler::Plan& plan;
    const scheduler::PlannedAiring& airing;
    const content::Manifest* segment;  ///< null: not in the catalogue
};

std::string join_topics(const GuideRow& row) {
    std::string out;
    if (!row.segment) return out;
    for (const auto& topic : row.segment->topics) out += (out.empty() ? "" : " ") + topic;
    return out;
}

/// `en: Fair work; km: …`: the traffic department may not read the viewers' language.
std::string join_titles(const GuideRow& row) {
    std::string out;
    if (!row.segment) return out;
    for (const auto& [locale, texts] : row.segment->locales)
        out += (out.empty() ? "" : "; ") + locale + ": " + texts.title;
    return out;
}

CsvCell local_cell(const GuideRow& row, Instant at) {
    return CsvCell::text(scheduler::local_text(at, row.plan.zone));
}

struct GuideColumn {
    const char* heading;
    CsvCell (*cell)(const GuideRow& row);
};
constexpr GuideColumn columns[] = {
    {"day", [](const GuideRow& r) { return CsvCell::text(to_iso(r.plan.day)); }},
    {"start (local)", [](const GuideRow& r) { return local_cell(r, r.airing.start); }},
    {"end (local)", [](const GuideRow& r) { return local_cell(r, r.airing.end); }},
    {"zone", [](const GuideRow& r) { return CsvCell::text(r.plan.zone); }},
    {"start", [](const GuideRow& r) { return CsvCell::text(to_rfc3339(r.airing.start)); }},
    {"end", [](const GuideRow& r) { return CsvCell::text(to_rfc3339(r.airing.end)); }},
    {"length-ms",
     [](const GuideRow& r) {
         return CsvCell::number(
             std::chrono::round<std::chrono::milliseconds>(r.airing.end - r.airing.start).count());
     }},
    {"title", [](const GuideRow& r) { return CsvCell::text(texts_of(r.guide, r.airing).title); }},
    {"language", [](const GuideRow& r) { return CsvCell::text(r.airing.locale); }},
    {"language-asked", [](const GuideRow& r) { return CsvCell::text(r.airing.locale_asked); }},
    {"titles", [](const GuideRow& r) { return CsvCell::text(join_titles(r)); }},
    {"topics", [](const GuideRow& r) { return CsvCell::text(join_topics(r)); }},
    {"rating",
     [](const GuideRow& r) {
         return CsvCell::text(r.segment ? std::string(content::to_text(r.segment->rating)) : std::string());
     }},
    {"kind", [](const GuideRow& r) { return CsvCell::text(std::string(scheduler::to_text(r.airing.kind))); }},
    {"hard", [](const GuideRow& r) { return CsvCell::text(r.airing.hard ? "yes" : "no"); }},
    {"campaign", [](const GuideRow& r) { return CsvCell::text(r.airing.campaign); }},
    {"booking", [](const GuideRow& r) { return CsvCell::text(r.airing.booking); }},
    {"segment", [](const GuideRow& r) { return CsvCell::text(r.airing.segment); }},
    {"revision", [](const GuideRow& r) { return CsvCell::number(r.airing.revision); }},
    {"spot-code",
     [](const GuideRow& r) {
         return CsvCell::text(spot_code(
             r.airing.segment, r.airing.locale_asked.empty() ? r.airing.locale : r.airing.locale_asked));
     }},
    {"place", [](const GuideRow& r) { return CsvCell::text(r.plan.place); }},
    {"outlet",
     [](const GuideRow& r) { return CsvCell::text(std::string(content::to_text(r.guide.place.outlet))); }},
    {"airing", [](const GuideRow& r) { return CsvCell::text(r.airing.id); }},
};

}  // namespace

std::string guide_csv(const PlaceGuide& guide) {
    std::string out(csv_mark);
    std::vector<std::string> headings;
    for (const auto& column : columns) headings.emplace_back(column.heading);
    out += csv_row(headings);
    std::vector<CsvCell> cells;
    for (const auto& plan : guide.plans) {
        for (const auto& airing : plan.airings) {
            const GuideRow row{guide, plan, airing, segment_of(guide, airing)};
            cells.clear();
            for (const auto& column : columns) cells.push_back(column.cell(row));
            out += csv_line(cells);
        }
    }
    return out;
}

}  // namespace riverlight::traffic
