#pragma once
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <chrono>
#include <exception>
#include <functional>
#include <utility>

namespace riverlight::firmware {

/// Calls `work` on the loop's thread, again and again, `every` after the last call has returned. `work` may
/// stop it; what it throws goes to the log, and does not stop it. The object must not move while it runs, and
/// must be stopped or outlive the loop.
class RepeatingTimer {
  public:
    RepeatingTimer(boost::asio::io_context& loop, std::chrono::milliseconds every, std::function<void()> work)
        : timer_(loop), every_(every), work_(std::move(work)) {
        assert(work_ && every_.count() > 0);
    }
    RepeatingTimer(const RepeatingTimer&) = delete;
    RepeatingTimer& operator=(const RepeatingTimer&) = delete;

    void start() {
        running_ = true;
        wait();
    }
    void stop() {
        running_ = false;
        timer_.cancel();
    }

  private:
    void wait() {
        timer_.expires_after(every_);
        timer_.async_wait([this](const auto& ec) {
            if (ec || !running_) return;
            try {
                work_();
            } catch (const std::exception& e) {
                spdlog::error("{}", e.what());
            }
            if (running_) wait();
        });
    }

    boost::asio::steady_timer timer_;
    std::chrono::milliseconds every_;
    std::function<void()> work_;
    bool running_ = false;
};

}  // namespace riverlight::firmware
