#include "player/screen/screen.hpp"

#include <cassert>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Until the first frame is seen. The player fills the queue meanwhile.
constexpr auto lead = 200ms;

}  // namespace

Screen::Screen(std::unique_ptr<Display> display, const ScreenSpec& spec, Ratio frame_rate, bool panel_on)
    : display_(std::move(display)),
      controller_(*display_, spec, frame_rate, lead, steady_clock::now(), panel_on),
      timing_(controller_.timing()),
      panel_on_(panel_on),
      thread_([this] { run(); }) {}

Screen::~Screen() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Screen::show(Layers layers, std::int64_t frame) {
    assert(layers.picture);
    Queued queued{frame, std::move(layers)};
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return queue_.size() < frames_ahead || end_reason_; });
    if (end_reason_) throw Error("the screen's thread ended: " + *end_reason_);
    queue_.push_back(std::move(queued));
    changed_.notify_all();
}

void Screen::set_panel(bool on) {
    const std::lock_guard lock(mutex_);
    panel_on_ = on;
    changed_.notify_all();
}

ConnectorId Screen::connector() const {
    const std::lock_guard lock(mutex_);
    return connector_;
}

SteadyTime Screen::due(std::int64_t frame) const {
    const std::lock_guard lock(mutex_);
    return timing_.due(frame);
}

Evidence Screen::evidence() const {
    const std::lock_guard lock(mutex_);
    return evidence_;
}

std::string Screen::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void Screen::publish() {
    auto evidence = controller_.evidence();
    const std::lock_guard lock(mutex_);
    timing_ = controller_.timing();
    evidence_ = std::move(evidence);
    trouble_ = controller_.trouble();
    connector_ = {display_->card_number(), controller_.connector()};
}

bool Screen::wait_until(SteadyTime next, bool panel_was_on) {
    std::unique_lock lock(mutex_);
    const bool ready = controller_.ready_for_frame();
    // A frame that has been submitted waits for its blank, whatever happens.
    changed_.wait_until(lock, next,
                        [&] { return stop_ || (ready && (panel_was_on != panel_on_ || !queue_.empty())); });
    return stop_ && (queue_.empty() || !ready);
}

std::optional<Screen::Queued> Screen::take_queued() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) return {};
    auto queued = std::move(queue_.front());
    queue_.pop_front();
    changed_.notify_all();
    return queued;
}

void Screen::loop() {
    while (true) {
        const bool panel_on = [&] {
            const std::lock_guard lock(mutex_);
            return panel_on_;
        }();
        controller_.set_panel(panel_on, steady_clock::now());
        const auto next = controller_.step(steady_clock::now());
        publish();
        if (wait_until(next, panel_on)) return;
        if (!controller_.ready_for_frame()) continue;
        if (auto queued = take_queued())
            controller_.submit(std::move(queued->layers), queued->frame, steady_clock::now());
    }
}

void Screen::run() {
    try {
        loop();
    } catch (const std::exception& e) {
        const std::lock_guard lock(mutex_);
        end_reason_ = e.what();
        changed_.notify_all();
    }
}

}  // namespace riverlight::player
