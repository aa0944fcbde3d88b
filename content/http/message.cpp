#include "content/http/message.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "content/base/error.hpp"
#include "content/base/markup.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::http {
namespace {

/// Decodes a form value: `+` is a space.
std::string form_decoded(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decoded(spaced);
}

/// True for what may stand in a header (RFC 9110, 5.5): no line break, and no other control character but a
/// tab. What follows a line break would be a header or a body of its own.
bool is_header_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

}  // namespace

void check_headers(const Response& response) {
    if (!is_header_text(response.type)) throw Error("the answer's Content-Type has a control character");
    if (!is_header_text(response.etag)) throw Error("the answer's ETag has a control character");
    for (const auto& [name, value] : response.headers)
        if (!is_header_text(name) || !is_header_text(value))
            throw Error("an answer's header has a control character: " + plain_text(name));
}

std::string percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        const char lower = static_cast<char>(c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> decode_form(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!text.empty() && out.size() < 1000) {
        const auto end = std::min(text.find('&'), text.size());
        const auto field = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (field.empty()) continue;
        const auto equals = std::min(field.find('='), field.size());
        out.emplace_back(form_decoded(field.substr(0, equals)),
                         form_decoded(field.substr(std::min(equals + 1, field.size()))));
    }
    return out;
}

std::string_view Request::header(std::string_view lower_name) const {
    const auto found = headers.find(lower_name);
    return found == headers.end() ? std::string_view{} : found->second;
}

std::string Request::query_or(std::string_view name, std::string otherwise) const {
    const auto found =
        std::find_if(query.begin(), query.end(), [&](const auto& field) { return field.first == name; });
    if (found == query.end()) return otherwise;
    return found->second;
}

std::string Request::cookie(std::string_view name) const {
    auto text = header("cookie");
    while (!text.empty()) {
        const auto end = std::min(text.find(';'), text.size());
        auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
            return std::string(pair.substr(name.size() + 1));
    }
    return {};
}

std::map<std::string, std::string> Request::form() const {
    std::map<std::string, std::string> out;
    if (!header("content-type").starts_with("application/x-www-form-urlencoded")) return out;
    for (auto& [name, value] : decode_form(body)) out.emplace(std::move(name), std::move(value));
    return out;
}

Response problem(int status, std::string_view type, std::string_view title, std::string_view detail,
                 const boost::json::object& more) {
    Response response;
    response.status = status;
    response.type = "application/problem+json";
    auto document = more;
    document["type"] = type;
    document["title"] = title;
    document["status"] = status;
    document["detail"] = detail;
    boost::json::value plain(std::move(document));
    make_plain(plain);  // it may quote what was asked for
    response.body = boost::json::serialize(plain);
    return response;
}

Response redirect(std::string location) {
    Response response;
    response.status = 303;
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

std::string html(std::string_view text) {
    return markup_escaped(text);
}

}  // namespace riverlight::http
