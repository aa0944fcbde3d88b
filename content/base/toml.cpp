#include "content/base/toml.hpp"

#include <boost/json.hpp>
#include <sstream>

#include "content/base/error.hpp"
#include "content/base/toml_parser.hpp"

namespace riverlight {
namespace {

namespace json = boost::json;

json::value to_json(const toml::node& node);

json::value to_json(const toml::table& table) {
    json::object out;
    for (const auto& [key, value] : table) out[std::string_view(key.str())] = to_json(value);
    return out;
}

json::value to_json(const toml::array& array) {
    json::array out;
    for (const auto& item : array) out.push_back(to_json(item));
    return out;
}

json::value to_json(const toml::node& node) {
    if (const auto* table = node.as_table()) return to_json(*table);
    if (const auto* array = node.as_array()) return to_json(*array);
    if (const auto* text = node.as_string()) return json::string(text->get());
    if (const auto* integer = node.as_integer()) return integer->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* flag = node.as_boolean()) return flag->get();
    std::ostringstream out;  // dates and times print in their RFC 3339 forms
    if (const auto* date = node.as_date()) out << date->get();
    if (const auto* time = node.as_time()) out << time->get();
    if (const auto* both = node.as_date_time()) out << both->get();
    return json::string(out.str());
}

}  // namespace

json::value parse_toml(std::string_view text, const std::string& file, std::size_t cap) {
    if (text.size() > cap) {
        throw ReadError(
            ReadFault::too_large, file,
            std::to_string(text.size()) + " bytes, more than the " + std::to_string(cap) + " allowed");
    }
    if (const auto fault = toml_shape_fault(text))
        throw ReadError(ReadFault::too_large, Where(file).at(fault->line), fault->message);
    try {
        return to_json(toml::parse(text, file));
    } catch (const toml::parse_error& e) {
        const auto& begin = e.source().begin;
        throw ReadError(ReadFault::syntax,
                        Where(file).at(static_cast<int>(begin.line), static_cast<int>(begin.column)),
                        std::string(e.description()));
    } catch (const Error& e) {  // a failed assertion of the parser
        throw ReadError(ReadFault::syntax, file, e.what());
    }
}

}  // namespace riverlight
