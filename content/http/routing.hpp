#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Finds the row of a table of routes that answers a request. A row is any struct with `method` and `path`.
namespace riverlight::http {

/// The values that `path` has where `pattern` has holes: `/boards/{}/approve`, `/outlet/{}.jpg`. A hole is
/// never empty and stays within its segment; a segment has one at most. Nothing if the path does not match.
[[nodiscard]] std::optional<std::vector<std::string>> path_values(std::string_view pattern,
                                                                  std::string_view path);

template <class Route>
struct RouteMatch {
    const Route* route = nullptr;     ///< null: there is no such path, or no such method on it
    std::vector<std::string> values;  ///< of the path's holes
    std::string allowed;  ///< methods of this path as Allow lists them; empty: there is no such path
};

/// The first row with that method whose pattern matches. HEAD is answered as GET before it gets here.
template <class Table>
[[nodiscard]] auto find_route(const Table& table, std::string_view method, std::string_view path) {
    RouteMatch<typename Table::value_type> match;
    for (const auto& route : table) {
        auto values = path_values(route.path, path);
        if (!values) continue;
        if (route.method == method) {
            match.route = &route;
            match.values = std::move(*values);
            return match;
        }
        match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(route.method);
    }
    return match;
}

}  // namespace riverlight::http
