#include "player/screen/panel.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto ask_every = 10s, search_every = 5s, repeat_every = 5s, give_up_after = 60s;
/// The connector may change without notice.
constexpr auto check_connector_every = 1s;

}  // namespace

PanelController::PanelController(Adapters adapters, std::string adapter, bool on)
    : adapters_(std::move(adapters)), adapter_(std::move(adapter)), on_(on) {
    assert(adapters_.names && adapters_.open);
}

void PanelController::restart_command() {
    commanding_ = true;
    first_command_.reset();
    next_ = {};
}

void PanelController::set_power(bool on) {
    if (std::exchange(on_, on) != on) restart_command();
}

/// The named adapter, or the one that the driver assigns to the display's connector.
void PanelController::find_adapter(const ConnectorId& connector) {
    for (const auto& name : adapters_.names()) {
        if (!adapter_.empty() && name != adapter_) continue;
        auto cec = std::make_unique<Cec>(adapters_.open(name));
        if (adapter_.empty() && (connector.connector == 0 || cec->connector() != connector)) continue;
        cec_ = std::move(cec);
        evidence_["cec_adapter"] = name;
        return;
    }
    evidence_ = {{"cec", adapter_.empty() ? "none" : "there is no /dev/" + adapter_}};
}

/// The first command is sent whatever the display reports, since a display that is on may show another
/// source. A transition is waited for.
SteadyTime PanelController::exchange(SteadyTime now) {
    assert(cec_);
    const auto power = cec_->claim_address() ? cec_->power() : CecPower::silent;
    evidence_["cec"] = to_text(power);
    if (!commanding_) return now + ask_every;
    const bool done = power == (on_ ? CecPower::on : CecPower::standby);
    const bool in_transition = power == (on_ ? CecPower::to_on : CecPower::to_standby);
    const bool first = !first_command_;
    if (first) first_command_ = now;
    if (on_ && (first || !(done || in_transition))) cec_->wake();
    if (!on_ && !(done || in_transition)) cec_->standby();
    commanding_ = !done && now - *first_command_ < give_up_after;
    return now + (commanding_ ? repeat_every : ask_every);
}

SteadyTime PanelController::step(const ConnectorId& connector, SteadyTime now) {
    if (connector != connector_) {  // another display, perhaps with another adapter
        connector_ = connector;
        restart_command();
        if (adapter_.empty()) cec_.reset();
    }
    if (now < next_) return next_;
    try {
        if (!cec_) find_adapter(connector);
        next_ = cec_ ? exchange(now) : now + search_every;
    } catch (const Error& e) {
        cec_.reset();
        evidence_ = {{"cec", e.what()}};
        next_ = now + search_every;
    }
    return next_;
}

PanelThread::PanelThread(std::string adapter, bool on, std::function<ConnectorId()> connector)
    : connector_(std::move(connector)),
      controller_({}, std::move(adapter), on),
      on_(on),
      thread_([this] { run(); }) {}

PanelThread::~PanelThread() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void PanelThread::set_power(bool on) {
    const std::lock_guard lock(mutex_);
    on_ = on;
    changed_.notify_all();
}

std::map<std::string, std::string> PanelThread::evidence() const {
    const std::lock_guard lock(mutex_);
    return evidence_;
}

void PanelThread::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const bool on = on_;
        lock.unlock();
        controller_.set_power(on);
        const auto now = steady_clock::now();
        const auto next = controller_.step(connector_(), now);
        const auto evidence = controller_.evidence();
        lock.lock();
        evidence_ = evidence;
        changed_.wait_until(lock, std::min(next, now + check_connector_every),
                            [&] { return stop_ || on_ != on; });
    }
}

}  // namespace riverlight::player
