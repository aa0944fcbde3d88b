#include "player/screen/screen.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Until the first frame is seen: the player fills the queue meanwhile.
constexpr auto lead = 200ms;

}  // namespace

Screen::Screen(std::unique_ptr<Display> display, const ScreenSpec& spec, Ratio beat, bool panel_on)
    : display_(std::move(display)),
      run_(*display_, spec, beat, lead, steady_clock::now(), panel_on),
      timing_(run_.timing()),
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
    Waiting waiting{frame, std::move(layers)};
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return queue_.size() < frames_ahead || !ended_.empty(); });
    if (!ended_.empty()) throw Error("the screen's thread ended: " + ended_);
    queue_.push_back(std::move(waiting));
    changed_.notify_all();
}

void Screen::set_panel(bool on) {
    const std::lock_guard lock(mutex_);
    panel_on_ = on;
    changed_.notify_all();
}

Socket Screen::socket() const {
    const std::lock_guard lock(mutex_);
    return socket_;
}

Moment Screen::due(std::int64_t frame) const {
    const std::lock_guard lock(mutex_);
    return timing_.due(frame);
}

std::map<std::string, std::string> Screen::evidence() const {
    const std::lock_guard lock(mutex_);
    return evidence_;
}

std::string Screen::trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void Screen::publish() {
    auto evidence = run_.evidence();
    const std::lock_guard lock(mutex_);
    timing_ = run_.timing();
    evidence_ = std::move(evidence);
    trouble_ = run_.trouble();
    socket_ = {display_->card(), run_.connector()};
}

void Screen::loop() {
    bool panel_on = true;
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            panel_on = panel_on_;
        }
        run_.set_panel(panel_on, steady_clock::now());
        const auto next = run_.step(steady_clock::now());
        publish();
        std::unique_lock lock(mutex_);
        // What is hungry is woken by a frame; what has one waits for its blank, whatever comes.
        if (run_.hungry())
            changed_.wait_until(lock, next,
                                [&] { return stop_ || panel_on != panel_on_ || !queue_.empty(); });
        else
            changed_.wait_until(lock, next, [&] { return stop_; });
        if (stop_ && (queue_.empty() || !run_.hungry())) return;
        if (!run_.hungry() || queue_.empty()) continue;
        auto waiting = std::move(queue_.front());
        queue_.pop_front();
        changed_.notify_all();
        lock.unlock();
        run_.give(std::move(waiting.layers), waiting.frame, steady_clock::now());
    }
}

void Screen::run() {
    try {
        loop();
    } catch (const std::exception& e) {
        const std::lock_guard lock(mutex_);
        ended_ = e.what();
        changed_.notify_all();
    }
}

}  // namespace riverlight::player
