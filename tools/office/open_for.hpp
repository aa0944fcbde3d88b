#pragma once

namespace riverlight::office {

/// What a connection to office.db is for.
enum class OpenFor { reading, writing };

}  // namespace riverlight::office
