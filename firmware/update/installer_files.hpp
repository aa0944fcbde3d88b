#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "content/airing/system_report.hpp"
#include "content/update/system_version.hpp"

/// The two files by which riverlightd, which may do nothing to the system, and the installer, which runs as
/// root, speak. Each is replaced atomically, has its hash and the number of the request. Format 1.
namespace riverlight::firmware {

enum class InstallerTask : std::uint8_t {
    install,  ///< writes a version into the other slot
    restart,  ///< starts the board again
};

/// What riverlightd asks for: {"format":1,"number":7,"task":"install","bundle":"…","version":"0.2.0"}.
struct InstallerRequest {
    std::int64_t number = 0;  ///< from 1, a higher one for each request
    InstallerTask task = InstallerTask::install;
    std::string sha256{};   ///< of the bundle, 64 hex digits; empty for a restart
    std::string version{};  ///< of the bundle; empty for a restart
    friend bool operator==(const InstallerRequest&, const InstallerRequest&) = default;
};
/// Throws DiskFault.
void write_request(const std::string& path, const InstallerRequest& request);
/// Takes the request: the file is gone when it returns, whatever is in it. Nothing if there is none. Throws
/// ReadError for one that is malformed, and DiskFault if it cannot be removed.
[[nodiscard]] std::optional<InstallerRequest> take_request(const std::string& path);

/// What the installer says of a request: {"format":1,"number":7,"done":true,"fault":"none","why":""}.
struct InstallerAnswer {
    std::int64_t number = 0;
    bool done = false;  ///< false: it has begun
    content::UpdateFault fault = content::UpdateFault::none;
    std::string why{};  ///< plain text for a technician, at most 1,000 bytes
    friend bool operator==(const InstallerAnswer&, const InstallerAnswer&) = default;
};
/// Throws DiskFault.
void write_answer(const std::string& path, const InstallerAnswer& answer);
/// Nothing if there is none, or it cannot be read. Never throws.
[[nodiscard]] std::optional<InstallerAnswer> read_answer(const std::string& path);

}  // namespace riverlight::firmware
