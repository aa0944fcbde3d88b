#include "firmware/outlet/record_keeper.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>

#include "content/airing/shown.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::firmware {

using content::AiringStatus;

namespace {

constexpr std::size_t longest_reason = 1000;

void set_clock(content::AiringRecord& record, const ClockReading& now) {
    record.clock = now.state;
    record.clock_error = now.error;
}

/// The language and picture that are really shown.
void set_shown(QueuedAiring& queued, player::MediaChoice choice) {
    queued.show(choice);
    const auto* const alternative = queued.alternative();
    if (!alternative) return;
    queued.record.locale_aired = alternative->planned.locale;
    queued.record.sha256 = alternative->sha256;
}

/// How it ended and why. Another language than was asked for makes a substitution of what aired.
void set_status(QueuedAiring& queued, const player::OffAir& event, const std::string& country) {
    auto& r = queued.record;
    const bool other_language = r.locale_asked != r.locale_aired;
    r.status =
        event.status == AiringStatus::aired && other_language ? AiringStatus::substituted : event.status;
    r.reason = plain_text(event.reason, longest_reason);
    if (queued.state == CueState::withdrawn && r.status == AiringStatus::truncated)
        r.reason = "withdrawn: " + country + " no longer clears it in " + r.locale_aired +
                   (event.shown ? "; " + describe(*event.shown) : "");
    if (r.status == AiringStatus::substituted && r.reason.empty())
        r.reason = "not cleared or not made in " + r.locale_asked;
}

/// What was shown comes first: evidence beyond what a record can hold is left out.
void set_evidence(QueuedAiring& queued, const player::OffAir& event) {
    auto& evidence = queued.record.evidence;
    evidence.clear();
    if (event.shown) write_shown(*event.shown, evidence);
    if (const auto& shown = queued.shown_as(); shown.segment != queued.record.segment)
        evidence["filler"] = shown.segment;
    for (const auto& piece : event.evidence)
        if (evidence.size() < content::most_evidence) evidence.insert(piece);
}

}  // namespace

content::AiringRecord RecordKeeper::planned(const scheduler::PlannedAiring& planned) const {
    content::AiringRecord r;
    r.outlet = identity_.outlet;
    r.place = identity_.place;
    r.airing = planned.id;
    r.booking = planned.booking;
    r.campaign = planned.campaign;
    r.segment = planned.segment;
    r.revision = planned.revision;
    r.locale_asked = planned.locale_asked;
    r.locale_aired = planned.locale;
    r.planned_start = planned.start;
    r.planned_end = planned.end;
    r.boot_id = identity_.boot_id;
    return r;
}

void RecordKeeper::open(QueuedAiring& queued) {
    assert(queued.state == CueState::queued && !queued.handle);
    queued.handle = log_.open(queued.record);
}

void RecordKeeper::on_air(QueuedAiring& queued, const player::OnAir& event, const ClockReading& now) {
    assert(queued.is_on_air() && !queued.record.started);
    auto& r = queued.record;
    set_shown(queued, event.took);
    r.started = event.instant + now.ahead;
    set_clock(r, now);
    r.monotonic_start = now.monotonic;
    log_.update(queued.handle, r);
}

void RecordKeeper::close(QueuedAiring& queued, const player::OffAir& event, const std::string& country,
                         const ClockReading& now) {
    auto& r = queued.record;
    assert(queued.is_on_air() == r.started.has_value());
    if (r.started) set_shown(queued, event.took);
    set_status(queued, event, country);
    if (!r.started) set_clock(r, now);
    r.monotonic_end = now.monotonic;
    r.frames = event.frames;
    r.lost = event.lost;
    r.repeated = event.repeated;
    r.samples = event.samples;
    // The clock may have been set meanwhile: how long it was on never follows from two readings.
    if (r.started) r.ended = *r.started + duration_of(r).value();
    set_evidence(queued, event);
    log_.close(queued.handle, r);
    if (r.status == AiringStatus::failed)
        spdlog::warn("outlet {}: {} failed: {}", r.outlet, r.segment, r.reason);
}

void RecordKeeper::discard(const QueuedAiring& queued) {
    assert(!queued.record.started && "what was on air keeps its record");
    log_.discard(queued.handle);
}

void RecordKeeper::add_failure(const scheduler::PlannedAiring& planned, const std::string& reason,
                               const ClockReading& now) {
    if (!reason.empty()) last_reason_ = reason;
    if (!failures_ || planned.start < failures_->run.from) {
        auto first = this->planned(planned);
        first.status = AiringStatus::failed;
        set_clock(first, now);
        if (failures_) {
            first.monotonic_end = failures_->first.monotonic_end;
            failures_->run.from = planned.start;
            failures_->first = std::move(first);
        } else {
            failures_ = Failures{std::move(first), {planned.start, planned.end, 0}, now.monotonic};
        }
    }
    ++failures_->run.airings;
    failures_->run.until = std::max(failures_->run.until, planned.end);
    failures_->first.monotonic_end = now.monotonic;
}

void RecordKeeper::write_failures() {
    if (!failures_) return;
    auto& [record, run, began] = *failures_;
    record.reason = last_reason_;
    if (run.airings > 1) {
        record.reason =
            plain_text("nothing could be played: " + std::to_string(run.airings) + " airings planned until " +
                           to_rfc3339(run.until) + " failed; of the last that was tried: " + last_reason_,
                       longest_reason);
        write_failure_run(run, record);
    }
    log_.add({record});
    spdlog::warn("outlet {}: {}", record.outlet, record.reason);
    failures_.reset();
}

void RecordKeeper::write_old_failures(MonotonicTime now) {
    if (failures_ && now - failures_->began >= failures_are_old_after) write_failures();
}

void RecordKeeper::skip(const std::vector<Agenda::Missed>& missed, const ClockReading& now) {
    std::vector<content::AiringRecord> records;
    for (const auto& [planned, cause] : missed) {
        if (log_.has(planned)) continue;
        auto record = this->planned(planned);
        record.status = AiringStatus::skipped;
        record.reason = to_text(cause);
        set_clock(record, now);
        records.push_back(std::move(record));
    }
    log_.add(records);
}

}  // namespace riverlight::firmware
