#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

/// Checks the literal patterns that HTML and addresses are made from, while the program is compiled. A
/// pattern that a value could escape from does not compile.
namespace riverlight::html {

class Html;
class Url;
class Attribute;

/// What a value is.
enum class ValueKind { markup, text, url, attribute };

/// Where in a pattern a hole `{}` is, which decides what may fill it.
enum class HolePlace {
    content,  ///< between tags: markup as it is, or text, which is escaped
    value,    ///< in a quoted attribute: text, which is escaped
    url,      ///< the whole of an attribute that a browser follows: a Url
    tag,      ///< in a tag, after its name or an attribute: an Attribute
};

/// The reason that a pattern does not compile.
struct BadPattern {
    const char* reason;
};

template <class Value>
constexpr ValueKind kind_of() {
    using T = std::remove_cvref_t<Value>;
    if constexpr (std::same_as<T, Html>)
        return ValueKind::markup;
    else if constexpr (std::same_as<T, Url>)
        return ValueKind::url;
    else if constexpr (std::same_as<T, Attribute>)
        return ValueKind::attribute;
    else {
        static_assert(std::convertible_to<const T&, std::string_view> ||
                          (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>),
                      "a pattern takes Html, Url, Attribute, text and whole numbers");
        return ValueKind::text;
    }
}

[[nodiscard]] constexpr bool may_fill(ValueKind kind, HolePlace place) {
    switch (place) {
        case HolePlace::content:
            return kind == ValueKind::markup || kind == ValueKind::text || kind == ValueKind::url;
        case HolePlace::value:
            return kind == ValueKind::text;
        case HolePlace::url:
            return kind == ValueKind::url;
        case HolePlace::tag:
            return kind == ValueKind::attribute;
    }
    return false;
}

/// True for attributes whose value a browser or live.js follows as an address.
[[nodiscard]] constexpr bool is_url_attribute(std::string_view name) {
    for (const std::string_view known :
         {"href", "src", "action", "formaction", "poster", "cite", "data-live", "data-src"})
        if (name == known) return true;
    return false;
}

/// True for attributes that would carry script or style, which the content security policy forbids.
[[nodiscard]] constexpr bool is_forbidden_attribute(std::string_view name) {
    return name.starts_with("on") || name == "style" || name == "srcdoc" || name == "srcset";
}

struct Hole {
    std::size_t at = 0;
    HolePlace place = HolePlace::content;
};

/// Walks through a pattern of HTML from hole to hole. Elements must be closed in order, attributes quoted
/// with double quotes; comments, and text inside script and style, are refused. Runs at compile time.
class Scanner {
  public:
    constexpr explicit Scanner(std::string_view text) : text_(text) {}

    /// False at the end of the pattern, which must be between tags with every element closed.
    constexpr bool next(Hole& hole) {
        while (at_ < text_.size()) {
            if (text_[at_] == '{') {
                if (!rest().starts_with("{}")) throw BadPattern{"a hole is written {}"};
                hole = {at_, place()};
                at_ += 2;
                return true;
            }
            step();
        }
        if (state_ != State::content) throw BadPattern{"a tag or an attribute does not end"};
        if (depth_ != 0) throw BadPattern{"an element is not closed"};
        return false;
    }

  private:
    enum class State { content, tag, value };

    [[nodiscard]] constexpr std::string_view rest() const { return text_.substr(at_); }

    [[nodiscard]] constexpr HolePlace place() const {
        if (state_ == State::content) return HolePlace::content;
        if (state_ == State::tag) return HolePlace::tag;
        if (!is_url_attribute(attribute_)) return HolePlace::value;
        if (text_[at_ - 1] != '"' || !rest().starts_with("{}\""))
            throw BadPattern{"an address is the whole value of its attribute"};
        return HolePlace::url;
    }

    constexpr void step() {
        switch (state_) {
            case State::content:
                return content();
            case State::tag:
                return tag();
            case State::value:
                if (text_[at_++] == '"') state_ = State::tag;
                return;
        }
    }

    constexpr void content() {
        if (rest().starts_with("<!doctype html>"))
            at_ += std::string_view("<!doctype html>").size();
        else if (rest().starts_with("</"))
            close();
        else if (text_[at_] == '<')
            open();
        else
            ++at_;
    }

    constexpr void open() {
        ++at_;
        const auto name = word();
        if (name.empty()) throw BadPattern{"a tag has no name"};
        if (depth_ == open_.size()) throw BadPattern{"too many elements inside each other"};
        open_[depth_++] = name;
        state_ = State::tag;
    }

    constexpr void close() {
        at_ += 2;
        if (depth_ == 0 || open_[depth_ - 1] != word())
            throw BadPattern{"an element is closed that is not the last one opened"};
        if (!rest().starts_with('>')) throw BadPattern{"a closing tag has no >"};
        ++at_;
        --depth_;
    }

    constexpr void tag() {
        if (text_[at_] == ' ' || text_[at_] == '\n') {
            ++at_;
        } else if (rest().starts_with("/>")) {
            at_ += 2;
            --depth_;
            state_ = State::content;
        } else if (text_[at_] == '>') {
            ++at_;
            state_ = State::content;
            const auto name = open_[depth_ - 1];
            if ((name == "script" || name == "style") && !rest().starts_with("</"))
                throw BadPattern{"script and style are files of their own"};
            if (is_void(name)) --depth_;
        } else {
            attribute();
        }
    }

    constexpr void attribute() {
        attribute_ = word();
        if (attribute_.empty()) throw BadPattern{"an attribute has no name"};
        if (is_forbidden_attribute(attribute_)) throw BadPattern{"script or style in an attribute"};
        if (!rest().starts_with('=')) return;
        if (!rest().starts_with("=\"")) throw BadPattern{"an attribute's value has double quotes"};
        at_ += 2;
        state_ = State::value;
    }

    /// A name of an element or attribute.
    constexpr std::string_view word() {
        const auto from = at_;
        const auto in_name = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                   c == ':';
        };
        while (at_ < text_.size() && in_name(text_[at_])) ++at_;
        return text_.substr(from, at_ - from);
    }

    /// Elements that have no closing tag (HTML, 13.1.2), as far as pages use them.
    [[nodiscard]] static constexpr bool is_void(std::string_view name) {
        for (const std::string_view known : {"br", "hr", "img", "input", "link", "meta"})
            if (name == known) return true;
        return false;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    State state_ = State::content;
    std::string_view attribute_;
    std::array<std::string_view, 24> open_{};
    std::size_t depth_ = 0;
};

/// A literal of HTML with a hole `{}` for each of `Values`.
template <class... Values>
class Pattern {
  public:
    template <std::size_t Size>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is a pattern
    consteval Pattern(const char (&text)[Size]) : text_(text, Size - 1) {
        constexpr std::array<ValueKind, sizeof...(Values) + 1> kinds{kind_of<Values>()..., ValueKind::text};
        Scanner scanner(text_);
        std::size_t count = 0;
        for (Hole hole; scanner.next(hole);) {
            if (count == sizeof...(Values)) throw BadPattern{"there are more holes than values"};
            if (!may_fill(kinds[count], hole.place))
                throw BadPattern{"a value of this type may not stand here"};
            holes_[count++] = hole.at;
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
    std::string_view text_;
    std::array<std::size_t, sizeof...(Values) + 1> holes_{};
};

}  // namespace riverlight::html
