#include "content/html/url.hpp"

#include <algorithm>
#include <cassert>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"

namespace riverlight::html {

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (unreserved.find(c) != unreserved.npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

Url Url::data(std::string_view media_type, std::string_view bytes) {
    assert(media_type.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-+./") == media_type.npos);
    Url url;
    url.text_ = "data:" + std::string(media_type) + ";base64," + to_base64(bytes);
    return url;
}

Url Url::fragment(std::string_view id) {
    Url url;
    url.text_ = '#' + percent_encoded(id);
    return url;
}

Url Url::with(std::string_view name, std::string_view value) const {
    assert(text_.starts_with('/'));  // a data address has no query
    auto url = *this;
    url.text_ += text_.find('?') == text_.npos ? '?' : '&';
    url.text_ += percent_encoded(name) + '=' + percent_encoded(value);
    return url;
}

void Url::require_no_dot_segment() const {
    std::string_view rest = text_;
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto segment = rest.substr(0, std::min(rest.find('/'), rest.size()));
        if (segment == "." || segment == "..")
            throw Error("the address '" + text_ + "' would lead elsewhere: '" + std::string(segment) +
                        "' cannot be a name in it");
        rest.remove_prefix(segment.size());
    }
}

}  // namespace riverlight::html
