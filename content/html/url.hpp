#pragma once
#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include "content/html/pattern.hpp"

namespace riverlight::html {

/// The literal path of an address, with a hole `{}` for each of `Values`: `/boards/{}/approve`.
template <class... Values>
class PathPattern {
  public:
    template <std::size_t Size>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a pattern
    consteval PathPattern(const char (&text)[Size]) : text_(text, Size - 1) {
        static_assert(((kind_of<Values>() == ValueKind::text) && ...),
                      "a path is filled with text and numbers");
        if (!text_.starts_with('/') || text_.starts_with("//"))
            throw BadPattern{"an address is a path on the same server"};
        std::size_t count = 0;
        for (std::size_t at = 0; at < text_.size(); ++at) {
            if (text_.substr(at).starts_with("{}")) {
                if (count == sizeof...(Values)) throw BadPattern{"there are more holes than values"};
                holes_[count++] = at++;
            } else if (!in_path(text_[at])) {
                throw BadPattern{"a path has letters, digits and / - . _ ~; a query is added with with()"};
            }
        }
        if (count != sizeof...(Values)) throw BadPattern{"there are more values than holes"};
        holes_[count] = text_.size();
    }

    /// The literal text before hole `i`; with `i` = number of values, the text after the last one.
    [[nodiscard]] constexpr std::string_view before(std::size_t i) const {
        const auto from = i == 0 ? 0 : holes_[i - 1] + 2;
        return text_.substr(from, holes_[i] - from);
    }

  private:
    [[nodiscard]] static constexpr bool in_path(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
               c == '-' || c == '.' || c == '_' || c == '~';
    }

    std::string_view text_;
    std::array<std::size_t, sizeof...(Values) + 1> holes_{};
};

/// RFC 3986, 2.1: everything but letters, digits and - . _ ~ as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// An address that a page links to: a path on the same server, with a query; a place on the same page; or a
/// picture inside the page.
/// Values are percent-encoded, so that each stays the path segment or query value that it was put into.
class Url {
  public:
    /// Throws Error where a value would make a segment `.` or `..`, which no encoding keeps apart from a step
    /// in the path.
    template <class... Values>
    explicit Url(PathPattern<std::type_identity_t<Values>...> pattern, const Values&... values) {
        std::size_t hole = 0;
        ((text_ += pattern.before(hole++), append(values)), ...);
        text_ += pattern.before(hole);
        require_no_dot_segment();
    }
    /// The bytes themselves (RFC 2397), of a media type such as `image/jpeg`.
    [[nodiscard]] static Url data(std::string_view media_type, std::string_view bytes);

    /// A place on the same page, by the id of its element.
    [[nodiscard]] static Url fragment(std::string_view id);

    /// The same address with one more field in its query.
    [[nodiscard]] Url with(std::string_view name, std::string_view value) const;

    /// As in a Location header; a page escapes it once more.
    [[nodiscard]] const std::string& text() const { return text_; }
    friend bool operator==(const Url&, const Url&) = default;

  private:
    Url() = default;
    void append(std::string_view value) { text_ += percent_encoded(value); }
    template <std::integral Number>
    void append(Number number) {
        text_ += std::to_string(number);
    }
    void require_no_dot_segment() const;

    std::string text_;
};

}  // namespace riverlight::html
