#pragma once
#include <memory>
#include <string>

#include "tools/upload/destination.hpp"

namespace riverlight::upload {

/// A folder on this machine, which a web server or rsync reads. Files appear whole.
[[nodiscard]] std::unique_ptr<Destination> open_folder(const std::string& folder);

}  // namespace riverlight::upload
