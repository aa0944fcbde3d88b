#pragma once
#include <cstdint>
#include <optional>
#include <string>

/// Where the board's own status page is: riverlightd says it, and riverlight-slots reads it.
namespace riverlight::firmware {

/// Of riverlightd; its folder is there where systemd started it.
inline constexpr auto status_address_file = "/run/riverlightd/status-address";

struct StatusAddress {
    std::string host;  ///< a name or an address; that of IPv6 without brackets
    std::uint16_t port = 0;
    friend bool operator==(const StatusAddress&, const StatusAddress&) = default;
};

/// How this machine reaches a server that listens on `listen` (`host:port`) and got `port`: one that listens
/// on every address, by the loopback. Pure.
[[nodiscard]] StatusAddress own_address(const std::string& listen, std::uint16_t port);
/// Replaces `file`, for its owner and root alone. Where its folder is missing, nobody asks for it, and
/// nothing is written. Never throws.
void tell_status_address(const std::string& file, const StatusAddress& address);
/// Nothing if there is no such file, or it says nothing of the kind. Never throws.
[[nodiscard]] std::optional<StatusAddress> read_status_address(const std::string& file);

}  // namespace riverlight::firmware
