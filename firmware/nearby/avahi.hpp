#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "firmware/nearby/neighbours.hpp"

namespace riverlight::firmware {

struct AvahiSetup {
    std::string name;                         ///< of this board, as others see it
    std::optional<std::uint16_t> serve_port;  ///< to announce; none: this board serves nothing
    bool find = false;                        ///< look for other boards
    /// Gets a sentence for people when Avahi stops answering, and when it answers again. Avahi's thread.
    std::function<void(const std::string&)> report;
};

/// Announces this board and finds others through the system's Avahi daemon (D-Bus), on a thread of libavahi's
/// own. Without a daemon nothing is found and nothing fails; a daemon that starts later is used. IPv4 only:
/// boards listen on IPv4 addresses. The only file that includes Avahi.
class AvahiNeighbours : public Neighbours {
  public:
    explicit AvahiNeighbours(AvahiSetup setup);
    ~AvahiNeighbours() override;
    [[nodiscard]] std::vector<std::string> found() const override;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::firmware
