#pragma once
#include <string>

namespace riverlight::firmware {

class Journal;

/// True if the journal holds an airing of that boot that needs a time fix (content/airing/time_fix.hpp), and
/// no fix of that boot. Reads back to the boot's first record. Throws Error if the journal cannot be read.
[[nodiscard]] bool lacks_time_fix(const Journal& journal, const std::string& boot_id);

}  // namespace riverlight::firmware
