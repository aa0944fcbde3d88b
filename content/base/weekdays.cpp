#include "content/base/weekdays.hpp"

#include <algorithm>
#include <array>

namespace riverlight {
namespace {

constexpr std::array<std::string_view, 7> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<unsigned> index_of(std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return {};
    return static_cast<unsigned>(found - names.begin());
}

}  // namespace

std::optional<unsigned> parse_weekdays(std::string_view text) {
    const auto dash = text.find('-');
    const auto first = index_of(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : index_of(text.substr(dash + 1));
    if (!first || !last) return {};
    unsigned bits = 0;
    for (unsigned day = *first;; day = (day + 1) % names.size()) {
        bits |= 1U << day;
        if (day == *last) return bits;
    }
}

std::string format_weekdays(unsigned weekdays) {
    constexpr unsigned week = 0x7f;
    if (weekdays == week) return {};
    for (const auto first : names) {
        if (parse_weekdays(first) == weekdays) return std::string(first);
        for (const auto last : names)
            if (auto text = std::string(first) + '-' + std::string(last); parse_weekdays(text) == weekdays)
                return text;
    }
    return {};
}

}  // namespace riverlight
