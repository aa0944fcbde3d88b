#pragma once
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"
#include "content/html/html.hpp"
#include "content/http/server.hpp"

namespace riverlight::office {

/// A page; browsers do not store it.
[[nodiscard]] http::Response page_response(const html::Html& page, int status = 200);
[[nodiscard]] http::Response json_response(const boost::json::value& value);
/// A file that a browser saves under `file_name`.
[[nodiscard]] http::Response download_response(std::string body, std::string_view type,
                                               const std::string& file_name);

/// The value of the header Date: IMF-fixdate (RFC 9110, section 5.6.7).
[[nodiscard]] std::string http_date(Instant at);

}  // namespace riverlight::office
