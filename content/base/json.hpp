#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/error.hpp"

namespace riverlight {

/// Limits for untrusted JSON. `bytes` is checked before parsing, the others while parsing.
struct JsonLimits {
    std::size_t bytes = 4U << 20;    ///< longest text
    std::size_t depth = 32;          ///< deepest nesting
    std::size_t values = 1'000'000;  ///< values and keys together
};

/// Parses one I-JSON text (RFC 7493): UTF-8, no duplicate keys, no trailing bytes, no comments, no integers
/// beyond 64 bits. Throws ReadError for anything else; `what` names the text.
[[nodiscard]] boost::json::value parse_json(std::string_view text, std::string_view what,
                                            const JsonLimits& limits = {});

/// Streams the members of one large object out of a document: each member of the object at
/// `document[first][second]` goes to `handle` and is left out of the parsed value. Saves memory for objects
/// with tens of thousands of members.
struct JsonMemberStream {
    std::string_view first{}, second{};
    /// Called in text order while parsing. If parsing throws later, discard what it received. `value` is
    /// destroyed after the call. May throw Error, which ends the parse.
    std::function<void(std::string_view key, const boost::json::value& value)> handle{};
};

struct JsonDocument {
    boost::json::value value;
    std::string canonical;  ///< tuf_canonical_json() of the requested member; empty if the document lacks it
};

/// parse_json() and tuf_canonical_json() of the top-level member `part`, in one pass over the text. Throws
/// Error also if that member contains a floating-point number.
[[nodiscard]] JsonDocument parse_json_with(std::string_view part, std::string_view text,
                                           std::string_view what, const JsonLimits& limits = {},
                                           const JsonMemberStream& stream = {});

/// OLPC canonical JSON, the form that our journal signs and hashes: keys sorted by code unit, no white space,
/// only `"` and `\` escaped, integers only. Writes only what every reader reads back to the same value:
/// throws Error for a floating-point number, an integer beyond ±2^53, a text or key that is not UTF-8 or has
/// a character below U+0020 (the form cannot escape it), and nesting deeper than 32 (RFC 7493).
[[nodiscard]] std::string canonical_json(const boost::json::value& value);

/// The same form of what others sign by TUF's rules: control characters stand as they are (the line ends of a
/// PEM key), and integers have 64 bits. Its bytes are to be signed or hashed, not parsed. Throws Error for a
/// floating-point number.
[[nodiscard]] std::string tuf_canonical_json(const boost::json::value& value);

/// Human-readable JSON: two-space indent, keys in their order, newline at the end.
[[nodiscard]] std::string pretty_json(const boost::json::value& value);

/// Reads the fields of one JSON object by name and type. A missing or wrongly typed field throws ReadError
/// with the key below `where`. Refers to `object`, which must outlive it.
class JsonFields {
  public:
    JsonFields(const boost::json::value& value, Where where);
    JsonFields(const boost::json::object& object, Where where) : object_(&object), where_(std::move(where)) {}
    JsonFields(boost::json::value&&, Where) = delete;  // it would refer to a temporary
    JsonFields(boost::json::object&&, Where) = delete;

    [[nodiscard]] std::string text(std::string_view key, std::size_t longest = 4096);
    [[nodiscard]] std::string text_or(std::string_view key, std::string otherwise,
                                      std::size_t longest = 4096);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
    [[nodiscard]] std::int64_t integer_or(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                          std::int64_t most);
    [[nodiscard]] double number_or(std::string_view key, double otherwise);
    [[nodiscard]] bool boolean_or(std::string_view key, bool otherwise);
    [[nodiscard]] const boost::json::object& object(std::string_view key);
    [[nodiscard]] const boost::json::array& array(std::string_view key, std::size_t most = 100'000);
    [[nodiscard]] std::vector<std::string> texts_or_none(std::string_view key, std::size_t most = 10'000);
    /// Null pointer where the key is absent or null.
    [[nodiscard]] const boost::json::value* optional(std::string_view key);
    /// Throws ReadError unless the field `format` is exactly `wanted`.
    void format(std::int64_t wanted);
    /// Throws ReadError with the first key that none of the calls above read: the object may have no other
    /// keys.
    void closed() const;
    /// Throws ReadError about the field `key`. `why` begins with a verb: `must be …`.
    [[noreturn]] void refuse(std::string_view key, ReadFault kind, const std::string& why) const;
    [[nodiscard]] const Where& where() const { return where_; }
    [[nodiscard]] const std::string& what() const { return where_.text(); }

  private:
    const boost::json::value& require(std::string_view key);

    const boost::json::object* object_;
    Where where_;
    std::vector<std::string> asked_;
};

}  // namespace riverlight
