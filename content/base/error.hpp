#pragma once
#include <stdexcept>
#include <string>

namespace riverlight {

/// Thrown by an operation that cannot continue. The message says what failed, on which thing, why, and what
/// to do about it. It is shown to people unchanged, so it must not contain a secret.
class Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace riverlight
