#pragma once
#include <boost/json/fwd.hpp>
#include <string>

#include "content/base/error.hpp"
#include "content/segment/country.hpp"

namespace riverlight::content {

/// Reads one place of places.json. Throws ReadError at the key below `places.ID`.
[[nodiscard]] Place read_place(const boost::json::value& value, const Where& where,
                               const std::string& country);
/// The JSON that read_place reads. Leaves defaults out, so that older boards can read the rest.
[[nodiscard]] boost::json::object write_place(const Place& place);

}  // namespace riverlight::content
