#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "player/screen/cec.hpp"

namespace riverlight::player {

/// Keeps a display's power as wanted over HDMI-CEC, and reports what the display says of it. A command is
/// sent once, then repeated until the display has obeyed, for at most a minute. A display that a person
/// switches off later with its remote control is left alone. Never blocks on time: the caller passes it in.
class PanelController {
  public:
    /// How to find and open adapters.
    struct Adapters {
        std::function<std::vector<std::string>()> names = cec_names;
        std::function<std::unique_ptr<CecPort>(const std::string&)> open = open_cec_port;
    };
    /// `adapter`: cec0 …; empty: that of the display's own connector.
    PanelController(Adapters adapters, std::string adapter, bool on);
    void set_power(bool on);
    /// Does what is due at `now` for the display on `connector`. Returns when to call it again.
    [[nodiscard]] SteadyTime step(const ConnectorId& connector, SteadyTime now);
    /// `cec`: CecPower, `none` (no adapter) or why it fails; `cec_adapter`.
    [[nodiscard]] const std::map<std::string, std::string>& evidence() const { return evidence_; }

  private:
    void restart_command();
    void find_adapter(const ConnectorId& connector);
    /// Asks the display and sends the command if it is to be sent. Returns when to do so again.
    [[nodiscard]] SteadyTime exchange(SteadyTime now);

    Adapters adapters_;
    std::string adapter_;
    std::unique_ptr<Cec> cec_;  ///< null: no adapter found yet
    ConnectorId connector_;     ///< of the display that was addressed last
    bool on_;
    bool commanding_ = true;                   ///< the display has yet to obey
    std::optional<SteadyTime> first_command_;  ///< when the current command was sent first
    SteadyTime next_{};
    std::map<std::string, std::string> evidence_{{"cec", "none"}};
};

/// Runs a PanelController on a thread of its own: the CEC line is slow, and no frame may wait for it.
class PanelThread final {
  public:
    PanelThread(std::string adapter, bool on, std::function<ConnectorId()> connector);
    ~PanelThread();
    PanelThread(const PanelThread&) = delete;
    PanelThread& operator=(const PanelThread&) = delete;
    void set_power(bool on);
    [[nodiscard]] std::map<std::string, std::string> evidence() const;

  private:
    void run();

    std::function<ConnectorId()> connector_;
    PanelController controller_;  // only the thread uses it
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::map<std::string, std::string> evidence_;
    bool on_, stop_ = false;
    std::thread thread_;
};

}  // namespace riverlight::player
