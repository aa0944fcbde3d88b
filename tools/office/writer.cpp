#include "tools/office/writer.hpp"

#include <boost/asio/post.hpp>
#include <cassert>
#include <future>
#include <iterator>
#include <utility>

#include "content/base/error.hpp"

namespace riverlight::office {

Writer::Writer(OfficeStore& store, boost::asio::any_io_executor thread, std::size_t most_waiting, Clock clock)
    : store_(store), thread_(std::move(thread)), most_waiting_(most_waiting), clock_(std::move(clock)) {
    assert(clock_);
}

bool Writer::submit(Work work, Done done) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= most_waiting_) return false;
        waiting_.push_back({std::move(work), std::move(done)});
        if (std::exchange(is_posted_, true)) return true;
    }
    boost::asio::post(thread_, [this] { write_group(); });
    return true;
}

void Writer::write(const Work& work) {
    std::promise<void> on_disk;
    auto done = on_disk.get_future();
    const bool taken = submit(work, [&](const std::exception_ptr& fault) {
        if (fault)
            on_disk.set_exception(fault);
        else
            on_disk.set_value();
    });
    if (!taken) throw Error("the office has too much to write at the moment");
    done.get();
}

std::deque<Writer::Piece> Writer::take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
}

/// Writes a group and answers for it. What did not fit into it is the beginning of the next one.
void Writer::write_group() {
    auto group = take_all();
    std::size_t count = 0;
    try {
        store_.change([&] { write_pieces(group, count); });
    } catch (...) {                            // none of it is on disk
        if (count == 0) count = group.size();  // nothing can be begun
        for (std::size_t i = 0; i < count; ++i)
            if (!group[i].fault) group[i].fault = std::current_exception();
    }
    {
        const std::lock_guard lock(mutex_);
        waiting_.insert(waiting_.begin(),
                        std::move_iterator(group.begin() + static_cast<std::ptrdiff_t>(count)),
                        std::move_iterator(group.end()));
        is_posted_ = !waiting_.empty();
        if (is_posted_) boost::asio::post(thread_, [this] { write_group(); });
    }
    for (std::size_t i = 0; i < count; ++i) group[i].done(group[i].fault);
}

/// `count` is how many of the group were begun.
void Writer::write_pieces(std::deque<Piece>& group, std::size_t& count) {
    const auto begin = clock_();
    for (auto& piece : group) {
        if (count > 0 && clock_() - begin > longest_group) return;
        ++count;
        try {
            store_.change([&] { piece.work(store_); });
        } catch (...) {
            piece.fault = std::current_exception();
            if (!store_.is_changing()) throw;  // the disk took back all of it
        }
    }
}

}  // namespace riverlight::office
