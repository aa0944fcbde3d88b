#include "firmware/update/system_paths.hpp"

#include <string_view>

#include "content/base/files.hpp"
#include "content/update/waves.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::uint64_t longest_os_release = 64U << 10;

/// The value of a key, without quotes; empty if there is none.
std::string_view find_value(std::string_view text, std::string_view key) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.starts_with(key) || line.substr(key.size(), 1) != "=") continue;
        line.remove_prefix(key.size() + 1);
        const bool quoted =
            line.size() >= 2 && (line.front() == '"' || line.front() == '\'') && line.back() == line.front();
        return quoted ? line.substr(1, line.size() - 2) : line;
    }
    return {};
}

}  // namespace

std::optional<SystemIdentity> read_system_identity(const std::string& os_release) {
    std::string text;
    try {
        text = read_file(os_release, longest_os_release);
    } catch (const Error&) {
        return {};
    }
    const auto compatible = find_value(text, "IMAGE_ID");
    const auto version = content::SystemVersion::parse(find_value(text, "IMAGE_VERSION"));
    if (!version || !content::is_compatible(compatible)) return {};
    return SystemIdentity{std::string(compatible), *version};
}

}  // namespace riverlight::firmware
