// HDMI-CEC with a simulated adapter and television behind the kernel's interface.
#include "player/screen/cec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/cec.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

#include "player/screen/panel.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

/// Simulates a television, which answers twice with `to-on` or `to-standby` before it has obeyed.
struct Television {
    std::uint16_t physical = 0x1000;
    bool answers = true, replies = true, knows_power = true, obeys = true, gone = false;
    int state = CEC_OP_POWER_STATUS_ON;
    std::vector<std::string> said;  ///< to it, as hex
    std::optional<ConnectorId> socket = ConnectorId{0, 7};
    std::uint32_t more_capabilities = 0;
    cec_log_addrs addresses{};

    void take(cec_msg& m) {
        std::string hex;
        for (std::uint32_t i = 0; i < m.len; ++i) {
            char two[4];
            std::snprintf(two, sizeof two, "%02x", m.msg[i]);
            hex += (i ? ":" : "") + std::string(two);
        }
        const bool asks = m.msg[1] == CEC_MSG_GIVE_DEVICE_POWER_STATUS;
        if (!asks) said.push_back(hex);
        if (!answers) {
            m.tx_status = CEC_TX_STATUS_NACK | CEC_TX_STATUS_MAX_RETRIES;
            return;
        }
        m.tx_status = CEC_TX_STATUS_OK;
        if (asks) return answer(m);
        if (obeys && m.msg[1] == CEC_MSG_STANDBY) state = CEC_OP_POWER_STATUS_TO_STANDBY;
        if (obeys && m.msg[1] == CEC_MSG_IMAGE_VIEW_ON && state != CEC_OP_POWER_STATUS_ON)
            state = CEC_OP_POWER_STATUS_TO_ON;
    }
    void answer(cec_msg& m) {
        EXPECT_EQ(m.reply, CEC_MSG_REPORT_POWER_STATUS);
        EXPECT_EQ(m.timeout, 1000U);
        if (!knows_power) {
            m.rx_status = CEC_RX_STATUS_OK | CEC_RX_STATUS_FEATURE_ABORT;
            return;
        }
        if (!replies) {
            m.rx_status = CEC_RX_STATUS_TIMEOUT;
            return;
        }
        m.rx_status = CEC_RX_STATUS_OK;
        m.len = 3;
        m.msg[0] = 0x04;
        m.msg[1] = CEC_MSG_REPORT_POWER_STATUS;
        m.msg[2] = static_cast<std::uint8_t>(state);
        if (state == CEC_OP_POWER_STATUS_TO_ON) state = CEC_OP_POWER_STATUS_ON;
        if (state == CEC_OP_POWER_STATUS_TO_STANDBY) state = CEC_OP_POWER_STATUS_STANDBY;
    }
    [[nodiscard]] bool configured() const { return addresses.num_log_addrs > 0; }
};

