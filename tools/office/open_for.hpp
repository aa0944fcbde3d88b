#pragma once

namespace riverlight::office {

/// What a connection to the records is for.
enum class OpenFor { reading, writing };

}  // namespace riverlight::office
