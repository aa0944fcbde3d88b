#include "firmware/slots/status_address.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "content/base/error.hpp"
#include "content/base/files.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::uint64_t longest_address = 300;  ///< bytes

/// `host:port`, `[address]:port`; nothing for anything else.
std::optional<StatusAddress> parse(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return {};
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    StatusAddress out{std::string(host), 0};
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, out.port);
    if (host.empty() || read.ec != std::errc() || read.ptr != end) return {};
    return out;
}

}  // namespace

StatusAddress own_address(const std::string& listen, std::uint16_t port) {
    const auto given = parse(listen);
    if (!given || given->host == "0.0.0.0") return {"127.0.0.1", port};
    if (given->host == "::") return {"::1", port};
    return {given->host, port};
}

void tell_status_address(const std::string& file, const StatusAddress& address) try {
    if (!std::filesystem::is_directory(std::filesystem::path(file).parent_path())) return;
    const bool ipv6 = address.host.find(':') != std::string::npos;
    write_file_atomically(
        file, (ipv6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port) + '\n',
        0600);
} catch (const std::exception&) {  // the board plays all the same, and its slot stays unsure
}

std::optional<StatusAddress> read_status_address(const std::string& file) try {
    auto text = read_file(file, longest_address);
    text.erase(std::min(text.find('\n'), text.size()));
    return parse(text);
} catch (const Error&) {
    return std::nullopt;
}

}  // namespace riverlight::firmware
