#include "tools/traffic/as_run.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>
#include <set>

#include "content/airing/failure_run.hpp"
#include "content/airing/start_check.hpp"
#include "content/base/crypto.hpp"

namespace riverlight::traffic {
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

Instant time_of(const Spot& spot) {
    if (spot.planned_start) return *spot.planned_start;
    return spot.started.value_or(Instant{});
}

bool belongs_to(const Spot& spot, const AsRunDay& day, const std::string& outlet) {
    if (!day.place.empty() && spot.place != day.place) return false;
    if (!outlet.empty() && spot.outlet != outlet) return false;
    const auto at = time_of(spot);
    return at >= day.from && at < day.until;
}

/// A planned start this much later than the booked one means that the board rescheduled the spot.
constexpr auto rescheduled_after = std::chrono::seconds{2};

/// Sets what the record's evidence says of how much was shown.
void set_shown(Spot& spot, const content::AiringRecord& record) {
    const auto found = content::assess(record);
    spot.status = found.status;
    spot.claimed = record.status;
    spot.overclaims = found.overclaims;
    if (found.overclaims) spot.reason += (spot.reason.empty() ? "" : "; ") + overclaim_text(record, found);
    if (!record.started) return;
    spot.shown = found.shown;
    if (const auto shown = content::read_shown(record.evidence)) spot.missed = shown->missed;
}

/// Finds which missed spots were made good: see make_as_run().
class MakeGoodMarker {
  public:
    MakeGoodMarker(const std::vector<Spot>& booked, const std::vector<Spot>& reported) {
        for (const auto& spot : booked) {
            booked_.emplace(spot.airing, &spot);
            if (spot.filler) fillers_.insert(spot.booking);
        }
        for (const auto& spot : reported)
            if (went_out(spot)) aired_.insert(spot.airing);
        for (const auto& spot : booked)
            if (!spot.filler && spot.planned_start && !aired_.contains(spot.airing))
                missed_[{spot.segment, spot.locale_asked}].emplace(*spot.planned_start, spot.airing);
    }
    /// Sets `makes_good` if the spot makes a missed one good. Call it for every reported spot in order of
    /// time: the first unbooked spot makes the first missed one good.
    void mark(Spot& spot) {
        assert(time_of(spot) >= latest_);
        latest_ = time_of(spot);
        if (!spot.started || !went_out(spot)) return;
        if (const auto found = booked_.find(spot.airing); found != booked_.end()) {
            const auto& first = found->second->planned_start;
            const bool rescheduled =
                first && spot.planned_start && *spot.planned_start - *first > rescheduled_after;
            if (rescheduled && !found->second->filler) spot.makes_good = spot.airing;
            return;
        }
        const auto missed = missed_.find({spot.segment, spot.locale_asked});
        if (missed == missed_.end() || spot.status != content::AiringStatus::aired ||
            fillers_.contains(spot.booking))
            return;
        const auto earliest = missed->second.begin();
        if (earliest == missed->second.end() || earliest->first >= *spot.started) return;
        spot.makes_good = earliest->second;
        missed->second.erase(earliest);
    }

  private:
    std::map<std::string, const Spot*> booked_;
    std::set<std::string> fillers_, aired_;  ///< bookings of fillers; airings that were on air
    std::map<std::pair<std::string, std::string>, std::multimap<Instant, std::string>> missed_;
    Instant latest_ = Instant::min();  ///< the time of the last spot given to mark()
};

/// A record that stands for many airings that failed.
struct FailedSpots {
    const Spot& record;
    content::FailureRun run;
};

std::vector<FailedSpots> runs_of(std::span<const Spot> reported, const AsRunDay& day,
                                 const std::string& outlet) {
    std::vector<FailedSpots> runs;
    for (const auto& spot : reported) {
        const bool here =
            (day.place.empty() || spot.place == day.place) && (outlet.empty() || spot.outlet == outlet);
        if (!here || spot.status != content::AiringStatus::failed || spot.started || !spot.planned_start)
            continue;
        if (const auto run = content::read_failure_run(*spot.planned_start, spot.evidence))
            runs.push_back({spot, *run});
    }
    return runs;
}

const FailedSpots* find_run(const std::vector<FailedSpots>& runs, const Spot& booked) {
    const auto found = std::find_if(runs.begin(), runs.end(), [&](const auto& one) {
        return booked.planned_start && one.run.covers(*booked.planned_start);
    });
    return found == runs.end() ? nullptr : &*found;
}

}  // namespace

