#pragma once
#include <span>
#include <string_view>

namespace riverlight::firmware {

/// A table of riverlightd.toml.
struct SettingTable {
    std::string_view name;  ///< `channel`; empty: the top level; `sync.rates`: of one entry of that list
    std::span<const std::string_view> keys;
};

/// Every key that riverlightd.toml can have. The parser refuses all others, and the example file shows all of
/// them.
[[nodiscard]] std::span<const SettingTable> every_setting();
/// The keys of one table, which must be one of the above.
[[nodiscard]] std::span<const std::string_view> keys_of(std::string_view table);

}  // namespace riverlight::firmware
