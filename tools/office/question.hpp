#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "content/base/error.hpp"
#include "content/http/server.hpp"
#include "tools/office/store.hpp"

/// What a page or a program asks for, read from a query string and written back into one.
namespace riverlight::office {

/// A question that cannot be answered as it was asked: 400, with the sentence.
class BadQuestion : public Error {
    using Error::Error;
};

/// A date like 2026-11-24; nothing where it is absent or empty. Throws BadQuestion.
[[nodiscard]] std::optional<std::chrono::local_days> day_of(const http::Request& request,
                                                            std::string_view name);
/// A whole number in [least, most]. Throws BadQuestion.
[[nodiscard]] std::size_t number_of(const http::Request& request, std::string_view name,
                                    std::size_t otherwise, std::size_t least, std::size_t most);
/// from, until, country, language, campaign, segment, status, board. Throws BadQuestion.
[[nodiscard]] AiringFilter filter_of(const http::Request& request);
[[nodiscard]] std::string query_of(const AiringFilter& filter);

/// `2026-11-24T…Z.17`, the last row of the page before; nothing where it is absent. Throws BadQuestion.
[[nodiscard]] std::optional<Cursor> cursor_of(const http::Request& request);
[[nodiscard]] std::string cursor_text(const AiringRow& row);

}  // namespace riverlight::office
