#pragma once
#include <string>
#include <vector>

namespace riverlight::firmware {

/// The boards nearby that serve media, however they are found. Safe from any thread.
class Neighbours {
  public:
    virtual ~Neighbours() = default;
    /// Base addresses for content/sync, `http://192.168.1.20:8790`, at most 32, without this board's own.
    [[nodiscard]] virtual std::vector<std::string> found() const = 0;
};

}  // namespace riverlight::firmware
