#include "firmware/outlet/airing_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace riverlight::firmware {
namespace {

constexpr std::size_t most_waiting = 20'000;

}  // namespace

void AiringLog::not_written(const Error& why) {
    if (fault_.empty()) spdlog::error("outlet {}: {}", outlet_, why.what());
    fault_ = why.what();
}

AiringLog::Handle AiringLog::open(const content::AiringRecord& record) {
    try {
        return journal_.open(record);
    } catch (const Error& e) {
        not_written(e);
        return {};
    }
}

void AiringLog::update(Handle handle, const content::AiringRecord& record) {
    try {
        if (handle) journal_.update(*handle, record);
    } catch (const Error& e) {
        not_written(e);
    }
}

void AiringLog::close(Handle handle, const content::AiringRecord& record) {
    try {
        static_cast<void>(handle ? journal_.close(*handle, record) : journal_.add(record));
    } catch (const Error& e) {
        not_written(e);
        if (waiting_.size() < most_waiting) waiting_.push_back(record);
        if (handle) stale_.push_back(*handle);
    }
}

void AiringLog::forget(Handle handle) {
    try {
        if (handle) journal_.forget(*handle);
    } catch (const Error& e) {
        not_written(e);
    }
}

void AiringLog::add(const std::vector<content::AiringRecord>& records) {
    if (records.empty()) return;
    try {
        journal_.add(records);
    } catch (const Error& e) {
        not_written(e);
        const auto room = std::min(records.size(), most_waiting - waiting_.size());
        waiting_.insert(waiting_.end(), records.begin(), records.begin() + static_cast<std::ptrdiff_t>(room));
    }
}

void AiringLog::write_waiting() {
    if (fault_.empty()) return;
    try {
        // First what aired, then its open entry goes: a power cut between leaves one too many, never one too
        // few.
        journal_.add(waiting_);
        if (!waiting_.empty())
            spdlog::info("outlet {}: the journal took {} airings that waited", outlet_, waiting_.size());
        waiting_.clear();
        for (; !stale_.empty(); stale_.pop_back()) journal_.forget(stale_.back());
        fault_.clear();
    } catch (const Error& e) {
        not_written(e);
    }
}

bool AiringLog::knows(const std::string& airing) {
    try {
        return journal_.knows(outlet_, airing);
    } catch (const Error& e) {
        not_written(e);
        return false;
    }
}

std::vector<scheduler::Aired> AiringLog::aired_since(Instant from) {
    std::vector<scheduler::Aired> aired;
    const auto add = [&](const content::AiringRecord& r) {
        if (r.outlet == outlet_ && counts_as_play(r.status) && r.started && r.ended && *r.started >= from)
            aired.push_back({r.airing, r.booking, r.segment, *r.started, *r.ended});
    };
    constexpr std::int64_t chunk = 1000;
    try {
        bool further = true;
        for (auto last = journal_.state().last; last > 0 && further; last -= chunk) {
            const auto first = std::max<std::int64_t>(1, last - chunk + 1);
            const auto records = journal_.read(first, static_cast<std::size_t>(last - first + 1));
            for (const auto& r : records) add(r);
            further = !records.empty() &&
                      (!records.front().planned_start || *records.front().planned_start >= from);
        }
    } catch (const Error& e) {
        not_written(e);
    }
    for (const auto& r : waiting_) add(r);
    return aired;
}

}  // namespace riverlight::firmware
