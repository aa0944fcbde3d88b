#include "firmware/outlet/journal_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>

#include "content/airing/shown.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::size_t most_waiting = 20'000;
constexpr std::int64_t chunk = 1000;

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
    for (const auto& record : records) note_run(record);
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
    keep_up();
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

void JournalLog::note_run(const content::AiringRecord& record) {
    if (record.outlet != outlet_) return;
    const auto run = failure_run_of(record);
    if (run && std::find(runs_.begin(), runs_.end(), *run) == runs_.end()) runs_.push_back(*run);
}

bool JournalLog::has(const scheduler::PlannedAiring& planned) {
    if (std::any_of(runs_.begin(), runs_.end(), [&](const auto& run) { return run.covers(planned.start); }))
        return true;
    try {
        return journal_.has(outlet_, planned.id);
    } catch (const Error& e) {
        report_fault(e);
        return false;
    }
}

/// A new epoch holds again what the office lacked of the one before.
void JournalLog::remember(const content::AiringRecord& r) {
    note_run(r);
    const auto is_same = [&](const scheduler::Aired& one) {
        return one.id == r.airing && one.start == r.started;
    };
    if (r.evidence.contains(content::evidence_journal_before) &&
        std::any_of(recent_.aired.begin(), recent_.aired.end(), is_same))
        return;
    if (r.outlet == outlet_ && counts_as_play(r) && r.started && r.ended)
        recent_.aired.push_back({r.airing, r.booking, r.segment, *r.started, *r.ended});
}

/// The newest first, back to the first record planned before `from`.
void JournalLog::read_back_to(Instant from, std::int64_t last) {
    bool more = true;
    for (; last > 0 && more; last -= chunk) {
        const auto first = std::max<std::int64_t>(1, last - chunk + 1);
        const auto records = journal_.read(first, static_cast<std::size_t>(last - first + 1));
        for (const auto& r : records) remember(r);
        more = !records.empty() && (!records.front().planned_start || *records.front().planned_start >= from);
    }
}

void JournalLog::read_new(std::int64_t last) {
    while (recent_.read_to < last) {
        const auto records = journal_.read(recent_.read_to + 1, chunk);
        for (const auto& r : records) remember(r);
        recent_.read_to = records.empty() ? last : records.back().seq;
    }
}

std::vector<scheduler::Aired> JournalLog::aired_since(Instant from) {
    try {
        const auto known = journal_.state();
        if (recent_.epoch != known.epoch || from < recent_.from) {
            if (from < recent_.from) recent_.aired.clear();
            recent_.epoch = known.epoch;
            recent_.read_to = known.last;
            read_back_to(from, known.last);
        } else {
            read_new(known.last);
        }
    } catch (const Error& e) {
        report_fault(e);
        recent_ = {};  // read again the next time
    }
    recent_.from = from;
    std::erase_if(runs_, [&](const auto& run) { return run.until < from; });
    std::erase_if(recent_.aired, [&](const auto& one) { return one.start < from; });
    auto aired = recent_.aired;
    for (const auto& r : waiting_)
        if (r.started && r.ended && *r.started >= from && counts_as_play(r))
            aired.push_back({r.airing, r.booking, r.segment, *r.started, *r.ended});
    return aired;
}

void JournalLog::keep_up() {
    try {
        const auto known = journal_.state();
        if (recent_.epoch == known.epoch) read_new(known.last);
    } catch (const Error&) {
        recent_ = {};  // aired_since() says why
    }
}

}  // namespace riverlight::firmware
