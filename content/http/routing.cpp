#include "content/http/routing.hpp"

#include <algorithm>

namespace riverlight::http {
namespace {

std::string_view first_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, std::min(path.find('/'), path.size()));
    path.remove_prefix(segment.size());
    return segment;
}

}  // namespace

std::optional<std::vector<std::string>> path_values(std::string_view pattern, std::string_view path) {
    std::vector<std::string> values;
    while (pattern.starts_with('/') && path.starts_with('/')) {
        const auto wanted = first_segment(pattern);
        const auto segment = first_segment(path);
        const auto hole = wanted.find("{}");
        if (hole == wanted.npos) {
            if (wanted != segment) return std::nullopt;
            continue;
        }
        const auto before = wanted.substr(0, hole), after = wanted.substr(hole + 2);
        if (segment.size() <= before.size() + after.size() || !segment.starts_with(before) ||
            !segment.ends_with(after))
            return std::nullopt;
        values.emplace_back(segment.substr(hole, segment.size() - before.size() - after.size()));
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return values;
}

}  // namespace riverlight::http
