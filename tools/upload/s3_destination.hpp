#pragma once
#include <memory>
#include <string>

#include "tools/upload/destination.hpp"

namespace riverlight::upload {

/// A bucket: `s3://BUCKET[/PREFIX]`, the account from the environment (destination.hpp). Requests are signed
/// by libcurl: AWS Signature Version 4, with the hash of each body. Throws UploadError.
[[nodiscard]] std::unique_ptr<Destination> open_s3(const std::string& address);

}  // namespace riverlight::upload
