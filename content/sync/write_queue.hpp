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

/// Hashes and writes a download on a second thread, so that receiving does not wait for the disk. Pieces are
/// processed in the order they were pushed. The queue is bounded: push() waits while it is full, which slows
/// the connection down to the speed of the disk.
///
/// The thread only calls `work`. All public members are called by one thread, the owner's.
class WriteQueue {
  public:
    static constexpr std::size_t piece_bytes = 256U << 10;
    static constexpr std::size_t max_pieces = 8;

    explicit WriteQueue(std::function<void(std::string_view piece)> work);
    /// Processes what was pushed, then joins the thread. Exceptions of `work` are ignored here: call drain().
    ~WriteQueue();
    WriteQueue(const WriteQueue&) = delete;
    WriteQueue& operator=(const WriteQueue&) = delete;

    /// Copies the bytes. Rethrows what `work` threw on earlier pieces; after that nothing more is processed.
    void push(std::string_view bytes);
    /// Waits until everything pushed is processed. Rethrows what `work` threw.
    void drain();

  private:
    void run();
    void hand_over();
    void rethrow() const;

    const std::function<void(std::string_view)> work_;
    std::string filling_;  ///< the piece being filled; only the owner's thread uses it
    std::mutex mutex_;     ///< guards the members below, except thread_
    std::condition_variable pushed_, done_;
    std::deque<std::string> queue_;
    std::vector<std::string> unused_;  ///< buffers to fill again
    bool working_ = false, ended_ = false;
    std::exception_ptr fault_;
    std::thread thread_;  ///< last, since it uses the others
};

}  // namespace riverlight::content
