#pragma once
#include <stdexcept>
#include <string>

namespace riverlight {

/// An operation that cannot go on. The message says what failed, which thing, why, and what to do about it;
/// it is shown to people as it stands, so it names no secret.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace riverlight
