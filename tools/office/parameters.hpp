#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "content/base/error.hpp"
#include "content/html/url.hpp"
#include "content/http/server.hpp"
#include "tools/office/store.hpp"

/// Reads the query parameters of a request, and writes them into addresses.
namespace riverlight::office {

/// What a person or program asked for cannot be done as asked: 400, with the message.
class BadRequest : public Error {
    using Error::Error;
};

/// A date like 2026-11-24; nothing if it is absent or empty. Throws BadRequest.
[[nodiscard]] std::optional<std::chrono::local_days> day_parameter(const http::Request& request,
                                                                   std::string_view name);
/// The parameter `day`, or today in a zone. Throws BadRequest.
[[nodiscard]] std::chrono::local_days day_or_today(const http::Request& request, const std::string& zone,
                                                   Instant now);
/// A whole number in [least, most]; `otherwise` if it is absent. Throws BadRequest.
[[nodiscard]] std::size_t number_parameter(const http::Request& request, std::string_view name,
                                           std::size_t otherwise, std::size_t least, std::size_t most);
/// The parameters from, until, country, place, language, campaign, segment, status, board, overclaims, doubt.
/// Throws BadRequest.
[[nodiscard]] AiringFilter filter_parameters(const http::Request& request);
/// The same address with the filter's parameters in its query.
[[nodiscard]] html::Url with_filter(html::Url url, const AiringFilter& filter);

/// The parameter `order`, newest or oldest; newest if it is absent. Throws BadRequest.
[[nodiscard]] AiringOrder order_parameter(const http::Request& request);
[[nodiscard]] html::Url with_order(html::Url url, AiringOrder order);

/// The parameter `after`: `2026-11-24T…Z.17`, the last row of the page before; nothing if it is absent.
/// Throws BadRequest.
[[nodiscard]] std::optional<Cursor> cursor_parameter(const http::Request& request);
[[nodiscard]] std::string cursor_text(const Cursor& cursor);

}  // namespace riverlight::office
