#pragma once
#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <functional>
#include <string>

namespace riverlight::office {

/// Threads for one kind of work, with a bounded queue before them: where more comes than they can do, the
/// rest is refused at once instead of waiting for ever.
class WorkQueue {
  public:
    /// `name` stands in the log. `most`: pieces of work that wait or are under way, ≥ 1.
    WorkQueue(std::string name, std::size_t threads, std::size_t most);
    ~WorkQueue();
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;
    WorkQueue(WorkQueue&&) = delete;
    WorkQueue& operator=(WorkQueue&&) = delete;

    /// From any thread. False: the queue is full, and nothing is done. An exception of `work` is logged.
    [[nodiscard]] bool post(std::function<void()> work);
    /// The rest of work that was let in: it is never refused.
    void post_rest(std::function<void()> work);
    /// For what bounds itself: one piece of work at a time for each request that was let in.
    [[nodiscard]] boost::asio::thread_pool::executor_type executor() { return pool_.get_executor(); }
    /// Ends what is under way, and drops what waits.
    void stop();

  private:
    void enqueue(std::function<void()> work);

    std::string name_;
    std::size_t most_;
    std::atomic<std::size_t> count_ = 0;
    boost::asio::thread_pool pool_;
};

}  // namespace riverlight::office
