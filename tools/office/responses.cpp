#include "tools/office/responses.hpp"

#include <array>
#include <cassert>
#include <chrono>

#include "content/base/json.hpp"

namespace riverlight::office {
namespace {

http::Response unstored(std::string body, std::string_view type) {
    http::Response response;
    response.type = type;
    response.body = std::move(body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

}  // namespace

http::Response page_response(const html::Html& page, int status) {
    auto response = unstored(page.markup(), "text/html; charset=utf-8");
    response.status = status;
    return response;
}

http::Response json_response(const boost::json::value& value) {
    return unstored(pretty_json(value), "application/json");
}

http::Response download_response(std::string body, std::string_view type, const std::string& file_name) {
    assert(file_name.find_first_of("\"\\\r\n") == file_name.npos);
    auto response = unstored(std::move(body), type);
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file_name + '"');
    return response;
}

std::string http_date(Instant at) {
    using namespace std::chrono;
    constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto midnight = floor<days>(at);
    const year_month_day date{midnight};
    const auto text = to_rfc3339(at);
    return std::string(weekdays.at(weekday{midnight}.c_encoding())) + ", " + text.substr(8, 2) + ' ' +
           months.at(static_cast<unsigned>(date.month()) - 1) + ' ' + text.substr(0, 4) + ' ' +
           text.substr(11, 8) + " GMT";
}

}  // namespace riverlight::office
