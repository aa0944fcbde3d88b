#include "tools/office/parameters.hpp"

#include <charconv>

#include "scheduler/calendar/calendar.hpp"

namespace riverlight::office {
namespace {

/// A parameter and the field of a filter that it sets.
struct Parameter {
    std::string_view name;
    std::string AiringFilter::*value;
};
constexpr Parameter parameters[] = {
    {"country", &AiringFilter::country}, {"place", &AiringFilter::place},
    {"language", &AiringFilter::locale}, {"campaign", &AiringFilter::campaign},
    {"segment", &AiringFilter::segment}, {"status", &AiringFilter::status},
    {"board", &AiringFilter::board}};

template <class Number>
bool read_number(std::string_view text, Number& into) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace

std::optional<std::chrono::local_days> day_parameter(const http::Request& request, std::string_view name) {
    const auto text = request.query_or(name);
    if (text.empty()) return std::nullopt;
    const auto day = date_from_iso(text);
    if (!day)
        throw BadRequest("'" + std::string(name) + "' must be a date like 2026-11-24, and is '" + text + "'");
    return day;
}

std::chrono::local_days day_or_today(const http::Request& request, const std::string& zone, Instant now) {
    return day_parameter(request, "day").value_or(scheduler::local_day_of(now, zone).day);
}

std::size_t number_parameter(const http::Request& request, std::string_view name, std::size_t otherwise,
                             std::size_t least, std::size_t most) {
    const auto text = request.query_or(name);
    if (text.empty()) return otherwise;
    std::size_t number = 0;
    if (!read_number(text, number) || number < least || number > most)
        throw BadRequest("'" + std::string(name) + "' must be a number from " + std::to_string(least) +
                         " to " + std::to_string(most));
    return number;
}

AiringFilter filter_parameters(const http::Request& request) {
    AiringFilter filter;
    filter.from = day_parameter(request, "from");
    filter.until = day_parameter(request, "until");
    for (const auto& parameter : parameters) filter.*parameter.value = request.query_or(parameter.name);
    filter.overclaims = request.query_or("overclaims") == "yes";
    filter.in_doubt = request.query_or("doubt") == "yes";
    return filter;
}

html::Url with_filter(html::Url url, const AiringFilter& filter) {
    if (filter.from) url = url.with("from", to_iso(*filter.from));
    if (filter.until) url = url.with("until", to_iso(*filter.until));
    for (const auto& parameter : parameters)
        if (!(filter.*parameter.value).empty()) url = url.with(parameter.name, filter.*parameter.value);
    if (filter.overclaims) url = url.with("overclaims", "yes");
    if (filter.in_doubt) url = url.with("doubt", "yes");
    return url;
}

AiringOrder order_parameter(const http::Request& request) {
    const auto text = request.query_or("order");
    if (text.empty() || text == "newest") return AiringOrder::newest;
    if (text != "oldest") throw BadRequest("'order' must be newest or oldest, and is '" + text + "'");
    return AiringOrder::oldest;
}

html::Url with_order(html::Url url, AiringOrder order) {
    return order == AiringOrder::oldest ? url.with("order", "oldest") : url;
}

std::optional<Cursor> cursor_parameter(const http::Request& request) {
    const auto text = request.query_or("after");
    if (text.empty()) return std::nullopt;
    const auto dot = text.rfind('.');
    Cursor cursor;
    if (dot != std::string::npos && read_number(std::string_view(text).substr(dot + 1), cursor.id)) {
        cursor.at = text.substr(0, dot);
        if (cursor.at.empty() || from_rfc3339(cursor.at)) return cursor;
    }
    throw BadRequest("'after' must be the 'next' of the page before");
}

std::string cursor_text(const Cursor& cursor) {
    return cursor.at + '.' + std::to_string(cursor.id);
}

}  // namespace riverlight::office
