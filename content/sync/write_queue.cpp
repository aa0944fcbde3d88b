#include "content/sync/write_queue.hpp"

#include <cassert>
#include <utility>

namespace riverlight::content {

WriteQueue::WriteQueue(std::function<void(std::string_view)> work)
    : work_(std::move(work)), thread_([this] { run(); }) {}

WriteQueue::~WriteQueue() {
    {
        const std::lock_guard hold(mutex_);
        if (!filling_.empty()) queue_.push_back(std::move(filling_));
        ended_ = true;
    }
    pushed_.notify_one();
    thread_.join();
}

void WriteQueue::rethrow() const {
    if (fault_) std::rethrow_exception(fault_);
}

void WriteQueue::push(std::string_view bytes) {
    assert(std::this_thread::get_id() != thread_.get_id());
    while (!bytes.empty()) {
        const auto some = bytes.substr(0, piece_bytes - filling_.size());
        filling_ += some;
        bytes.remove_prefix(some.size());
        if (filling_.size() == piece_bytes) hand_over();
    }
}

void WriteQueue::hand_over() {
    {
        std::unique_lock hold(mutex_);
        done_.wait(hold, [&] { return fault_ || queue_.size() < max_pieces; });
        rethrow();
        queue_.push_back(std::move(filling_));
        filling_ = {};
        if (!unused_.empty()) {
            filling_ = std::move(unused_.back());
            unused_.pop_back();
        }
    }
    filling_.clear();
    filling_.reserve(piece_bytes);
    pushed_.notify_one();
}

void WriteQueue::drain() {
    assert(std::this_thread::get_id() != thread_.get_id());
    if (!filling_.empty()) hand_over();
    std::unique_lock hold(mutex_);
    done_.wait(hold, [&] { return fault_ || (queue_.empty() && !working_); });
    rethrow();
}

void WriteQueue::run() {
    std::unique_lock hold(mutex_);
    for (;;) {
        pushed_.wait(hold, [&] { return ended_ || !queue_.empty(); });
        if (queue_.empty()) return;
        auto piece = std::move(queue_.front());
        queue_.pop_front();
        working_ = true;
        const bool failed = fault_ != nullptr;
        hold.unlock();
        std::exception_ptr fault;
        try {
            if (!failed) work_(piece);
        } catch (...) {
            fault = std::current_exception();
        }
        hold.lock();
        assert(working_);
        working_ = false;
        if (fault) fault_ = fault;
        unused_.push_back(std::move(piece));
        done_.notify_one();
    }
}

}  // namespace riverlight::content
