#pragma once
#include <memory>
#include <string>

#include "tools/upload/destination.hpp"

namespace riverlight::upload {

/// A folder of a server: `sftp://[USER@]HOST[:PORT]/PATH`. Logs in with a key, never with a password, and
/// only where the host's key is known. Throws UploadError.
[[nodiscard]] std::unique_ptr<Destination> open_sftp(const std::string& address,
                                                     const DestinationOptions& options);

}  // namespace riverlight::upload
