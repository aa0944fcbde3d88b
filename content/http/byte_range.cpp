#include "content/http/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace riverlight::http {

std::optional<std::pair<std::uint64_t, std::uint64_t>> byte_range(std::string_view header,
                                                                  std::uint64_t size) {
    if (!header.starts_with("bytes=") || header.find(',') != std::string_view::npos) return {};
    header.remove_prefix(6);
    const auto dash = header.find('-');
    if (dash == std::string_view::npos) return {};
    const auto number = [](std::string_view text) -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (ec != std::errc{} || end != text.data() + text.size()) return {};
        return value;
    };
    const auto first = number(header.substr(0, dash)), last = number(header.substr(dash + 1));
    if (dash == 0 && last) {  // the last n bytes
        if (size == 0) return {};
        return std::pair{size - std::min(*last, size), size - 1};
    }
    if (!first || (dash + 1 < header.size() && !last) || (last && *last < *first)) return {};
    if (*first >= size) return std::pair{std::uint64_t{1}, std::uint64_t{0}};
    return std::pair{*first, std::min(last.value_or(size - 1), size - 1)};
}

}  // namespace riverlight::http
