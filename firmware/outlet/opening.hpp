#pragma once
#include <string>
#include <vector>

#include "firmware/config/open_hours.hpp"

namespace riverlight::firmware {

/// When a place's display is on: its open hours, and a minute before each, in which a television warms up and
/// the first airing begins. Pure.
class Opening {
  public:
    /// No hours: always on.
    explicit Opening(std::vector<OpenHours> hours = {}) : hours_(std::move(hours)) {}
    [[nodiscard]] bool on(Instant at, const std::string& zone) const;

    static constexpr std::chrono::seconds lead{60};

  private:
    std::vector<OpenHours> hours_;
};

}  // namespace riverlight::firmware
