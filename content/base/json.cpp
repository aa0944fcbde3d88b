#include "content/base/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cassert>

#include "content/base/canonical_object.hpp"
#include "content/base/json_reader.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight {
namespace {

namespace json = boost::json;

void write_canonical(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            out += "null";
            return;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return;
        case json::kind::int64:
            out += std::to_string(value.get_int64());
            return;
        case json::kind::uint64:
            out += std::to_string(value.get_uint64());
            return;
        case json::kind::double_:
            throw Error("canonical JSON holds integers only, not a floating-point number");
        case json::kind::string:
            canonical::append(out, std::string_view(value.get_string()));
            return;
        case json::kind::array: {
            out += '[';
            const char* comma = "";
            for (const auto& item : value.get_array()) {
                out += comma;
                write_canonical(out, item);
                comma = ",";
            }
            out += ']';
            return;
        }
        case json::kind::object: {
            std::vector<const json::key_value_pair*> members;
            members.reserve(value.get_object().size());
            for (const auto& member : value.get_object()) members.push_back(&member);
            std::sort(members.begin(), members.end(),
                      [](const auto* a, const auto* b) { return a->key() < b->key(); });
            out += '{';
            const char* comma = "";
            for (const auto* member : members) {
                out += comma;
                canonical::append(out, member->key());
                out += ':';
                write_canonical(out, member->value());
                comma = ",";
            }
            out += '}';
            return;
        }
    }
}

/// Throws Error for what canonical_json() could write and no reader would read back. `depth`: of the arrays
/// and objects around `value`.
void require_readable(const json::value& value, std::size_t depth) {
    if (value.is_structured() && depth == JsonLimits{}.depth)
        throw Error("canonical JSON is nested deeper than " + std::to_string(depth));
    if (const auto* text = value.if_string()) canonical::require_readable(std::string_view(*text));
    if (const auto* number = value.if_int64()) canonical::require_readable(*number);
    if (const auto* number = value.if_uint64())
        canonical::require_readable(static_cast<std::int64_t>(std::min(*number, std::uint64_t{1} << 60)));
    if (const auto* array = value.if_array())
        for (const auto& item : *array) require_readable(item, depth + 1);
    if (const auto* object = value.if_object())
        for (const auto& member : *object) {
            canonical::require_readable(std::string_view(member.key()));
            require_readable(member.value(), depth + 1);
        }
}

void write_pretty(std::string& out, const json::value& value, std::size_t indent) {
    const std::string pad(indent + 2, ' ');
    const char* comma = "\n";
    if (const auto* object = value.if_object(); object && !object->empty()) {
        out += '{';
        for (const auto& member : *object) {
            out += comma + pad + json::serialize(json::string(member.key())) + ": ";
            write_pretty(out, member.value(), indent + 2);
            comma = ",\n";
        }
        out += '\n' + std::string(indent, ' ') + '}';
    } else if (const auto* array = value.if_array(); array && !array->empty()) {
        out += '[';
        for (const auto& item : *array) {
            out += comma + pad;
            write_pretty(out, item, indent + 2);
            comma = ",\n";
        }
        out += '\n' + std::string(indent, ' ') + ']';
    } else {
        out += json::serialize(value);
    }
}

/// `part`: the member whose canonical form is requested; empty: none.
JsonDocument read(std::string_view text, std::string_view what, const JsonLimits& limits,
                  std::string_view part, const JsonMemberStream& stream) {
    const auto fail = [&](ReadFault kind, const std::string& why, const std::string& key = {}) {
        throw ReadError(kind, Where(std::string(what)).in(key, {}), "not acceptable JSON: " + why);
    };
    if (text.size() > limits.bytes) {
        fail(ReadFault::too_large, std::to_string(text.size()) + " bytes, more than the " +
                                       std::to_string(limits.bytes) + " allowed");
    }
    json::parse_options options;
    options.max_depth = limits.depth;
    json::basic_parser<json_detail::JsonReader> parser(options, limits.values, part, stream);
    auto& reader = parser.handler();
    if (!part.empty()) reader.reserve(text.size());
    json::error_code ec;
    const auto used = parser.write_some(false, text.data(), text.size(), ec);
    if (reader.thrown) std::rethrow_exception(reader.thrown);
    if (reader.fault) fail(reader.fault->kind, reader.fault->why, reader.fault->key);
    if (ec)
        fail(ec == json::error::too_deep ? ReadFault::too_large : ReadFault::syntax,
             ec.message() + " at byte " + std::to_string(used));
    if (used != text.size()) fail(ReadFault::syntax, "bytes after its end, at byte " + std::to_string(used));
    return {reader.release(), reader.canonical()};
}

}  // namespace

