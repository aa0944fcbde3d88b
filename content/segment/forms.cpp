#include "content/segment/forms.hpp"

#include <algorithm>

namespace riverlight::content {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_sha256(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                            [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_language(std::string_view text) {
    if (text.size() < 2 || text.size() > 35) return false;
    std::size_t part = 0, length = 0;
    for (const char c : text) {
        if (c == '-') {
            if (length == 0) return false;
            ++part;
            length = 0;
        } else {
            if (!(part == 0 ? is_alpha(c) : is_alpha(c) || is_digit(c)) || ++length > 8) return false;
        }
    }
    return length > 0 && (text.find('-') == std::string_view::npos ? length : text.find('-')) <= 3;
}

bool is_country(std::string_view text) {
    return text.size() == 2 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) ||
        !is_digit(text[3]) || !is_digit(text[4]))
        return {};
    const int hours = (text[0] - '0') * 10 + (text[1] - '0');
    const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (minutes > 59 || hours * 60 + minutes > 24 * 60) return {};
    return std::chrono::minutes{hours * 60 + minutes};
}

std::string time_of_day_text(std::chrono::minutes time) {
    const auto two = [](long n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    return two(time.count() / 60) + ':' + two(time.count() % 60);
}

}  // namespace riverlight::content
