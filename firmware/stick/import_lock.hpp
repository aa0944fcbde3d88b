#pragma once
#include <string>

#include "content/base/files.hpp"

/// Whether a stick is being imported: an importer can hang or die, and then cannot say so itself.
namespace riverlight::firmware {

/// A shared lock on `<state>/stick.lock`. The importer holds it; the kernel releases it however the importer
/// ends. Throws DiskFault.
[[nodiscard]] Fd hold_import_lock(const std::string& state_folder);
/// Whether any importer runs. Never throws; false if the lock file cannot be opened.
[[nodiscard]] bool is_import_running(const std::string& state_folder);

}  // namespace riverlight::firmware