json::value parse_json(std::string_view text, std::string_view what, const JsonLimits& limits) {
    return read(text, what, limits, {}, {}).value;
}

JsonDocument parse_json_with(std::string_view part, std::string_view text, std::string_view what,
                             const JsonLimits& limits, const JsonMemberStream& stream) {
    assert(!part.empty());
    return read(text, what, limits, part, stream);
}

std::string canonical_json(const json::value& value) {
    require_readable(value, 0);
    return tuf_canonical_json(value);
}

std::string tuf_canonical_json(const json::value& value) {
    std::string out;
    write_canonical(out, value);
    return out;
}

std::string pretty_json(const json::value& value) {
    std::string out;
    write_pretty(out, value, 0);
    out += '\n';
    return out;
}

JsonFields::JsonFields(const json::value& value, Where where)
    : object_(value.if_object()), where_(std::move(where)) {
    if (!object_) throw ReadError(ReadFault::wrong_type, where_, "must be a JSON object");
}

void JsonFields::refuse(std::string_view key, ReadFault kind, const std::string& why) const {
    throw ReadError(kind, where_.in(key, {}), "'" + std::string(key) + "' " + why);
}

const json::value* JsonFields::optional(std::string_view key) {
    asked_.emplace_back(key);
    const auto* found = object_->if_contains(key);
    return found && !found->is_null() ? found : nullptr;
}

const json::value& JsonFields::require(std::string_view key) {
    const auto* found = optional(key);
    if (!found)
        throw ReadError(ReadFault::missing, where_.in(key, {}), "key '" + std::string(key) + "' is missing");
    return *found;
}

std::string JsonFields::text(std::string_view key, std::size_t longest) {
    const auto& value = require(key);
    if (!value.is_string()) refuse(key, ReadFault::wrong_type, "must be a string");
    if (value.get_string().size() > longest)
        refuse(key, ReadFault::too_large, "is longer than " + std::to_string(longest) + " bytes");
    return std::string(value.get_string());
}

std::string JsonFields::text_or(std::string_view key, std::string otherwise, std::size_t longest) {
    return optional(key) ? text(key, longest) : std::move(otherwise);
}

std::int64_t JsonFields::integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto& value = require(key);
    json::error_code ec;
    const auto number = value.is_double() ? 0 : value.to_number<std::int64_t>(ec);
    if (value.is_double() || ec || number < least || number > most)
        refuse(key, value.is_int64() || value.is_uint64() ? ReadFault::out_of_range : ReadFault::wrong_type,
               "must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
    return number;
}

std::int64_t JsonFields::integer_or(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                    std::int64_t most) {
    return optional(key) ? integer(key, least, most) : otherwise;
}

double JsonFields::number_or(std::string_view key, double otherwise) {
    const auto* value = optional(key);
    if (!value) return otherwise;
    if (!value->is_number()) refuse(key, ReadFault::wrong_type, "must be a number");
    return value->to_number<double>();
}

bool JsonFields::boolean_or(std::string_view key, bool otherwise) {
    const auto* value = optional(key);
    if (!value) return otherwise;
    if (!value->is_bool()) refuse(key, ReadFault::wrong_type, "must be true or false");
    return value->get_bool();
}

const json::object& JsonFields::object(std::string_view key) {
    const auto& value = require(key);
    if (!value.is_object()) refuse(key, ReadFault::wrong_type, "must be an object");
    return value.get_object();
}

const json::array& JsonFields::array(std::string_view key, std::size_t most) {
    const auto& value = require(key);
    if (!value.is_array()) refuse(key, ReadFault::wrong_type, "must be an array");
    if (value.get_array().size() > most)
        refuse(key, ReadFault::too_large, "has more than " + std::to_string(most) + " entries");
    return value.get_array();
}

std::vector<std::string> JsonFields::texts_or_none(std::string_view key, std::size_t most) {
    std::vector<std::string> texts;
    if (!optional(key)) return texts;
    for (const auto& item : array(key, most)) {
        if (!item.is_string()) refuse(key, ReadFault::wrong_type, "must hold strings only");
        texts.emplace_back(item.get_string());
    }
    return texts;
}

void JsonFields::format(std::int64_t wanted) {
    const auto found = integer("format", 0, 1'000'000);
    if (found != wanted)
        throw ReadError(ReadFault::unsupported, where_.in("format", {}),
                        "format " + std::to_string(found) + " is not supported (this program reads format " +
                            std::to_string(wanted) +
                            "); update the program, or write the file again with this version");
}

void JsonFields::closed() const {
    for (const auto& member : *object_) {
        const std::string_view key(member.key());
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end())
            throw ReadError(ReadFault::unknown, where_.in(key, {}), "unknown key '" + std::string(key) + "'");
    }
}

}  // namespace riverlight
