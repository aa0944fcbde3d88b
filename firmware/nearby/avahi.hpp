#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "firmware/nearby/neighbours.hpp"

namespace riverlight::firmware {

struct AvahiSetup {
    std::string name;              ///< of this board, as others see it
    std::uint16_t serve_port = 0;  ///< announced; 0: nothing is
    bool find = false;             ///< others are looked for
    /// Told once where no Avahi runs, and once when it is there again, in a sentence. Avahi's thread.
    std::function<void(const std::string&)> say;
};

/// Announces this board and finds others through the system's Avahi daemon (D-Bus), on a thread of libavahi's
/// own. Without a daemon nothing is found and nothing fails; once one starts it is used. IPv4 only: addresses
/// that boards listen on. The only file that knows Avahi.
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
