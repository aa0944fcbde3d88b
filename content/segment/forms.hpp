#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Text forms of small values: hashes, languages, countries, times of day.
namespace riverlight::content {

[[nodiscard]] inline bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
[[nodiscard]] bool is_sha256(std::string_view text);    ///< 64 lower-case hex digits
[[nodiscard]] bool is_language(std::string_view text);  ///< has the form of a BCP 47 tag: `km`, `zh-Hans`
[[nodiscard]] bool is_country(std::string_view text);   ///< ISO 3166-1 alpha-2, upper case
/// `HH:MM`, from 00:00 to 24:00.
[[nodiscard]] std::optional<std::chrono::minutes> time_of_day(std::string_view text);
[[nodiscard]] std::string time_of_day_text(std::chrono::minutes time);

}  // namespace riverlight::content
