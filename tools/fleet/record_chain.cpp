#include "tools/fleet/record_chain.hpp"

#include <algorithm>
#include <utility>

#include "content/airing/shown.hpp"

namespace riverlight::fleet {
namespace {

/// A board's plan asks for what was on in the last 26 hours, by a clock that may be a day behind.
constexpr std::chrono::hours remembered{60};

}  // namespace

RecordChain::RecordChain(std::string board, std::string epoch)
    : board_(std::move(board)), epoch_(std::move(epoch)), head_(content::first_previous(board_, epoch_)) {}

void RecordChain::append(content::AiringRecord record) {
    record.board = board_;
    record.epoch = epoch_;
    record.seq = ++last_;
    record.previous = head_;
    record = content::writable(std::move(record));
    record.hash = content::record_hash(record);
    head_ = record.hash;
    if (counts_as_play(record) && record.started && record.ended) {
        aired_.push_back({record.airing, record.booking, record.segment, *record.started, *record.ended});
        while (aired_.front().start < *record.started - remembered) aired_.pop_front();
    }
    waiting_.push_back(std::move(record));
}

void RecordChain::close_interrupted(const std::string& reason) {
    for (auto& [_, record] : std::exchange(open_, {})) {
        if (!record.started) continue;
        record.status = content::AiringStatus::interrupted;
        record.reason = reason;
        append(record);
    }
}

std::optional<content::Batch> RecordChain::next_batch(std::size_t count) const {
    if (waiting_.empty()) return {};
    content::Batch batch;
    const auto taken = std::min(count, waiting_.size());
    batch.airings.assign(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
    batch.board = board_;
    batch.epoch = epoch_;
    batch.first = batch.airings.front().seq;
    batch.last = batch.airings.back().seq;
    batch.head = batch.airings.back().hash;
    return batch;
}

void RecordChain::accept_receipt(const content::Receipt& receipt) {
    const auto first = waiting_.empty() ? last_ + 1 : waiting_.front().seq;
    if (receipt.board != board_ || receipt.epoch != epoch_ || receipt.held < first || receipt.held > last_)
        throw Error(board_ + ": the receipt is for seq " + std::to_string(receipt.held) + " of epoch " +
                    receipt.epoch + ", and seq " + std::to_string(first) + " to " + std::to_string(last_) +
                    " wait");
    const auto& held = waiting_.at(static_cast<std::size_t>(receipt.held - first));
    if (held.hash != receipt.head) throw Error(board_ + ": the receipt names another hash");
    waiting_.erase(waiting_.begin(), waiting_.begin() + (receipt.held - first + 1));
}

RecordChain::Handle RecordChain::open(const content::AiringRecord& record) {
    open_.emplace(++handles_, record);
    return handles_;
}

void RecordChain::update(Handle handle, const content::AiringRecord& record) {
    if (handle) open_.at(*handle) = record;
}

void RecordChain::close(Handle handle, const content::AiringRecord& record) {
    discard(handle);
    append(record);
}

void RecordChain::discard(Handle handle) {
    if (handle) open_.erase(*handle);
}

void RecordChain::add(const std::vector<content::AiringRecord>& records) {
    for (const auto& record : records) append(record);
}

bool RecordChain::has(const scheduler::PlannedAiring& planned) {
    const auto is_it = [&](const auto& one) { return one.airing == planned.id; };
    return std::any_of(waiting_.begin(), waiting_.end(), is_it) ||
           std::any_of(open_.begin(), open_.end(), [&](const auto& one) { return is_it(one.second); }) ||
           std::any_of(aired_.begin(), aired_.end(), [&](const auto& one) { return one.id == planned.id; });
}

std::vector<scheduler::Aired> RecordChain::aired_since(Instant from) {
    std::vector<scheduler::Aired> out;
    std::copy_if(aired_.begin(), aired_.end(), std::back_inserter(out),
                 [&](const auto& one) { return one.start >= from; });
    return out;
}

}  // namespace riverlight::fleet
