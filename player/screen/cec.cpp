#include "player/screen/cec.hpp"

#include <fcntl.h>
#include <linux/cec.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "content/base/files.hpp"

namespace riverlight::player {
namespace {

constexpr std::uint8_t television = CEC_LOG_ADDR_TV;
constexpr std::uint32_t answer_ms = 1000;  // CEC 1.4, 9.2: a device answers within one second
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
    message.len = static_cast<std::uint32_t>(bytes.size() + 1);
    return message;
}

[[noreturn]] void refuse(const std::string& what, int code) {
    throw Error("HDMI-CEC: " + what + ": " + system_reason(code));
}

}  // namespace

std::unique_ptr<CecPort> open_cec_port(const std::string& name) {
    Fd fd(::open(("/dev/" + name).c_str(), O_RDWR | O_CLOEXEC));
    if (!fd) throw Error("cannot open the HDMI-CEC adapter /dev/" + name + ": " + system_reason(errno));
    return std::make_unique<DevicePort>(std::move(fd));
}

std::vector<std::string> cec_names() {
    // A confined player may not list /dev.
    constexpr int most = 16;
    std::vector<std::string> names;
    std::error_code ec;
    for (int n = 0; n < most; ++n)
        if (auto name = "cec" + std::to_string(n); std::filesystem::exists("/dev/" + name, ec))
            names.push_back(std::move(name));
    return names;
}

Cec::Cec(std::unique_ptr<CecPort> port) : port_(std::move(port)) {
    cec_caps caps{};
    if (const int code = port_->control(CEC_ADAP_G_CAPS, &caps))
        refuse("the adapter does not say what it can", code);
    capabilities_ = caps.capabilities;
    if (!(capabilities_ & CEC_CAP_TRANSMIT)) throw Error("HDMI-CEC: the adapter cannot send");
}

std::optional<Socket> Cec::socket() {
    cec_connector_info info{};
    if (!(capabilities_ & CEC_CAP_CONNECTOR_INFO) || port_->control(CEC_ADAP_G_CONNECTOR_INFO, &info) != 0 ||
        info.type != CEC_CONNECTOR_TYPE_DRM)
        return {};
    return Socket{info.drm.card_no, info.drm.connector_id};
}

bool Cec::claim() {
    physical_ = CEC_PHYS_ADDR_INVALID;
    logical_ = CEC_LOG_ADDR_UNREGISTERED;
    if (const int code = port_->control(CEC_ADAP_G_PHYS_ADDR, &physical_))
        refuse("its physical address cannot be read", code);
    if (physical_ == CEC_PHYS_ADDR_INVALID) return false;
    cec_log_addrs addresses{};
    if (const int code = port_->control(CEC_ADAP_G_LOG_ADDRS, &addresses))
        refuse("its logical address cannot be read", code);
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
            refuse("no logical address could be taken", code);
    }
    if (addresses.log_addr_mask == 0) return false;  // still being taken
    logical_ = addresses.log_addr[0];
    return true;
}

/// True where it was taken. Without an address only Image View On may be sent (ENONET otherwise).
bool Cec::send(cec_msg& message) {
    if (const int code = port_->control(CEC_TRANSMIT, &message)) {
        if (code == ENONET) return false;
        refuse("the adapter does not send", code);
    }
    return (message.tx_status & CEC_TX_STATUS_OK) != 0;
}

std::string Cec::power() {
    auto message = message_of(logical_, television, {CEC_MSG_GIVE_DEVICE_POWER_STATUS});
    message.reply = CEC_MSG_REPORT_POWER_STATUS;
    message.timeout = answer_ms;
    if (!send(message)) return "silent";
    if (message.rx_status & CEC_RX_STATUS_FEATURE_ABORT) return "unknown";
    if (!(message.rx_status & CEC_RX_STATUS_OK) || message.len < 3) return "silent";
    static constexpr std::array states{"on", "standby", "to-on", "to-standby"};
    return message.msg[2] < states.size() ? states[message.msg[2]] : "unknown";
}

bool Cec::wake() {
    auto on = message_of(logical_, television, {CEC_MSG_IMAGE_VIEW_ON});
    const bool taken = send(on);
    if (logical_ == CEC_LOG_ADDR_UNREGISTERED) return taken;
    auto source = message_of(logical_, CEC_LOG_ADDR_BROADCAST,
                             {CEC_MSG_ACTIVE_SOURCE, static_cast<std::uint8_t>(physical_ >> 8),
                              static_cast<std::uint8_t>(physical_ & 0xff)});
    static_cast<void>(send(source));
    return taken;
}

bool Cec::standby() {
    auto message = message_of(logical_, television, {CEC_MSG_STANDBY});
    return send(message);
}

}  // namespace riverlight::player
