#pragma once
#include <string>
#include <string_view>

#include "content/segment/country.hpp"

/// The files `countries/<cc>/{places,clearances,hotlines}.json` of a channel: format 1, at most 8 MiB each.
namespace riverlight::content {

/// Each parses one file into `country`. Throws ReadError at its key for a file that is malformed or
/// about a country other than `country.code`; `country` is then unchanged.
void parse_places(std::string_view json, const std::string& what, Country& country);
void parse_clearances(std::string_view json, const std::string& what, Country& country);
void parse_hotlines(std::string_view json, const std::string& what, Country& country);
[[nodiscard]] std::string write_places(const Country& country);
[[nodiscard]] std::string write_clearances(const Country& country);
[[nodiscard]] std::string write_hotlines(const Country& country);

}  // namespace riverlight::content
