#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/screen/display.hpp"

struct cec_msg;

/// A display's power over HDMI-CEC (HDMI 1.4b supplement 1; Linux Documentation/userspace-api/media/cec): the
/// few messages a player needs. Only cec.cpp knows the kernel's structures.
namespace riverlight::player {

/// An opened CEC adapter, at the boundary of the kernel: tests put their own behind it.
class CecPort {
  public:
    virtual ~CecPort() = default;
    /// ioctl(2) with one of linux/cec.h's requests: 0, or errno.
    [[nodiscard]] virtual int control(unsigned long request, void* argument) = 0;
};

/// /dev/`name`. Throws Error with the reason.
[[nodiscard]] std::unique_ptr<CecPort> open_cec_port(const std::string& name);
/// cec0 … as /dev has them now.
[[nodiscard]] std::vector<std::string> cec_names();

/// One adapter, as a playback device (logical address 4, 8 or 11). One thread, which waits for the line: an
/// answer takes tenths of a second, one that does not come a second.
class Cec {
  public:
    /// Throws Error where it cannot send.
    explicit Cec(std::unique_ptr<CecPort> port);
    /// The connector it belongs to, where the driver says so.
    [[nodiscard]] std::optional<Socket> socket();
    /// Takes a logical address where it has none. False: no display is there to give it a physical one.
    [[nodiscard]] bool claim();
    /// What the display says of itself: on, standby, to-on, to-standby; `silent` where it does not answer,
    /// `unknown` where it knows no such question. Throws Error where the adapter fails.
    [[nodiscard]] std::string power();
    /// Image View On, and Active Source, so that it shows this player rather than what it showed last. False:
    /// nobody took it. Sent without an address as well, for displays that give none while they sleep.
    bool wake();
    /// Standby, to the display alone. False: nobody took it.
    bool standby();

  private:
    bool send(cec_msg& message);

    std::unique_ptr<CecPort> port_;
    std::uint32_t capabilities_ = 0;
    std::uint16_t physical_ = 0xffff;
    std::uint8_t logical_ = 0xf;  ///< 15: unregistered
};

}  // namespace riverlight::player
