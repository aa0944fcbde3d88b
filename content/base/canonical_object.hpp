#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// Canonical JSON (json.hpp) without a tree of values: for what is hashed or stored often.
namespace riverlight {

/// One object, written member by member in the order of their keys, each once. Every call throws Error for
/// what canonical_json() refuses.
class CanonicalObject {
  public:
    void add(std::string_view key, std::string_view text);
    void add(std::string_view key, std::int64_t number);
    void add_null(std::string_view key);
    /// An object of texts: pairs in the order of their keys, as a std::map has them.
    template <class Texts>
    void add_texts(std::string_view key, const Texts& texts) {
        CanonicalObject inner;
        for (const auto& [name, text] : texts) inner.add(name, std::string_view(text));
        begin(key);
        out_ += std::move(inner).text();
    }
    /// The object; once.
    [[nodiscard]] std::string text() &&;

  private:
    void begin(std::string_view key);

    std::string out_;
    std::string last_;  ///< key
};

namespace canonical {
/// Throws Error unless the text is UTF-8 without control characters.
void require_readable(std::string_view text);
/// Throws Error unless the number is within ±2^53: not every reader keeps others.
void require_readable(std::int64_t number);
/// Appends the text in quotes.
void append(std::string& out, std::string_view text);
}  // namespace canonical

}  // namespace riverlight
