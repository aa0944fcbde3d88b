#include <algorithm>

#include "content/base/error.hpp"
#include "content/base/suggest.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/formats.hpp"
#include "tools/traffic/spot_fields.hpp"

namespace riverlight::traffic {
namespace {

constexpr std::string_view required_columns[] = {"airing", "segment", "status"};

/// Earlier lists, without `shown-ms`, gave the difference of two readings of a wall clock as their length.
constexpr std::string_view first_measured_column = "shown-ms";
constexpr std::string_view length_column = "length-ms";

CsvCell cell_of(const SpotField& field, const Spot& spot) {
    const auto value = field.get(spot);
    switch (field.cells) {
        case Cells::text:
            return CsvCell::text(value);
        case Cells::numbers:
            break;
    }
    return CsvCell::number(value);
}

std::string format_local(const std::optional<Instant>& at, const std::string& zone) {
    return at ? scheduler::local_text(*at, zone) : std::string();
}

/// The column names in the file's order. Throws Error if one that we need is missing.
std::vector<std::string> read_column_names(const std::vector<CsvRow>& rows, const std::string& file) {
    if (rows.empty())
        throw ReadError(ReadFault::missing, file,
                        "is empty; an as-run list begins with a row of column names");
    for (const auto& name : required_columns) {
        if (std::find(rows[0].cells.begin(), rows[0].cells.end(), name) == rows[0].cells.end())
            throw ReadError(ReadFault::missing, Where(file).at(1).in(name, {}),
                            "has no column '" + std::string(name) +
                                "'; give a list written by `riverlight asrun --format csv` or by the office");
    }
    return rows[0].cells;
}

}  // namespace

std::string write_csv(const AsRun& list) {
    std::string out(csv_mark);
    std::vector<std::string> names{"day", "zone", "planned (local)", "started (local)", "booked-ms"};
    for (const auto& field : spot_fields()) names.emplace_back(field.name);
    out += csv_row(names);
    for (const auto& spot : list.spots) {
        const auto booked = booked_of(spot);
        std::vector<CsvCell> cells{
            CsvCell::text(to_iso(list.day.day)), CsvCell::text(list.day.zone),
            CsvCell::text(format_local(spot.planned_start, list.day.zone)),
            CsvCell::text(format_local(spot.started, list.day.zone)),
            CsvCell::number(booked ? std::optional<std::int64_t>(booked->count()) : std::nullopt)};
        for (const auto& field : spot_fields()) cells.push_back(cell_of(field, spot));
        out += csv_line(cells);
    }
    return out;
}

AsRun read_csv(std::string_view text, const std::string& file, const AsRunDay& defaults) {
    const auto rows = read_csv_rows(text, file);
    const auto columns = read_column_names(rows, file);
    const bool measured = std::find(columns.begin(), columns.end(), first_measured_column) != columns.end();
    AsRun list{defaults, {}};
    for (std::size_t r = 1; r < rows.size(); ++r) {
        const auto where = Where(file).at(rows[r].line);
        if (rows[r].cells.size() != columns.size())
            throw ReadError(ReadFault::syntax, where,
                            "has " + std::to_string(rows[r].cells.size()) + " cells under " +
                                std::to_string(columns.size()) + " column names; export the file again");
        Spot spot;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto& cell = rows[r].cells[c];
            if (columns[c] == length_column && !measured) continue;
            if (!set_field(spot, columns[c], cell))
                throw ReadError(ReadFault::malformed, where.in(columns[c], {}),
                                "'" + cell.substr(0, 80) + "' is not a value of '" + columns[c] +
                                    "'; leave cells as they were exported");
            if (r > 1) continue;
            if (columns[c] == "zone" && scheduler::zone_exists(cell)) list.day.zone = cell;
            if (columns[c] == "day") list.day.day = date_from_iso(cell).value_or(defaults.day);
        }
        if (r == 1 && !spot.place.empty()) list.day.place = spot.place;
        list.spots.push_back(std::move(spot));
    }
    return list;
}

}  // namespace riverlight::traffic
