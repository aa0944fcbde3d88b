#include "tools/office/responses.hpp"

#include <cassert>

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

}  // namespace riverlight::office
