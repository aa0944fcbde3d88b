#include "tools/office/question.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>

namespace riverlight::office {
namespace {

/// A field's name in a query and where it lies in a filter.
struct Field {
    std::string_view name;
    std::string AiringFilter::*value;
};
constexpr Field fields[] = {{"country", &AiringFilter::country},   {"language", &AiringFilter::locale},
                            {"campaign", &AiringFilter::campaign}, {"segment", &AiringFilter::segment},
                            {"status", &AiringFilter::status},     {"board", &AiringFilter::board}};

template <class Number>
bool read_number(std::string_view text, Number& into) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace

std::optional<std::chrono::local_days> day_of(const http::Request& request, std::string_view name) {
    const auto text = request.query_or(name);
    if (text.empty()) return std::nullopt;
    const auto day = date_from_iso(text);
    if (!day)
        throw BadQuestion("'" + std::string(name) + "' must be a date like 2026-11-24, and is '" + text +
                          "'");
    return day;
}

std::size_t number_of(const http::Request& request, std::string_view name, std::size_t otherwise,
                      std::size_t least, std::size_t most) {
    const auto text = request.query_or(name);
    if (text.empty()) return otherwise;
    std::size_t number = 0;
    if (!read_number(text, number) || number < least || number > most)
        throw BadQuestion("'" + std::string(name) + "' must be a number from " + std::to_string(least) +
                          " to " + std::to_string(most));
    return number;
}

AiringFilter filter_of(const http::Request& request) {
    AiringFilter filter;
    filter.from = day_of(request, "from");
    filter.until = day_of(request, "until");
    for (const auto& field : fields) filter.*field.value = request.query_or(field.name);
    return filter;
}

std::string query_of(const AiringFilter& filter) {
    std::string out;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (value.empty()) return;
        if (!out.empty()) out += '&';
        out += std::string(name) + '=' + boost::urls::encode(value, boost::urls::unreserved_chars);
    };
    add("from", filter.from ? to_iso(*filter.from) : "");
    add("until", filter.until ? to_iso(*filter.until) : "");
    for (const auto& field : fields) add(field.name, filter.*field.value);
    return out;
}

std::optional<Cursor> cursor_of(const http::Request& request) {
    const auto text = request.query_or("after");
    if (text.empty()) return std::nullopt;
    const auto dot = text.rfind('.');
    Cursor cursor;
    if (dot != std::string::npos && read_number(std::string_view(text).substr(dot + 1), cursor.id)) {
        cursor.at = text.substr(0, dot);
        if (from_rfc3339(cursor.at)) return cursor;
    }
    throw BadQuestion("'after' must be the 'next' of the page before");
}

std::string cursor_text(const AiringRow& row) {
    return to_rfc3339(time_of(row.record)) + '.' + std::to_string(row.id);
}

}  // namespace riverlight::office