class Adapter final : public CecPort {
  public:
    explicit Adapter(Television& tv) : tv_(tv) {}
    int control(unsigned long request, void* argument) override {
        if (tv_.gone) return ENODEV;
        switch (request) {
            case CEC_ADAP_G_CAPS:
                static_cast<cec_caps*>(argument)->capabilities =
                    CEC_CAP_TRANSMIT | CEC_CAP_LOG_ADDRS |
                    (tv_.socket ? std::uint32_t{CEC_CAP_CONNECTOR_INFO} : 0) | tv_.more_capabilities;
                return 0;
            case CEC_ADAP_G_CONNECTOR_INFO: {
                auto& info = *static_cast<cec_connector_info*>(argument);
                if (!tv_.socket) return ENOTTY;
                info.type = CEC_CONNECTOR_TYPE_DRM;
                info.drm.card_no = tv_.socket->card;
                info.drm.connector_id = tv_.socket->connector;
                return 0;
            }
            case CEC_ADAP_G_PHYS_ADDR:
                *static_cast<std::uint16_t*>(argument) = tv_.physical;
                return 0;
            case CEC_ADAP_G_LOG_ADDRS:
                *static_cast<cec_log_addrs*>(argument) = tv_.addresses;
                return 0;
            case CEC_ADAP_S_LOG_ADDRS: {
                auto& asked = *static_cast<cec_log_addrs*>(argument);
                if (tv_.configured()) return EBUSY;
                EXPECT_EQ(asked.log_addr_type[0], CEC_LOG_ADDR_TYPE_PLAYBACK);
                EXPECT_STREQ(asked.osd_name, "Riverlight");
                asked.log_addr[0] = CEC_LOG_ADDR_PLAYBACK_1;
                asked.log_addr_mask = 1U << CEC_LOG_ADDR_PLAYBACK_1;
                tv_.addresses = asked;
                return 0;
            }
            case CEC_TRANSMIT: {
                auto& message = *static_cast<cec_msg*>(argument);
                const auto from = message.msg[0] >> 4;
                if (!tv_.configured() && !(from == 15 && message.msg[1] == CEC_MSG_IMAGE_VIEW_ON))
                    return ENONET;
                tv_.take(message);
                return 0;
            }
            default:
                return ENOTTY;
        }
    }

  private:
    Television& tv_;
};

class CecTest : public testing::Test {
  protected:
    PanelController::Adapters search() {
        return {[this] { return names_; },
                [this](const std::string& name) -> std::unique_ptr<CecPort> {
                    opened_.push_back(name);
                    return std::make_unique<Adapter>(tvs_[name]);
                }};
    }
    PanelController& run(const std::string& adapter = "", bool on = true) {
        if (!run_) run_ = std::make_unique<PanelController>(search(), adapter, on);
        return *run_;
    }
    void run_for(std::chrono::seconds time) {
        const auto until = now_ + time;
        while (now_ < until) now_ = std::max(now_ + 100ms, std::min(run().step(socket_, now_), now_ + 1s));
    }
    std::string evidence() { return run().evidence().at("cec"); }

    std::vector<std::string> names_{"cec0"};
    std::map<std::string, Television> tvs_;
    Television& tv_ = tvs_["cec0"];
    std::vector<std::string> opened_;
    ConnectorId socket_{0, 7};
    SteadyTime now_{1000s};
    std::unique_ptr<PanelController> run_;
};

TEST_F(CecTest, WakesADisplayInStandbyAndMakesThisTheActiveSource) {
    tv_.state = CEC_OP_POWER_STATUS_STANDBY;
    run_for(1s);
    EXPECT_THAT(tv_.said, ElementsAre("40:04", "4f:82:10:00"));
    EXPECT_EQ(evidence(), "standby");
    run_for(20s);
    EXPECT_EQ(evidence(), "on");
    EXPECT_EQ(tv_.said.size(), 2U) << "a transition is waited for";
    EXPECT_EQ(run().evidence().at("cec_adapter"), "cec0");
}

TEST_F(CecTest, MakesThisTheActiveSourceOnceOnADisplayThatIsOn) {
    run_for(60s);
    EXPECT_THAT(tv_.said, ElementsAre("40:04", "4f:82:10:00"));
    EXPECT_EQ(evidence(), "on");
}

TEST_F(CecTest, PutsTheDisplayIntoStandbyAndWakesItAgain) {
    run_for(5s);
    tv_.said.clear();
    run().set_power(false);
    run_for(15s);
    EXPECT_THAT(tv_.said, ElementsAre("40:36"));
    EXPECT_EQ(evidence(), "standby");
    run().set_power(true);
    run_for(15s);
    EXPECT_EQ(evidence(), "on");
    EXPECT_THAT(tv_.said, ElementsAre("40:36", "40:04", "4f:82:10:00"));
}

