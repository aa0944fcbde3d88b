#pragma once
#include <cstdint>
#include <functional>

#include "content/base/error.hpp"

namespace riverlight::content {

/// What a line may carry just now.
struct Pace {
    bool open = true;                    ///< media that can wait may come
    std::uint64_t bytes_per_second = 0;  ///< at most so fast; 0: as fast as it goes
    friend bool operator==(const Pace&, const Pace&) = default;
};
/// Asked on the visit's thread, before a file and about four times a second while it comes.
using AskPace = std::function<Pace()>;

/// The line has closed for media that can wait; what came of the file stays staged. No fault of anybody.
class LineClosed : public Error {
  public:
    using Error::Error;
};

}  // namespace riverlight::content
