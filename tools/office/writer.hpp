#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>

#include "tools/office/store.hpp"

namespace riverlight::office {

/// The one place where the running office writes. What waits is written in one transaction, each piece as a
/// part of its own (group commit): a disk that takes 10 ms to be sure costs 10 ms for all of them together.
/// A piece that fails takes back nothing but itself.
class Writer {
  public:
    using Work = std::function<void(OfficeStore& store)>;
    /// Called once the work is on disk, with null, or with what kept it from there.
    using Done = std::function<void(std::exception_ptr fault)>;

    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    /// No further piece is begun in a group that has taken so long: the first of it waits for the last.
    static constexpr std::chrono::milliseconds longest_group{50};

    /// `store` is used on `thread` alone, which runs one piece of work at a time: a pool of one thread, a
    /// strand. At most `most_waiting` pieces wait. `clock` measures groups, on the same thread.
    Writer(OfficeStore& store, boost::asio::any_io_executor thread, std::size_t most_waiting,
           Clock clock = std::chrono::steady_clock::now);

    /// From any thread. `work` and `done` run on the writer's thread: what takes longer goes elsewhere from
    /// there. False: too many wait, and nothing is written.
    [[nodiscard]] bool submit(Work work, Done done);
    /// The same, and waits until it is on disk. Throws what `work` threw, and Error if too many wait. Never
    /// on the writer's own thread.
    void write(const Work& work);

  private:
    struct Piece {
        Work work;
        Done done;
        std::exception_ptr fault{};
    };
    void write_group();
    [[nodiscard]] std::deque<Piece> take_all();
    void write_pieces(std::deque<Piece>& group, std::size_t& count);

    OfficeStore& store_;
    boost::asio::any_io_executor thread_;
    std::size_t most_waiting_;
    Clock clock_;
    std::mutex mutex_;
    std::deque<Piece> waiting_;  ///< under the mutex
    bool is_posted_ = false;     ///< the same: the thread has been told
};

}  // namespace riverlight::office
