#pragma once
#include <boost/json/fwd.hpp>
#include <string>

#include "content/segment/country.hpp"

namespace riverlight::content {

/// Reads one place of places.json. Throws Error naming `what`, the place and the key.
[[nodiscard]] Place read_place(const boost::json::value& value, const std::string& what,
                               const std::string& country);
/// The JSON that read_place reads. Leaves defaults out, so that older boards can read the rest.
[[nodiscard]] boost::json::object write_place(const Place& place);

}  // namespace riverlight::content
