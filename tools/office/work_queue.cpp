#include "tools/office/work_queue.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

namespace riverlight::office {

WorkQueue::WorkQueue(std::string name, std::size_t threads, std::size_t most)
    : name_(std::move(name)), most_(most), pool_(threads) {
    assert(threads >= 1 && most >= 1);
}

WorkQueue::~WorkQueue() {
    stop();
}

bool WorkQueue::post(std::function<void()> work) {
    if (count_.fetch_add(1) >= most_) {
        count_.fetch_sub(1);
        return false;
    }
    enqueue(std::move(work));
    return true;
}

void WorkQueue::post_rest(std::function<void()> work) {
    count_.fetch_add(1);
    enqueue(std::move(work));
}

void WorkQueue::enqueue(std::function<void()> work) {
    boost::asio::post(pool_, [this, work = std::move(work)]() mutable {
        try {
            work();
        } catch (const std::exception& e) {
            spdlog::error("{}: {}", name_, e.what());
        }
        work = nullptr;  // what it holds ends before the place in the queue is free
        count_.fetch_sub(1);
    });
}

void WorkQueue::stop() {
    pool_.stop();
    pool_.join();
}

}  // namespace riverlight::office
