#include "content/sync/behind.hpp"

#include <utility>

namespace riverlight::content {
Behind::Behind(std::function<void(std::string_view)> work)
    : work_(std::move(work)), thread_([this] { run(); }) {}

Behind::~Behind() {
    {
        const std::lock_guard hold(mutex_);
        if (!filling_.empty()) waiting_.push_back(std::move(filling_));
        ended_ = true;
    }
    given_.notify_one();
    thread_.join();
}

void Behind::rethrow() const {
    if (fault_) std::rethrow_exception(fault_);
}

void Behind::give(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto some = bytes.substr(0, piece_bytes - filling_.size());
        filling_ += some;
        bytes.remove_prefix(some.size());
        if (filling_.size() == piece_bytes) hand_over();
    }
}

void Behind::hand_over() {
    {
        std::unique_lock hold(mutex_);
        done_.wait(hold, [&] { return fault_ || waiting_.size() < most_waiting; });
        rethrow();
        waiting_.push_back(std::move(filling_));
        filling_ = {};
        if (!spare_.empty()) {
            filling_ = std::move(spare_.back());
            spare_.pop_back();
        }
    }
    filling_.clear();
    filling_.reserve(piece_bytes);
    given_.notify_one();
}

void Behind::drain() {
    if (!filling_.empty()) hand_over();
    std::unique_lock hold(mutex_);
    done_.wait(hold, [&] { return fault_ || (waiting_.empty() && !working_); });
    rethrow();
}

void Behind::run() {
    std::unique_lock hold(mutex_);
    for (;;) {
        given_.wait(hold, [&] { return ended_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        auto piece = std::move(waiting_.front());
        waiting_.pop_front();
        working_ = true;
        const bool spoiled = fault_ != nullptr;
        hold.unlock();
        std::exception_ptr fault;
        try {
            if (!spoiled) work_(piece);
        } catch (...) {
            fault = std::current_exception();
        }
        hold.lock();
        working_ = false;
        if (fault) fault_ = fault;
        spare_.push_back(std::move(piece));
        done_.notify_one();
    }
}

}  // namespace riverlight::content
