#include "player/screen/panel.hpp"

#include <algorithm>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto ask_every = 10s, look_again = 5s, repeat_every = 5s, give_up_after = 60s;

}  // namespace

PanelRun::PanelRun(Search search, std::string adapter, bool on)
    : search_(std::move(search)), adapter_(std::move(adapter)), on_(on) {}

void PanelRun::want(bool on) {
    if (std::exchange(on_, on) == on) return;
    telling_ = true;
    told_.reset();
    next_ = {};
}

/// The named adapter, or the one whose driver says that it belongs to the display's connector.
void PanelRun::find(const Socket& socket) {
    for (const auto& name : search_.names()) {
        if (!adapter_.empty() && name != adapter_) continue;
        auto cec = std::make_unique<Cec>(search_.open(name));
        if (adapter_.empty() && (socket.connector == 0 || cec->socket() != socket)) continue;
        cec_ = std::move(cec);
        evidence_["cec_adapter"] = name;
        return;
    }
    evidence_ = {{"cec", adapter_.empty() ? "none" : "there is no /dev/" + adapter_}};
}

/// First it is told whatever it says, for a display that is on may show another source; then until it does
/// as it was told. What is on its way is waited for.
Moment PanelRun::talk(Moment now) {
    const auto says = cec_->claim() ? cec_->power() : std::string("silent");
    evidence_["cec"] = says;
    if (!telling_) return now + ask_every;
    const bool done = says == (on_ ? "on" : "standby"), coming = says == (on_ ? "to-on" : "to-standby");
    const bool first = !told_;
    if (first) told_ = now;
    if (on_ && (first || !(done || coming))) cec_->wake();
    if (!on_ && !(done || coming)) cec_->standby();
    telling_ = !done && now - *told_ < give_up_after;
    return now + (telling_ ? repeat_every : ask_every);
}

Moment PanelRun::step(const Socket& socket, Moment now) {
    if (socket != socket_) {
        // Another display: it is told anew, by its own adapter.
        socket_ = socket;
        telling_ = true;
        told_.reset();
        next_ = {};
        if (adapter_.empty()) cec_.reset();
    }
    if (now < next_) return next_;
    try {
        if (!cec_) find(socket);
        next_ = cec_ ? talk(now) : now + look_again;
    } catch (const Error& e) {
        cec_.reset();
        evidence_ = {{"cec", e.what()}};
        next_ = now + look_again;
    }
    return next_;
}

PanelLink::PanelLink(std::string adapter, bool on, std::function<Socket()> socket)
    : socket_(std::move(socket)), run_({}, std::move(adapter), on), on_(on), thread_([this] { loop(); }) {}

PanelLink::~PanelLink() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void PanelLink::want(bool on) {
    const std::lock_guard lock(mutex_);
    on_ = on;
    changed_.notify_all();
}

std::map<std::string, std::string> PanelLink::evidence() const {
    const std::lock_guard lock(mutex_);
    return evidence_;
}

void PanelLink::loop() {
    constexpr auto look_every = 1s;  // at the connector, which tells nobody that it changed
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const bool on = on_;
        lock.unlock();
        run_.want(on);
        const auto now = steady_clock::now();
        const auto next = run_.step(socket_(), now);
        const auto evidence = run_.evidence();
        lock.lock();
        evidence_ = evidence;
        changed_.wait_until(lock, std::min(next, now + look_every), [&] { return stop_ || on_ != on; });
    }
}

}  // namespace riverlight::player
