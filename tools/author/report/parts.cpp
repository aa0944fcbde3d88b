#include "tools/author/report/parts.hpp"

#include <cassert>
#include <cmath>
#include <cstdio>

#include "content/base/files.hpp"

namespace riverlight::author::report {
namespace {

std::string with_minus(std::string text) {
    if (text.starts_with('-')) text.replace(0, 1, "−");
    return text;
}

}  // namespace

std::string number(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return with_minus(text);
}

std::string level(double value, std::string_view unit) {
    return std::isfinite(value) ? number(value) + ' ' + std::string(unit) : "silence";
}

std::string without_folder(std::string text, const SegmentSource& source) {
    const auto folder = source.folder + (source.folder.ends_with('/') ? "" : "/");
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder, at))
        text.erase(at, folder.size());
    return text;
}

Html fact(std::string_view term, std::string_view value) {
    return Html("<div><dt>{}</dt><dd>{}</dd></div>", term, value);
}

Html table(const std::vector<std::string>& heads, const std::vector<std::vector<Html>>& rows,
           std::string_view caption) {
    Html head_cells, body;
    for (const auto& head : heads) head_cells += Html("<th scope=\"col\">{}</th>", head);
    for (const auto& row : rows) {
        assert(row.size() == heads.size());
        Html cells;
        for (std::size_t i = 0; i < row.size(); ++i)
            cells += Html("<td data-label=\"{}\"><div>{}</div></td>", heads[i], row[i]);
        body += Html("<tr>{}</tr>", cells);
    }
    return Html(
        "<table class=\"stack\"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        caption, head_cells, body);
}

Html figure(const std::string& jpeg, std::string_view alt, std::string_view caption) {
    return Html("<figure><img alt=\"{}\" src=\"{}\"><figcaption>{}</figcaption></figure>", alt,
                html::Url::data("image/jpeg", jpeg), caption);
}

std::optional<quality::ReadingSpeed> speed_of(const Wording& words) {
    if (words.subtitles.empty()) return {};
    try {
        return quality::reading_speed(
            player::parse_subtitles(read_file(words.subtitles, 4U << 20), words.subtitles));
    } catch (const Error&) {
        return {};  // the examination says why
    }
}

}  // namespace riverlight::author::report
