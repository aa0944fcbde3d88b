#include "tools/office/csv.hpp"

namespace riverlight::office {

std::string csv_row(const std::vector<std::string>& cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) out += ',';
        std::string cell = cells[i];
        const auto first = cell.find_first_not_of(' ');
        if (first != std::string::npos &&
            std::string_view("=+-@\t\r\n|%").find(cell[first]) != std::string_view::npos)
            cell.insert(0, 1, '\'');
        if (cell.find_first_of(",\"\r\n") == std::string::npos &&
            (cell.empty() || (cell.front() != ' ' && cell.back() != ' '))) {
            out += cell;
            continue;
        }
        out += '"';
        for (const char c : cell) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    return out + "\r\n";
}

}  // namespace riverlight::office
