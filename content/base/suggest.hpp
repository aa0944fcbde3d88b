#pragma once
#include <span>
#include <string>
#include <string_view>

namespace riverlight {

/// The known name nearest to `wrong` by edit distance, or an empty string if none is near enough to be a
/// typing error.
[[nodiscard]] std::string nearest_name(std::string_view wrong, std::span<const std::string_view> known);

/// " (did you mean 'x'?)" of the nearest name, or "" where there is none.
[[nodiscard]] std::string suggestion_of(std::string_view nearest);
/// The same of a wrong name, to append to a message about it.
[[nodiscard]] std::string suggestion(std::string_view wrong, std::span<const std::string_view> known);

}  // namespace riverlight
