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

/// What is told to a display over HDMI-CEC, and what it says: step by step, time is handed in. A display that
/// a person switches off with its remote is not fought: it is told once, and again only until it has done it
/// or a minute is over; what it says of itself then is evidence.
class PanelRun {
  public:
    struct Search {
        std::function<std::vector<std::string>()> names = cec_names;
        std::function<std::unique_ptr<CecPort>(const std::string&)> open = open_cec_port;
    };
    /// `adapter`: cec0 …; empty: the one of the display's own connector.
    PanelRun(Search search, std::string adapter, bool on);
    void want(bool on);
    /// Does what is to be done by now for the display on `socket`; when to come again.
    [[nodiscard]] Moment step(const Socket& socket, Moment now);
    /// cec (on | standby | to-on | to-standby | silent | unknown | none: no adapter | why not), cec_adapter.
    [[nodiscard]] const std::map<std::string, std::string>& evidence() const { return evidence_; }

  private:
    void find(const Socket& socket);
    [[nodiscard]] Moment talk(Moment now);

    Search search_;
    std::string adapter_;
    std::unique_ptr<Cec> cec_;
    Socket socket_;  ///< of the display that was spoken to
    bool on_, telling_ = true;
    std::optional<Moment> told_;  ///< first, of what it is being told
    Moment next_{};
    std::map<std::string, std::string> evidence_{{"cec", "none"}};
};

/// PanelRun on a thread of its own: the line is slow, and no frame waits for it.
class PanelLink final {
  public:
    PanelLink(std::string adapter, bool on, std::function<Socket()> socket);
    ~PanelLink();
    PanelLink(const PanelLink&) = delete;
    PanelLink& operator=(const PanelLink&) = delete;
    void want(bool on);
    [[nodiscard]] std::map<std::string, std::string> evidence() const;

  private:
    void loop();

    std::function<Socket()> socket_;
    PanelRun run_;  // the thread's
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // guarded by mutex_
    std::map<std::string, std::string> evidence_;
    bool on_, stop_ = false;
    std::thread thread_;
};

}  // namespace riverlight::player
