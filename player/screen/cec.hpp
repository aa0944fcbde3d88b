#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/screen/display.hpp"

struct cec_msg;

/// A display's power state over HDMI-CEC (HDMI 1.4b, supplement 1; Linux
/// Documentation/userspace-api/media/cec). The kernel's structures are used only in cec.cpp.
namespace riverlight::player {

/// An open CEC adapter, as the kernel offers it. Tests have their own.
class CecPort {
  public:
    virtual ~CecPort() = default;
    /// ioctl(2) with one of linux/cec.h's requests: 0, or errno.
    [[nodiscard]] virtual int control(unsigned long request, void* argument) = 0;
};

/// /dev/`name`. Throws Error with the reason.
[[nodiscard]] std::unique_ptr<CecPort> open_cec_port(const std::string& name);
/// The adapters in /dev now: cec0 ….
[[nodiscard]] std::vector<std::string> cec_names();

/// What a display reports of its power (CEC 1.4, <Report Power Status>).
enum class CecPower {
    on,
    standby,
    to_on,       ///< in transition
    to_standby,  ///< in transition
    silent,      ///< it does not answer
    unknown      ///< it does not support the question
};
/// on, standby, to-on, to-standby, silent, unknown: evidence.
[[nodiscard]] std::string to_text(CecPower power);

/// One adapter, used as a playback device (logical address 4, 8 or 11). One thread, which blocks on the CEC
/// line: an answer takes tenths of a second, a missing one a second. Throws Error if the adapter fails.
class Cec {
  public:
    /// Throws Error if the adapter cannot transmit.
    explicit Cec(std::unique_ptr<CecPort> port);
    /// The connector that the adapter belongs to, if the driver knows.
    [[nodiscard]] std::optional<ConnectorId> connector();
    /// Claims a logical address if there is none yet. False: without a display there is no physical address.
    [[nodiscard]] bool claim_address();
    [[nodiscard]] CecPower power();
    /// <Image View On>, then <Active Source>, so that the display shows this player and not its last source.
    /// Also sent without an address, for displays that give none while in standby. False: not acknowledged.
    bool wake();
    /// <Standby>, to the display only. False: not acknowledged.
    bool standby();

  private:
    /// False if the message was not acknowledged.
    bool transmit(cec_msg& message);

    std::unique_ptr<CecPort> port_;
    std::uint32_t capabilities_ = 0;
    std::uint16_t physical_ = 0xffff;  ///< f.f.f.f: none
    std::uint8_t logical_ = 0xf;       ///< 15: unregistered
};

}  // namespace riverlight::player