AsRunDay day_of(const scheduler::Plan& plan) {
    return {plan.place, plan.zone, plan.day, plan.from, plan.until};
}

Spot spot_of(const content::AiringRecord& r, const std::optional<content::CorrectedTimes>& corrected) {
    Spot s;
    s.airing = record_id(r);
    s.place = r.place;
    s.board = r.board;
    s.outlet = r.outlet;
    s.campaign = r.campaign;
    s.booking = r.booking;
    s.segment = r.segment;
    s.revision = r.revision;
    s.locale_asked = r.locale_asked;
    s.locale_aired = r.locale_aired;
    s.planned_start = r.planned_start;
    s.planned_end = r.planned_end;
    s.started = r.started;
    s.length = content::duration_of(r);
    s.ended = r.ended && s.length ? *r.started + *s.length : r.ended;
    s.reason = r.reason;
    set_shown(s, r);
    s.clock = r.clock;
    s.clock_error = r.clock_error;
    s.frames = r.frames;
    s.lost = r.lost;
    s.repeated = r.repeated;
    s.samples = r.samples;
    s.evidence = r.evidence;
    s.epoch = r.epoch;
    s.seq = r.seq;
    s.hash = r.hash;
    if (!corrected) return s;
    s.started = corrected->started;
    s.ended = corrected->ended;
    assert(r.started);  // only a record with a start can be corrected
    s.evidence["clock_said"] = to_rfc3339(*r.started);
    if (r.planned_start && content::is_off_plan(*r.planned_start, corrected->started)) {
        s.planned_start.reset();
        s.planned_end.reset();
        s.airing += '@' + to_rfc3339(corrected->started);
    }
    return s;
}

std::vector<Spot> spots_of(std::span<const content::AiringRecord> records) {
    content::TimeFixes fixes;
    content::StartCheck starts;
    for (const auto& record : records) {
        fixes.add(record);
        starts.add(record);
    }
    std::vector<Spot> spots;
    for (const auto& record : records) {
        using content::RecordKind;
        if (record.kind == RecordKind::time_fix || record.kind == RecordKind::time_gap) continue;
        const auto corrected = fixes.correct(record);
        auto spot = spot_of(record, corrected);
        if (!corrected) spot.start_off = starts.contradiction(record);
        spots.push_back(std::move(spot));
    }
    return spots;
}

Spot spot_of(const scheduler::PlannedAiring& a, const std::string& place) {
    Spot s;
    s.airing = a.id;
    s.place = place;
    s.campaign = a.campaign;
    s.booking = a.booking;
    s.segment = a.segment;
    s.revision = a.revision;
    s.filler = a.kind == scheduler::BookingKind::filler;
    s.locale_asked = a.locale_asked;
    s.planned_start = a.start;
    s.planned_end = a.end;
    return s;
}

std::vector<Spot> list_booked_spots(const scheduler::Plan& plan) {
    std::vector<Spot> spots;
    for (const auto& airing : plan.airings) spots.push_back(spot_of(airing, plan.place));
    return spots;
}

