#pragma once
#include <optional>
#include <string>

#include "content/update/system_version.hpp"
#include "firmware/slots/slot_report.hpp"
#include "firmware/slots/status_address.hpp"

namespace riverlight::firmware {

/// Where a board's system keeps what its update needs. Tests have another root than `/`.
struct SystemPaths {
    std::string root{};  ///< without a slash at its end; empty: `/`

    /// Names the system that runs (os-release(5)).
    [[nodiscard]] std::string os_release() const { return root + "/etc/os-release"; }
    /// From riverlight-slots.
    [[nodiscard]] std::string slots() const { return root + slot_report_file; }
    /// From riverlightd to riverlight-slots.
    [[nodiscard]] std::string status_address() const { return root + status_address_file; }
    /// From riverlightd to the installer. Its unit waits for this file.
    [[nodiscard]] std::string request() const { return root + "/run/riverlightd/update.json"; }
    /// From the installer to riverlightd.
    [[nodiscard]] std::string answer() const { return root + "/run/riverlight-update/answer.json"; }
};

/// The system that runs.
struct SystemIdentity {
    std::string compatible;  ///< the kind of board, as its bundles and the channel name it
    content::SystemVersion version;
    friend bool operator==(const SystemIdentity&, const SystemIdentity&) = default;
};

/// IMAGE_ID and IMAGE_VERSION of an os-release file (os-release(5)), which a board's image has
/// (firmware/image). Nothing if it lacks one of them, or they are not what an update can name: such a system
/// is updated by its packages. Never throws.
[[nodiscard]] std::optional<SystemIdentity> read_system_identity(const std::string& os_release);

}  // namespace riverlight::firmware
