#pragma once
#include <array>
#include <optional>
#include <string_view>

/// Languages and countries as broadcast tables name them (ISO/IEC 13818-1, 2.6.19; ETSI EN 300 468).
namespace riverlight {

/// A language in three letters, as ISO 639-2/T has it (`khm`, `lao`, `mya`), in PMT and EIT alike. DVB
/// permits 639-2/B too (EN 300 468, 6.2.37); receivers know both.
class LanguageCode {
  public:
    constexpr LanguageCode() = default;  ///< `und`: undetermined
    /// Of a BCP 47 tag: `km` → `khm`, `zh-Hans` → `zho`. A language that has only three letters keeps them
    /// (`shn`). `und` if there is none.
    [[nodiscard]] static LanguageCode of_tag(std::string_view tag);
    /// Three lower-case letters.
    [[nodiscard]] static std::optional<LanguageCode> from_text(std::string_view text);
    [[nodiscard]] constexpr std::string_view text() const { return {letters_.data(), letters_.size()}; }
    friend constexpr bool operator==(const LanguageCode&, const LanguageCode&) = default;

  private:
    std::array<char, 3> letters_{'u', 'n', 'd'};
};

/// A country in three letters, as ISO 3166-1 alpha-3 has it: `KHM`.
class CountryCode {
  public:
    /// Of its two letters: `KH` → `KHM`.
    [[nodiscard]] static std::optional<CountryCode> of_alpha2(std::string_view alpha2);
    /// Three upper-case letters.
    [[nodiscard]] static std::optional<CountryCode> from_text(std::string_view text);
    [[nodiscard]] constexpr std::string_view text() const { return {letters_.data(), letters_.size()}; }
    friend constexpr bool operator==(const CountryCode&, const CountryCode&) = default;

  private:
    constexpr CountryCode() = default;
    std::array<char, 3> letters_{};
};

}  // namespace riverlight
