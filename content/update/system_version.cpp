#include "content/update/system_version.hpp"

#include <algorithm>

namespace riverlight::content {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where a character stands in Debian's order: `~` before the end, the end before letters, letters before the
/// rest. A digit ends the part, as the end does.
int rank(std::string_view text, std::size_t at) {
    if (at >= text.size() || is_digit(text[at])) return 0;
    if (text[at] == '~') return -1;
    return is_letter(text[at]) ? text[at] : text[at] + 256;
}

/// Moves `at` behind the digits there, and returns them without leading zeros.
std::string_view take_number(std::string_view text, std::size_t& at) {
    while (at < text.size() && text[at] == '0') ++at;
    const auto begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return text.substr(begin, at - begin);
}

std::strong_ordering compare_parts(std::string_view a, std::string_view b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        while ((i < a.size() && !is_digit(a[i])) || (j < b.size() && !is_digit(b[j]))) {
            if (const auto order = rank(a, i) <=> rank(b, j); order != 0) return order;
            ++i;
            ++j;
        }
        const auto left = take_number(a, i), right = take_number(b, j);
        if (const auto order = left.size() <=> right.size(); order != 0) return order;
        if (const auto order = left.compare(right) <=> 0; order != 0) return order;
    }
    return std::strong_ordering::equal;
}

/// What is before the last `-`, and what is behind it: the package's revision.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
    const auto dash = text.rfind('-');
    if (dash == text.npos) return {text, {}};
    return {text.substr(0, dash), text.substr(dash + 1)};
}

}  // namespace

std::optional<SystemVersion> SystemVersion::parse(std::string_view text) {
    const auto fits = [](char c) {
        return is_digit(c) || is_letter(c) || c == '.' || c == '+' || c == '~' || c == '-';
    };
    if (text.empty() || text.size() > 64 || !is_digit(text.front()) ||
        !std::all_of(text.begin(), text.end(), fits))
        return {};
    return SystemVersion(text);
}

std::strong_ordering operator<=>(const SystemVersion& a, const SystemVersion& b) {
    const auto left = split(a.text_), right = split(b.text_);
    if (const auto order = compare_parts(left.first, right.first); order != 0) return order;
    return compare_parts(left.second, right.second);
}

}  // namespace riverlight::content
