#include "content/base/toml.hpp"

namespace riverlight {
namespace {

/// Scans TOML outside strings and comments and counts what costs the parser memory or stack.
class Shape {
  public:
    explicit Shape(std::string_view text) : text_(text) {}

    std::optional<TomlFault> fault() {
        for (at_ = 0; at_ < text_.size(); ++at_) {
            if (auto found = step(text_[at_])) return TomlFault{line_, std::move(*found)};
        }
        return {};
    }

  private:
    std::optional<std::string> step(char c) {
        switch (c) {
            case '\n':
                ++line_;
                parts_ = 0;
                break;
            case '#':
                while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
                break;
            case '"':
            case '\'':
                skip_string(c);
                break;
            case '.':
                return count(++parts_ > toml_deepest);
            case '[':
            case '{':
                parts_ = 0;
                return count(++depth_ > toml_deepest);
            case ']':
            case '}':
                if (depth_ > 0) --depth_;
                break;
            case '=':
            case ',':
                parts_ = 0;
                return count(false);
            default:
                break;
        }
        return {};
    }

    std::optional<std::string> count(bool too_deep) {
        if (too_deep) return "is nested deeper than the " + std::to_string(toml_deepest) + " levels allowed";
        if (++values_ > toml_most_values)
            return "holds more than the " + std::to_string(toml_most_values) + " values allowed; split it";
        return {};
    }

    /// Moves to the string's closing quote. The parser reports strings without one.
    void skip_string(char quote) {
        const bool multiline = text_.substr(at_, 3) == std::string(3, quote);
        const std::size_t quotes = multiline ? 3 : 1;
        for (at_ += quotes; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') {
                ++line_;
                if (!multiline) {
                    parts_ = 0;
                    return;
                }
            }
            if (text_[at_] == '\\' && quote == '"') {
                ++at_;
                continue;
            }
            if (text_.substr(at_, quotes) != std::string(quotes, quote)) continue;
            at_ += quotes - 1;
            return;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::size_t parts_ = 0, depth_ = 0, values_ = 0;
};

}  // namespace

std::optional<TomlFault> toml_shape_fault(std::string_view text) {
    return Shape(text).fault();
}

}  // namespace riverlight
