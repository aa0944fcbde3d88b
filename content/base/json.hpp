#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/error.hpp"

namespace riverlight {

/// Bounds that untrusted JSON is held to before and while it is read.
struct JsonLimits {
    std::size_t bytes = 4U << 20;    ///< longest text
    std::size_t depth = 32;          ///< deepest nesting
    std::size_t values = 1'000'000;  ///< values and keys together
};

/// Reads one I-JSON text (RFC 7493): UTF-8, no duplicate keys, no trailing bytes, no comments; integers that
/// do not fit 64 bits are refused. `what` names the text in the message of the Error that anything else
/// throws.
[[nodiscard]] boost::json::value parse_json(std::string_view text, std::string_view what,
                                            const JsonLimits& limits = {});

/// Members of one object of a document that are handed over one at a time instead of being part of its value:
/// those of the object that the keys `first` and `second` lead to from the top. For objects with tens of
/// thousands of members.
struct JsonMembers {
    std::string_view first{}, second{};
    /// Called in the order of the text, before all of it has been read: what was handed over counts for
    /// nothing if reading then throws. `value` goes away afterwards. May throw Error.
    std::function<void(std::string_view key, const boost::json::value& value)> take{};
};

struct JsonDocument {
    boost::json::value value;
    std::string canonical;  ///< canonical_json() of the part that was asked for; empty: there is none
};

/// As parse_json(), with the canonical form of the top-level member `part`, in one pass over the text. Throws
/// Error also where that holds a floating-point number.
[[nodiscard]] JsonDocument parse_json_with(std::string_view part, std::string_view text,
                                           std::string_view what, const JsonLimits& limits = {},
                                           const JsonMembers& apart = {});

/// OLPC canonical JSON (the form that TUF and our journal sign and hash): keys sorted by code unit, no white
/// space, only `"` and `\` escaped, integers only. A floating-point number throws Error.
[[nodiscard]] std::string canonical_json(const boost::json::value& value);

/// Human-readable JSON, two-space indent, keys in their order, newline at the end.
[[nodiscard]] std::string pretty_json(const boost::json::value& value);

/// Reads the fields of one JSON object, each asked for by name and type; a missing or ill-typed field throws
/// Error that names `what` and the key. Where `closed()` is called, keys that were never asked for are
/// refused. Views `object`; keep it alive.
class JsonFields {
  public:
    JsonFields(const boost::json::value& value, std::string what);
    JsonFields(const boost::json::object& object, std::string what)
        : object_(&object), what_(std::move(what)) {}
    JsonFields(boost::json::value&&, std::string) = delete;  // it would view what is about to go
    JsonFields(boost::json::object&&, std::string) = delete;

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
    /// Throws Error unless the field `format` is exactly `wanted`.
    void format(std::int64_t wanted);
    /// Throws Error naming the first key that no call above asked for.
    void closed() const;
    [[nodiscard]] const std::string& what() const { return what_; }

  private:
    const boost::json::value& need(std::string_view key);

    const boost::json::object* object_;
    std::string what_;
    std::vector<std::string> asked_;
};

}  // namespace riverlight
