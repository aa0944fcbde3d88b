#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace riverlight::content {

/// The version of a board's system, as its image and its bundle name it: that of a Debian package without an
/// epoch, `0.1.0+20261130013049`. Ordered as Debian orders versions (Debian Policy 5.6.12): `1.0~rc1` comes
/// before `1.0`, `1.9` before `1.10`.
class SystemVersion {
  public:
    /// A digit, then letters, digits and `. + ~ -`; at most 64 characters. Nothing for any other text.
    [[nodiscard]] static std::optional<SystemVersion> parse(std::string_view text);

    [[nodiscard]] const std::string& text() const { return text_; }
    friend std::strong_ordering operator<=>(const SystemVersion& a, const SystemVersion& b);
    friend bool operator==(const SystemVersion& a, const SystemVersion& b) { return std::is_eq(a <=> b); }

  private:
    explicit SystemVersion(std::string_view text) : text_(text) {}
    std::string text_;
};

}  // namespace riverlight::content