AsRun make_as_run(const AsRunDay& day, std::vector<Spot> booked, std::span<const Spot> reported,
                  const std::string& outlet) {
    AsRun list{day, {}};
    std::map<std::string, bool> fillers;
    for (const auto& spot : booked) fillers[spot.airing] = spot.filler;
    std::set<std::string> with_record;
    const auto runs = runs_of(reported, day, outlet);
    for (auto spot : reported) {
        if (!belongs_to(spot, day, outlet)) continue;
        if (const auto known = fillers.find(spot.airing); known != fillers.end()) spot.filler = known->second;
        with_record.insert(spot.airing);
        list.spots.push_back(std::move(spot));
    }
    std::stable_sort(list.spots.begin(), list.spots.end(),
                     [](const Spot& a, const Spot& b) { return time_of(a) < time_of(b); });
    MakeGoodMarker marker(booked, list.spots);
    for (auto& spot : list.spots) marker.mark(spot);
    for (auto& spot : booked) {
        if (with_record.contains(spot.airing)) continue;
        spot.outlet = outlet;
        if (const auto* run = find_run(runs, spot)) {
            spot.status = content::AiringStatus::failed;
            spot.board = run->record.board;
            spot.outlet = run->record.outlet;
            spot.reason = "nothing could be played: see the record of " + run->record.airing;
        }
        if (spot.reason.empty()) spot.reason = "no record received";
        list.spots.push_back(std::move(spot));
    }
    std::stable_sort(list.spots.begin(), list.spots.end(),
                     [](const Spot& a, const Spot& b) { return time_of(a) < time_of(b); });
    return list;
}

microseconds length_of(const Spot& spot) {
    if (!spot.started) return 0us;
    if (spot.length) return *spot.length;
    if (spot.samples > 0) return content::time_of_samples(spot.samples);
    if (spot.frames > 0) return content::time_of_frames(spot.frames);
    return spot.ended && *spot.ended > *spot.started ? *spot.ended - *spot.started : 0us;
}

milliseconds shown_of(const Spot& spot) {
    if (spot.shown) return *spot.shown;
    const auto length = round<milliseconds>(length_of(spot));
    return std::min(length, booked_of(spot).value_or(length));
}

std::optional<milliseconds> booked_of(const Spot& spot) {
    if (!spot.planned_start || !spot.planned_end) return {};
    return std::max(round<milliseconds>(*spot.planned_end - *spot.planned_start), 0ms);
}

std::string seconds_text(microseconds time) {
    std::array<char, 48> out{};
    std::snprintf(out.data(), out.size(), "%.3f s", static_cast<double>(time.count()) / 1e6);
    return out.data();
}

std::string shown_text(const Spot& spot) {
    const auto booked = booked_of(spot);
    return seconds_text(shown_of(spot)) + (booked ? " of " + seconds_text(*booked) + " booked" : "") +
           " were shown";
}

std::string overclaim_text(const content::AiringRecord& record, const content::Assessment& found) {
    if (!found.overclaims || !record.status || !found.status) return {};
    const auto said = content::read_shown(record.evidence);
    return "the record says " + std::string(to_text(*record.status)) +
           (said ? ", " + seconds_text(said->shown) + " shown" : "") + "; its evidence supports " +
           std::string(to_text(*found.status)) + ", " + seconds_text(found.shown) + " of " +
           seconds_text(found.length) + " shown";
}

bool is_partial(const Spot& spot) {
    using content::AiringStatus;
    if (!spot.status || shown_of(spot) <= 0ms) return false;
    switch (*spot.status) {
        case AiringStatus::aired:
        case AiringStatus::substituted:
            return spot.missed.value_or(0ms) > 0ms;
        case AiringStatus::truncated:
        case AiringStatus::interrupted:
        case AiringStatus::failed:
        case AiringStatus::skipped:
            return true;
    }
    assert(false && "no airing status");
    return false;
}

std::string start_text(milliseconds start_off) {
    return "the clock was set: this start is " + seconds_text(abs(start_off)) +
           (start_off < 0ms ? " earlier" : " later") + " than the airings beside it allow";
}

std::string status_text(const Spot& spot) {
    return std::string(spot.status ? to_text(*spot.status) : "not-aired");
}

std::string spot_code(std::string_view segment, std::string_view locale) {
    auto code = "000" + sha256_hex(std::string(segment) + ' ' + std::string(locale)).substr(0, 8);
    for (auto& c : code) {
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
    return code;
}

}  // namespace riverlight::traffic
