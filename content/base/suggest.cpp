#include "content/base/suggest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace riverlight {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace

std::string nearest_name(std::string_view wrong, std::span<const std::string_view> known) {
    if (wrong.size() > 100) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 3) + 1;
    for (const auto name : known) {
        const auto distance = edit_distance(wrong, name);
        if (distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return std::string(best);
}

std::string suggestion_of(std::string_view nearest) {
    return nearest.empty() ? std::string() : " (did you mean '" + std::string(nearest) + "'?)";
}

std::string suggestion(std::string_view wrong, std::span<const std::string_view> known) {
    return suggestion_of(nearest_name(wrong, known));
}

}  // namespace riverlight
