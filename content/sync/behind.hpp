#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace riverlight::content {

/// A thread that works pieces off in the order they are given, so that whoever receives them goes on
/// receiving: hashing and writing a download beside the line that brings it. It holds a few pieces at most;
/// give() then waits until one is done, and the line slows down with the disk. The thread calls `work` and
/// nothing else. All other members are called by one thread, the owner's.
class Behind {
  public:
    static constexpr std::size_t piece_bytes = 256U << 10;
    static constexpr std::size_t most_waiting = 8;  ///< pieces

    explicit Behind(std::function<void(std::string_view piece)> work);
    /// Waits for what was given; what `work` throws then is lost.
    ~Behind();
    Behind(const Behind&) = delete;
    Behind& operator=(const Behind&) = delete;

    /// Copies the bytes. May rethrow what `work` threw on earlier ones; from then on nothing is worked off.
    void give(std::string_view bytes);
    /// Returns once all that was given is done, or rethrows what `work` threw.
    void drain();

  private:
    void run();
    void hand_over();
    void rethrow() const;

    const std::function<void(std::string_view)> work_;
    std::string filling_;  ///< the owner's alone
    std::mutex mutex_;     ///< guards all below but thread_
    std::condition_variable given_, done_;
    std::deque<std::string> waiting_;
    std::vector<std::string> spare_;  ///< buffers that were worked off, to be filled again
    bool working_ = false, ended_ = false;
    std::exception_ptr fault_;
    std::thread thread_;  ///< last: it uses the others
};

}  // namespace riverlight::content