TEST_F(CecTest, LeavesADisplayAloneThatAPersonSwitchedOffAndReportsIt) {
    run_for(30s);
    tv_.said.clear();
    tv_.state = CEC_OP_POWER_STATUS_STANDBY;
    run_for(300s);
    EXPECT_THAT(tv_.said, IsEmpty());
    EXPECT_EQ(evidence(), "standby");
}

TEST_F(CecTest, RepeatsACommandForAMinute) {
    tv_.obeys = false;
    run("", false);
    run_for(600s);
    EXPECT_GE(tv_.said.size(), 8U);
    EXPECT_LE(tv_.said.size(), 14U);
    EXPECT_EQ(evidence(), "on");
}

TEST_F(CecTest, LeavesADisplayInStandbyAloneWhileThePanelIsOff) {
    tv_.state = CEC_OP_POWER_STATUS_STANDBY;
    run("", false);
    run_for(60s);
    EXPECT_THAT(tv_.said, IsEmpty());
}

TEST_F(CecTest, WakesADisplayThatGivesNoAddressInStandby) {
    tv_.physical = CEC_PHYS_ADDR_INVALID;
    run_for(2s);
    EXPECT_THAT(tv_.said, ElementsAre("f0:04"));
    EXPECT_EQ(evidence(), "silent");
    tv_.physical = 0x2000;
    run_for(10s);
    EXPECT_EQ(evidence(), "on");
}

TEST_F(CecTest, ReportsADisplayThatIsSilentOrDoesNotSupportTheQuestion) {
    tv_.answers = false;
    run_for(2s);
    EXPECT_EQ(evidence(), "silent");
    tv_.answers = true;
    tv_.replies = false;
    run_for(20s);
    EXPECT_EQ(evidence(), "silent") << "it acknowledged the question and did not answer";
    tv_.replies = true;
    tv_.knows_power = false;
    run_for(20s);
    EXPECT_EQ(evidence(), "unknown");
}

TEST_F(CecTest, UsesTheAdapterOfTheDisplaysConnector) {
    names_ = {"cec0", "cec1"};
    tv_.socket = ConnectorId{0, 6};
    tvs_["cec1"].socket = ConnectorId{0, 7};
    run_for(2s);
    EXPECT_EQ(run().evidence().at("cec_adapter"), "cec1");
    EXPECT_THAT(tv_.said, IsEmpty()) << "another display";
    // The cable moves.
    socket_ = {0, 6};
    run_for(7s);
    EXPECT_EQ(run().evidence().at("cec_adapter"), "cec0");
    EXPECT_THAT(tv_.said, ElementsAre("40:04", "4f:82:10:00"));
}

TEST_F(CecTest, UsesANamedAdapterWithoutAConnector) {
    tv_.socket.reset();
    run_for(2s);
    EXPECT_EQ(evidence(), "none");
    run_.reset();
    run("cec0");
    run_for(2s);
    EXPECT_EQ(evidence(), "on");
    run_.reset();
    run("cec5");
    run_for(2s);
    EXPECT_EQ(evidence(), "there is no /dev/cec5");
}

TEST_F(CecTest, KeepsAnAddressThatTheAdapterHas) {
    tv_.addresses.num_log_addrs = 1;
    tv_.addresses.log_addr[0] = CEC_LOG_ADDR_PLAYBACK_2;
    tv_.addresses.log_addr_mask = 1U << CEC_LOG_ADDR_PLAYBACK_2;
    run_for(2s);
    EXPECT_THAT(tv_.said, ElementsAre("80:04", "8f:82:10:00"));
}

TEST_F(CecTest, ReportsAnAdapterThatGoesAwayAndOpensItAgain) {
    run_for(2s);
    tv_.gone = true;
    run_for(20s);
    EXPECT_THAT(evidence(), HasSubstr("No such device"));
    tv_.gone = false;
    run_for(20s);
    EXPECT_EQ(evidence(), "on");
}

}  // namespace
}  // namespace riverlight::player
