#include "player/screen/cec.hpp"

#include <fcntl.h>
#include <linux/cec.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

constexpr std::uint8_t television = CEC_LOG_ADDR_TV;
/// A device answers within one second (CEC 1.4, 9.2).
constexpr std::chrono::milliseconds answer_within{1000};
constexpr const char* osd_name = "Riverlight";

class DevicePort final : public CecPort {
  public:
    explicit DevicePort(Fd fd) : fd_(std::move(fd)) {}
    int control(unsigned long request, void* argument) override {
        return ::ioctl(fd_.get(), request, argument) == 0 ? 0 : errno;
    }

  private:
    Fd fd_;
};

cec_msg message_of(std::uint8_t from, std::uint8_t to, std::initializer_list<std::uint8_t> bytes) {
    cec_msg message{};
    message.msg[0] = static_cast<std::uint8_t>(from << 4 | to);
    std::copy(bytes.begin(), bytes.end(), message.msg + 1);
    assert(bytes.size() < CEC_MAX_MSG_SIZE);
    message.len = static_cast<std::uint32_t>(bytes.size() + 1);
    return message;
}

[[noreturn]] void fail(const std::string& what, int code) {
    throw Error("HDMI-CEC: " + what + ": " + system_reason(code));
}

}  // namespace

std::string to_text(CecPower power) {
    switch (power) {
        case CecPower::on:
            return "on";
        case CecPower::standby:
            return "standby";
        case CecPower::to_on:
            return "to-on";
        case CecPower::to_standby:
            return "to-standby";
        case CecPower::silent:
            return "silent";
        case CecPower::unknown:
            return "unknown";
    }
    assert(false && "unknown power state");
    return {};
}

std::unique_ptr<CecPort> open_cec_port(const std::string& name) {
    Fd fd(::open(("/dev/" + name).c_str(), O_RDWR | O_CLOEXEC));
    if (!fd) throw Error("cannot open the HDMI-CEC adapter /dev/" + name + ": " + system_reason(errno));
    return std::make_unique<DevicePort>(std::move(fd));
}

std::vector<std::string> cec_names() {
    // By number: a confined player may not list /dev.
    constexpr int max_adapters = 16;
    std::vector<std::string> names;
    std::error_code ec;
    for (int n = 0; n < max_adapters; ++n)
        if (auto name = "cec" + std::to_string(n); std::filesystem::exists("/dev/" + name, ec))
            names.push_back(std::move(name));
    return names;
}

Cec::Cec(std::unique_ptr<CecPort> port) : port_(std::move(port)) {
    cec_caps caps{};
    if (const int code = port_->control(CEC_ADAP_G_CAPS, &caps))
        fail("the adapter does not say what it can", code);
    capabilities_ = caps.capabilities;
    if (!(capabilities_ & CEC_CAP_TRANSMIT)) throw Error("HDMI-CEC: the adapter cannot send");
}

std::optional<ConnectorId> Cec::connector() {
    cec_connector_info info{};
    if (!(capabilities_ & CEC_CAP_CONNECTOR_INFO) || port_->control(CEC_ADAP_G_CONNECTOR_INFO, &info) != 0 ||
        info.type != CEC_CONNECTOR_TYPE_DRM)
        return {};
    return ConnectorId{info.drm.card_no, info.drm.connector_id};
}

bool Cec::claim_address() {
    physical_ = CEC_PHYS_ADDR_INVALID;
    logical_ = CEC_LOG_ADDR_UNREGISTERED;
    if (const int code = port_->control(CEC_ADAP_G_PHYS_ADDR, &physical_))
        fail("its physical address cannot be read", code);
    if (physical_ == CEC_PHYS_ADDR_INVALID) return false;
    cec_log_addrs addresses{};
    if (const int code = port_->control(CEC_ADAP_G_LOG_ADDRS, &addresses))
        fail("its logical address cannot be read", code);
    if (addresses.num_log_addrs == 0) {
        if (!(capabilities_ & CEC_CAP_LOG_ADDRS))
            throw Error("HDMI-CEC: the adapter has no address of its own");
        addresses = {};
        addresses.cec_version = CEC_OP_CEC_VERSION_1_4;
        addresses.vendor_id = CEC_VENDOR_ID_NONE;
        addresses.num_log_addrs = 1;
        addresses.primary_device_type[0] = CEC_OP_PRIM_DEVTYPE_PLAYBACK;
        addresses.log_addr_type[0] = CEC_LOG_ADDR_TYPE_PLAYBACK;
        std::strncpy(addresses.osd_name, osd_name, sizeof addresses.osd_name - 1);
        if (const int code = port_->control(CEC_ADAP_S_LOG_ADDRS, &addresses))
            fail("no logical address could be claimed", code);
    }
    if (addresses.log_addr_mask == 0) return false;  // the kernel is still claiming it
    logical_ = addresses.log_addr[0];
    return true;
}

bool Cec::transmit(cec_msg& message) {
    if (const int code = port_->control(CEC_TRANSMIT, &message)) {
        if (code == ENONET) return false;  // without an address only <Image View On> may be sent
        fail("the adapter does not send", code);
    }
    return (message.tx_status & CEC_TX_STATUS_OK) != 0;
}

CecPower Cec::power() {
    auto message = message_of(logical_, television, {CEC_MSG_GIVE_DEVICE_POWER_STATUS});
    message.reply = CEC_MSG_REPORT_POWER_STATUS;
    message.timeout = static_cast<std::uint32_t>(answer_within.count());
    if (!transmit(message)) return CecPower::silent;
    if (message.rx_status & CEC_RX_STATUS_FEATURE_ABORT) return CecPower::unknown;
    if (!(message.rx_status & CEC_RX_STATUS_OK) || message.len < 3) return CecPower::silent;
    // In the order of the operand's values.
    static constexpr std::array states{CecPower::on, CecPower::standby, CecPower::to_on,
                                       CecPower::to_standby};
    return message.msg[2] < states.size() ? states.at(message.msg[2]) : CecPower::unknown;
}

bool Cec::wake() {
    auto on = message_of(logical_, television, {CEC_MSG_IMAGE_VIEW_ON});
    const bool acknowledged = transmit(on);
    if (logical_ == CEC_LOG_ADDR_UNREGISTERED) return acknowledged;
    auto source = message_of(logical_, CEC_LOG_ADDR_BROADCAST,
                             {CEC_MSG_ACTIVE_SOURCE, static_cast<std::uint8_t>(physical_ >> 8),
                              static_cast<std::uint8_t>(physical_ & 0xff)});
    static_cast<void>(transmit(source));
    return acknowledged;
}

bool Cec::standby() {
    auto message = message_of(logical_, television, {CEC_MSG_STANDBY});
    return transmit(message);
}

}  // namespace riverlight::player
