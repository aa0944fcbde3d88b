#include "firmware/outlet/journal_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>

#include "content/airing/shown.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::size_t most_waiting = 20'000;

}  // namespace

void JournalLog::report_fault(const Error& why) {
    if (fault_.empty()) spdlog::error("outlet {}: {}", outlet_, why.what());
    fault_ = why.what();
}

AiringLog::Handle JournalLog::open(const content::AiringRecord& record) {
    try {
        return journal_.open(record);
    } catch (const Error& e) {
        report_fault(e);
        return {};
    }
}

void JournalLog::update(Handle handle, const content::AiringRecord& record) {
    try {
        if (handle) journal_.update(*handle, record);
    } catch (const Error& e) {
        report_fault(e);
    }
}

void JournalLog::close(Handle handle, const content::AiringRecord& record) {
    try {
        static_cast<void>(handle ? journal_.close(*handle, record) : journal_.add(record));
    } catch (const Error& e) {
        report_fault(e);
        if (waiting_.size() < most_waiting) waiting_.push_back(record);
        if (handle) stale_.push_back(*handle);
    }
}

void JournalLog::discard(Handle handle) {
    try {
        if (handle) journal_.discard(*handle);
    } catch (const Error& e) {
        report_fault(e);
    }
}

void JournalLog::add(const std::vector<content::AiringRecord>& records) {
    if (records.empty()) return;
    try {
        journal_.add(records);
    } catch (const Error& e) {
        report_fault(e);
        assert(waiting_.size() <= most_waiting);
        const auto room = std::min(records.size(), most_waiting - waiting_.size());
        waiting_.insert(waiting_.end(), records.begin(), records.begin() + static_cast<std::ptrdiff_t>(room));
    }
}

void JournalLog::write_waiting() {
    if (fault_.empty()) return;
    try {
        // First add the record, then remove the open airing: after a power cut between the two a record is
        // there twice rather than not at all.
        journal_.add(waiting_);
        if (!waiting_.empty())
            spdlog::info("outlet {}: {} airings that waited in memory are in the journal now", outlet_,
                         waiting_.size());
        waiting_.clear();
        for (; !stale_.empty(); stale_.pop_back()) journal_.discard(stale_.back());
        fault_.clear();
    } catch (const Error& e) {
        report_fault(e);
    }
}

bool JournalLog::has(const std::string& airing) {
    try {
        return journal_.has(outlet_, airing);
    } catch (const Error& e) {
        report_fault(e);
        return false;
    }
}

std::vector<scheduler::Aired> JournalLog::aired_since(Instant from) {
    std::vector<scheduler::Aired> aired;
    const auto add = [&](const content::AiringRecord& r) {
        if (r.outlet == outlet_ && counts_as_play(r) && r.started && r.ended && *r.started >= from)
            aired.push_back({r.airing, r.booking, r.segment, *r.started, *r.ended});
    };
    constexpr std::int64_t chunk = 1000;
    try {
        bool more = true;
        for (auto last = journal_.state().last; last > 0 && more; last -= chunk) {
            const auto first = std::max<std::int64_t>(1, last - chunk + 1);
            const auto records = journal_.read(first, static_cast<std::size_t>(last - first + 1));
            for (const auto& r : records) add(r);
            more = !records.empty() &&
                   (!records.front().planned_start || *records.front().planned_start >= from);
        }
    } catch (const Error& e) {
        report_fault(e);
    }
    for (const auto& r : waiting_) add(r);
    return aired;
}

}  // namespace riverlight::firmware
