#include <algorithm>

#include "content/base/error.hpp"
#include "content/base/suggest.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/formats.hpp"
#include "tools/traffic/spot_fields.hpp"

namespace riverlight::traffic {
namespace {

constexpr std::string_view needed[] = {"airing", "segment", "status"};

std::string length_text(const Spot& spot) {
    if (!spot.started || !spot.ended) return {};
    return std::to_string(std::chrono::round<std::chrono::milliseconds>(*spot.ended - *spot.started).count());
}

std::string clock_text(const std::optional<Instant>& at, const std::string& zone) {
    return at ? scheduler::local_text(*at, zone) : std::string();
}

/// The column names in the file's order. Throws Error if one that we need is missing.
std::vector<std::string> heads_of(const std::vector<CsvRow>& rows, const std::string& file) {
    if (rows.empty()) throw Error(file + ": is empty; an as-run list begins with its heads");
    for (const auto& name : needed) {
        if (std::find(rows[0].cells.begin(), rows[0].cells.end(), name) == rows[0].cells.end())
            throw Error(file + ":1: has no column '" + std::string(name) +
                        "'; give a list written by `riverlight asrun --format csv` or by the office");
    }
    return rows[0].cells;
}

}  // namespace

std::string write_csv(const AsRun& list) {
    std::string out(csv_mark);
    std::vector<std::string> cells{"day", "zone", "planned (local)", "started (local)", "length-ms"};
    for (const auto& field : spot_fields()) cells.emplace_back(field.name);
    out += csv_row(cells);
    for (const auto& spot : list.spots) {
        cells = {to_iso(list.day.day), list.day.zone, clock_text(spot.planned_start, list.day.zone),
                 clock_text(spot.started, list.day.zone), length_text(spot)};
        for (const auto& field : spot_fields()) cells.push_back(field.get(spot));
        out += csv_row(cells);
    }
    return out;
}

AsRun read_csv(std::string_view text, const std::string& file, const Day& otherwise) {
    const auto rows = read_csv_rows(text, file);
    const auto heads = heads_of(rows, file);
    AsRun list{otherwise, {}};
    for (std::size_t r = 1; r < rows.size(); ++r) {
        const auto where = file + ':' + std::to_string(rows[r].line);
        if (rows[r].cells.size() != heads.size())
            throw Error(where + ": has " + std::to_string(rows[r].cells.size()) + " cells under " +
                        std::to_string(heads.size()) + " heads; export the file again");
        Spot spot;
        for (std::size_t c = 0; c < heads.size(); ++c) {
            const auto& cell = rows[r].cells[c];
            if (!set_field(spot, heads[c], cell))
                throw Error(where + ": '" + cell.substr(0, 80) + "' is no value of '" + heads[c] +
                            "'; leave cells as they were exported");
            if (r > 1) continue;
            if (heads[c] == "zone" && scheduler::zone_exists(cell)) list.day.zone = cell;
            if (heads[c] == "day") list.day.day = date_from_iso(cell).value_or(otherwise.day);
        }
        if (r == 1 && !spot.place.empty()) list.day.place = spot.place;
        list.spots.push_back(std::move(spot));
    }
    return list;
}

}  // namespace riverlight::traffic
