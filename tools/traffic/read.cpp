#include "content/base/error.hpp"
#include "tools/traffic/csv.hpp"
#include "tools/traffic/formats.hpp"

namespace riverlight::traffic {
namespace {

constexpr std::string_view blanks = " \t\r\n";

AsRun read_journal(std::string_view text, const std::string& file, const AsRunDay& defaults) {
    AsRun list{defaults, {}};
    for (auto& spot : spots_of(read_records(text, file))) {
        if (defaults.place.empty() || spot.place == defaults.place) list.spots.push_back(std::move(spot));
    }
    return list;
}

}  // namespace

std::vector<content::AiringRecord> read_records(std::string_view text, const std::string& file) {
    std::vector<content::AiringRecord> records;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.find_first_not_of(blanks) == std::string_view::npos) continue;
        const auto where = file + ':' + std::to_string(number);
        if (records.size() >= most_spots)
            throw ReadError(ReadFault::too_large, where, "more than 500,000 records; give fewer days");
        records.push_back(content::parse_record(line, where));
    }
    return records;
}

AsRun read_as_run(std::string_view text, const std::string& file, const AsRunDay& defaults) {
    if (text.size() > file_cap)
        throw ReadError(ReadFault::too_large, file, "is longer than 64 MiB; give fewer days");
    auto start = text;
    if (start.starts_with(csv_mark)) start.remove_prefix(csv_mark.size());
    start.remove_prefix(std::min(start.find_first_not_of(blanks), start.size()));
    if (start.empty())
        throw ReadError(
            ReadFault::missing, file,
            "is empty; give an as-run list as CSV, BXF or CCMS, or journal records as JSON lines");
    if (start.starts_with('<')) return read_bxf(text, file, defaults);
    if (start.starts_with('{')) return read_journal(text, file, defaults);
    for (const auto* event : {"REM", "LOI", "NUL", "END"}) {
        if (start.starts_with(event) && (start.size() == 3 || start[3] == ' ' || start[3] == '\r'))
            return read_ccms(text, file, defaults);
    }
    return read_csv(text, file, defaults);
}

}  // namespace riverlight::traffic
