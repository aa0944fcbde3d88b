#pragma once
#include <span>
#include <string>
#include <string_view>

#include "tools/traffic/as_run.hpp"

/// A spot's fields under the names that all formats share.
namespace riverlight::traffic {

struct SpotField {
    std::string_view name;
    std::string (*get)(const Spot& spot);
    bool (*set)(Spot& spot, std::string_view text);  ///< false: the text is no such value
};
[[nodiscard]] std::span<const SpotField> spot_fields();
/// Sets the field of that name; unknown names are passed over. False: the text is no such value.
[[nodiscard]] bool set_field(Spot& spot, std::string_view name, std::string_view text);

/// `a=1&b=2`: names and values with anything but letters, digits and `-._:+` as %XX; for fixed-column files
/// and single cells.
[[nodiscard]] std::string packed(const std::map<std::string, std::string>& pairs);
/// False: not in that form, or more than 64 pairs.
[[nodiscard]] bool unpack(std::string_view text, std::map<std::string, std::string>& into);

}  // namespace riverlight::traffic
