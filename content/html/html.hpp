#pragma once
#include <string>
#include <string_view>
#include <type_traits>

#include "content/html/pattern.hpp"
#include "content/html/url.hpp"

namespace riverlight::html {

/// An attribute's name, a literal; none that carries script, style or an address.
class AttributeName {
  public:
    template <std::size_t Size>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a name
    consteval AttributeName(const char (&text)[Size]) : text_(text, Size - 1) {
        if (text_.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != text_.npos)
            throw BadPattern{"an attribute's name has lower-case letters and hyphens"};
        if (is_forbidden_attribute(text_) || is_url_attribute(text_))
            throw BadPattern{"script, style and addresses have no attribute of this kind"};
    }
    [[nodiscard]] constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

/// One attribute of a tag, or none.
class Attribute {
  public:
    Attribute() = default;
    Attribute(AttributeName name, std::string_view value);
    /// `selected`, `hidden` and the like: there, or not.
    [[nodiscard]] static Attribute flag(AttributeName name, bool present);
    /// With a space before it; empty for none.
    [[nodiscard]] const std::string& markup() const { return markup_; }

  private:
    std::string markup_;
};

/// Well-formed markup: every element closed, every attribute quoted. It is made from literal patterns alone,
/// into whose holes values are put by type: `Html("<a href=\"{}\">{}</a>", url, name)`. Text is escaped;
/// other Html stays as it is. What a value may not fill does not compile (see pattern.hpp).
class Html {
  public:
    Html() = default;
    template <class... Values>
    explicit Html(Pattern<std::type_identity_t<Values>...> pattern, const Values&... values) {
        std::size_t hole = 0;
        ((markup_ += pattern.before(hole++), append(values)), ...);
        markup_ += pattern.before(hole);
    }
    /// Text as it is read, escaped.
    [[nodiscard]] static Html text(std::string_view text) { return Html("{}", text); }

    Html& operator+=(const Html& other) {
        markup_ += other.markup_;
        return *this;
    }
    [[nodiscard]] friend Html operator+(Html left, const Html& right) { return left += right; }
    friend bool operator==(const Html&, const Html&) = default;

    [[nodiscard]] bool empty() const { return markup_.empty(); }
    /// The bytes to send, UTF-8.
    [[nodiscard]] const std::string& markup() const { return markup_; }

  private:
    friend Html inlined_style();

    void append(const Html& html) { markup_ += html.markup_; }
    void append(const Attribute& attribute) { markup_ += attribute.markup(); }
    void append(const Url& url) { append(std::string_view(url.text())); }
    void append(std::string_view text);
    template <std::integral Number>
    void append(Number number) {
        markup_ += std::to_string(number);
    }

    std::string markup_;
};

}  // namespace riverlight::html
