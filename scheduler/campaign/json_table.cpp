#include "scheduler/campaign/reading.hpp"

namespace riverlight::scheduler {
namespace {

/// Calls `put` with the TOML equivalent of a JSON scalar.
template <class Put>
void put_plain(const boost::json::value& value, const Put& put) {
    if (value.is_string()) {
        put(std::string(value.get_string()));
    } else if (value.is_int64()) {
        put(value.get_int64());
    } else if (value.is_bool()) {
        put(value.get_bool());
    } else {
        put(std::string("(neither text, whole number, truth, list nor object)"));
    }
}

toml::array array_of(const boost::json::array& items) {
    toml::array array;
    for (const auto& item : items) {
        if (item.is_object()) {
            array.push_back(table_of(item.get_object()));
        } else if (item.is_array()) {
            array.push_back(array_of(item.get_array()));
        } else {
            put_plain(item, [&](auto plain) { array.push_back(std::move(plain)); });
        }
    }
    return array;
}

}  // namespace

toml::table table_of(const boost::json::object& object) {
    toml::table table;
    for (const auto& member : object) {
        const std::string key(member.key());
        if (member.value().is_object()) {
            table.insert_or_assign(key, table_of(member.value().get_object()));
        } else if (member.value().is_array()) {
            table.insert_or_assign(key, array_of(member.value().get_array()));
        } else {
            put_plain(member.value(), [&](auto plain) { table.insert_or_assign(key, std::move(plain)); });
        }
    }
    return table;
}

}  // namespace riverlight::scheduler
