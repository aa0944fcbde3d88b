#include "scheduler/plan/plan.hpp"

#include <algorithm>
#include <deque>

#include "content/base/crypto.hpp"
#include "scheduler/plan/resolve.hpp"
#include "scheduler/plan/rotation.hpp"
#include "scheduler/plan/rules.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using content::Manifest;

/// A picture shorter than this before a cut helps nobody.
constexpr milliseconds least_remainder{1000};

/// One claim on time: a fixed booking's whole run of segments, or one turn of a rotation.
struct Job {
    std::size_t by = 0;  ///< index into the resolved bookings
    Instant release{}, deadline{};
    int number = 0;
};

/// What a booking has had so far.
struct Tally {
    std::size_t next = 0;  ///< index of the segment whose turn it is
    int plays = 0;
    std::vector<int> languages;  ///< plays in each language, in the booking's order
};

/// The planner of one day: fixed starts are laid down first, then time is walked from midnight to midnight
/// and at each free moment the most pressing claim that fits is taken.
class DayPlanner {
  public:
    DayPlanner(const content::Country& country, const content::Place& place, std::vector<Resolved> bookings,
               std::uint64_t seed, Plan& plan)
        : country_(country),
          place_(place),
          bookings_(std::move(bookings)),
          seed_(seed),
          plan_(plan),
          tallies_(bookings_.size()) {
        for (std::size_t i = 0; i < bookings_.size(); ++i)
            tallies_[i].languages.resize(bookings_[i].languages.size());
    }

    void run() {
        place_hard_starts();
        collect_jobs();
        walk();
    }

  private:
    const Resolved& booking(std::size_t by) const { return bookings_[by]; }
    int priority(std::size_t by) const { return booking(by).campaign->priority; }

    void fall_short(std::size_t by, Instant when, std::string reason, std::string segment = {}) {
        const auto& r = booking(by);
        plan_.shortfalls.push_back({r.campaign->id,
                                    r.booking->id,
                                    std::move(segment),
                                    when,
                                    1,
                                    Obstacle::no_time,
                                    std::move(reason),
                                    {},
                                    when});
    }

    static milliseconds run_length(const Resolved& fixed) {
        milliseconds sum{0};
        for (const auto& p : fixed.segments) sum += p.segment->duration;
        return sum;
    }

    /// Why the whole run of a fixed booking cannot start at `start`; empty if it can.
    std::string obstacle(const Resolved& fixed, Instant start) const {
        if (start + run_length(fixed) > plan_.until) return "it would run past midnight";
        for (auto at = start; const auto& p : fixed.segments) {
            if (!covers(p.allowed, at, at + p.segment->duration))
                return "segment '" + p.segment->id +
                       "' may not air then: outside its rating's hours or its dayparts";
            if (!separation_.allows(fixed, *p.segment, at))
                return "segment '" + p.segment->id + "' would come too soon beside another airing";
            at += p.segment->duration;
        }
        return {};
    }

    void place_hard_starts() {
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < bookings_.size(); ++i) {
            if (booking(i).booking->kind == BookingKind::fixed && booking(i).booking->hard)
                order.push_back(i);
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            if (priority(a) != priority(b)) return priority(a) > priority(b);
            return std::pair(booking(a).booking->at, booking(a).booking->id) <
                   std::pair(booking(b).booking->at, booking(b).booking->id);
        });
        for (const auto by : order) place_hard(by);
        std::sort(hard_.begin(), hard_.end(), by_start);
    }

    void place_hard(std::size_t by) {
        const auto& fixed = booking(by);
        const auto start = instant_of(plan_.day, fixed.booking->at, plan_.zone);
        const auto end = start + run_length(fixed);
        const auto rival = std::find_if(hard_.begin(), hard_.end(), [&](const PlannedAiring& a) {
            return a.start < end && start < a.end;
        });
        std::string reason = rival == hard_.end() ? obstacle(fixed, start)
                                                  : "booking '" + rival->booking + "' holds that time";
        if (reason.empty()) {
            emit_run(by, start, hard_);
        } else if (fixed.booking->late == LateRule::make_good && rival != hard_.end()) {
            jobs_.push_back({by, start, plan_.until, 0});
        } else {
            fall_short(by, start, std::move(reason));
        }
    }

    void collect_jobs() {
        for (std::size_t by = 0; by < bookings_.size(); ++by) {
            const auto& b = *booking(by).booking;
            if (b.kind == BookingKind::fixed && !b.hard) {
                const auto at = instant_of(plan_.day, b.at, plan_.zone);
                jobs_.push_back({by, at, b.late == LateRule::make_good ? plan_.until : at + b.late_limit, 0});
            }
            if (b.kind == BookingKind::rotation) {
                for (const auto& turn : turns_of(booking(by), salt_of(b.id)))
                    jobs_.push_back({by, turn.release, turn.deadline, turn.number});
            }
        }
        std::stable_sort(jobs_.begin(), jobs_.end(),
                         [](const Job& a, const Job& b) { return a.release < b.release; });
    }

    /// The same for the same place, day, seed and booking, wherever it is worked out.
    std::uint64_t salt_of(const std::string& id) const {
        const auto hex =
            sha256_hex(std::to_string(seed_) + '\n' + plan_.place + '\n' + to_iso(plan_.day) + '\n' + id);
        return std::stoull(hex.substr(0, 15), nullptr, 16);
    }

    static bool by_start(const PlannedAiring& a, const PlannedAiring& b) { return a.start < b.start; }

    /// Until when time is free from here.
    Instant wall() const { return next_hard_ < hard_.size() ? hard_[next_hard_].start : plan_.until; }

    /// True if something of that length fits before the next hard start without leaving a sliver.
    bool fits(milliseconds length) const {
        const auto left = wall() - (now_ + length);
        return left == 0ms || left >= least_remainder;
    }

    void walk() {
        for (now_ = plan_.from; now_ < plan_.until;) {
            if (next_hard_ < hard_.size() && hard_[next_hard_].start <= now_) {
                now_ = hard_[next_hard_].end;
                plan_.airings.push_back(std::move(hard_[next_hard_++]));
            } else if (!take_job() && !take_filler()) {
                leave_hole();
            }
        }
        for (; next_job_ < jobs_.size(); ++next_job_) ready_.push_back(jobs_[next_job_]);
        for (const auto& job : ready_) expire(job);
    }

    void expire(const Job& job) {
        fall_short(job.by, job.release,
                   booking(job.by).booking->kind == BookingKind::fixed
                       ? "no free time within its lateness limit"
                       : "no free time in its turn that its separation, rating and dayparts allow");
    }

    /// The claims that may start now, most pressing first.
    void refresh_ready() {
        for (; next_job_ < jobs_.size() && jobs_[next_job_].release <= now_; ++next_job_)
            ready_.push_back(jobs_[next_job_]);
        const auto late = std::stable_partition(ready_.begin(), ready_.end(),
                                                [&](const Job& job) { return job.deadline >= now_; });
        std::for_each(late, ready_.end(), [&](const Job& job) { expire(job); });
        ready_.erase(late, ready_.end());
        const auto is_fixed = [&](const Job& job) {
            return booking(job.by).booking->kind == BookingKind::fixed;
        };
        std::stable_sort(ready_.begin(), ready_.end(), [&](const Job& a, const Job& b) {
            if (is_fixed(a) != is_fixed(b)) return is_fixed(a);
            if (priority(a.by) != priority(b.by)) return priority(a.by) > priority(b.by);
            return std::pair(a.deadline, a.by) < std::pair(b.deadline, b.by);
        });
    }

    bool take_job() {
        refresh_ready();
        for (auto job = ready_.begin(); job != ready_.end(); ++job) {
            const auto taken = *job;
            if (booking(taken.by).booking->kind == BookingKind::fixed ? take_fixed(taken)
                                                                      : take_turn(taken)) {
                ready_.erase(job);
                return true;
            }
        }
        return false;
    }

    bool take_fixed(const Job& job) {
        const auto& fixed = booking(job.by);
        if (!fits(run_length(fixed)) || !obstacle(fixed, now_).empty()) return false;
        emit_run(job.by, now_, plan_.airings);
        now_ = plan_.airings.back().end;
        return true;
    }

    bool may_start(const Resolved& by, const Playable& p, milliseconds length) const {
        return covers(p.allowed, now_, now_ + length) && separation_.allows(by, *p.segment, now_);
    }

    bool take_turn(const Job& job) {
        const auto& rotation = booking(job.by);
        auto& tally = tallies_[job.by];
        for (std::size_t tried = 0; tried < rotation.segments.size(); ++tried) {
            const auto index = (tally.next + tried) % rotation.segments.size();
            const auto& p = rotation.segments[index];
            if (!fits(p.segment->duration) || !may_start(rotation, p, p.segment->duration)) continue;
            tally.next = (index + 1) % rotation.segments.size();
            emit(job.by, *p.segment, now_, now_ + p.segment->duration, job.number, plan_.airings);
            now_ = plan_.airings.back().end;
            return true;
        }
        return false;
    }

    /// Whether a rotation that keeps this segment at a distance is open now: then the segment is its own.
    bool spoken_for(const Manifest& segment) const {
        return std::any_of(bookings_.begin(), bookings_.end(), [&](const Resolved& r) {
            return r.booking->kind == BookingKind::rotation && r.booking->separation > 0s &&
                   covers(r.open, now_, now_) &&
                   std::any_of(r.segments.begin(), r.segments.end(),
                               [&](const Playable& p) { return p.segment == &segment; });
        });
    }

    /// The length at which a filler can be shown now: whole, or cut by what comes at its hour; 0: not at all.
    milliseconds filler_length(const Resolved& filler, const Playable& p) const {
        const auto length =
            std::min<milliseconds>(p.segment->duration, duration_cast<milliseconds>(wall() - now_));
        const bool good = length >= std::min(least_remainder, p.segment->duration) && fits(length) &&
                          may_start(filler, p, length) && !spoken_for(*p.segment);
        return good ? length : 0ms;
    }

    bool take_filler() {
        std::vector<std::size_t> order;
        for (std::size_t by = 0; by < bookings_.size(); ++by) {
            const auto& b = *booking(by).booking;
            if (b.kind == BookingKind::filler && (b.daily_cap == 0 || tallies_[by].plays < b.daily_cap))
                order.push_back(by);
        }
        // Fillers of one priority take turns: the one that has had least comes first.
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            if (priority(a) != priority(b)) return priority(a) > priority(b);
            return tallies_[a].plays < tallies_[b].plays;
        });
        return std::any_of(order.begin(), order.end(), [&](std::size_t by) { return take_filler_of(by); });
    }

    bool take_filler_of(std::size_t by) {
        const auto& filler = booking(by);
        auto& tally = tallies_[by];
        for (std::size_t tried = 0; tried < filler.segments.size(); ++tried) {
            const auto index = (tally.next + tried) % filler.segments.size();
            const auto length = filler_length(filler, filler.segments[index]);
            if (length == 0ms) continue;
            tally.next = (index + 1) % filler.segments.size();
            emit(by, *filler.segments[index].segment, now_, now_ + length, tally.plays, plan_.airings);
            now_ += length;
            return true;
        }
        return false;
    }

    /// Nothing may start: slate until something could.
    void leave_hole() {
        auto next = wall();
        const auto consider = [&](Instant at) {
            if (at > now_) next = std::min(next, at);
        };
        if (next_job_ < jobs_.size()) consider(jobs_[next_job_].release);
        for (const auto& r : bookings_) {
            for (const auto& p : r.segments) {
                for (const auto& span : p.allowed) consider(span.from);
            }
        }
        consider(now_ + 1s);  // separations end between those
        if (!plan_.shortfalls.empty() && hole_until_ == now_ && plan_.shortfalls[hole_].booking == "slate") {
            hole_until_ = next;
        } else {
            hole_ = plan_.shortfalls.size();
            hole_until_ = next;
            plan_.shortfalls.push_back({"",
                                        "slate",
                                        "",
                                        now_,
                                        1,
                                        Obstacle::nothing_booked,
                                        "nothing booked may air then; the slate shows",
                                        {},
                                        next});
        }
        now_ = next;
    }

    void emit_run(std::size_t by, Instant start, std::vector<PlannedAiring>& into) {
        for (int number = 0; const auto& p : booking(by).segments) {
            emit(by, *p.segment, start, start + p.segment->duration, number++, into);
            start = into.back().end;
        }
    }

    void emit(std::size_t by, const Manifest& segment, Instant start, Instant end, int number,
              std::vector<PlannedAiring>& into) {
        const auto& r = booking(by);
        const auto asked = next_language(by);
        PlannedAiring a;
        a.id = sha256_hex(plan_.place + '\n' + to_iso(plan_.day) + '\n' + r.booking->id + '\n' +
                          std::to_string(number))
                   .substr(0, 32);
        a.start = start;
        a.end = end;
        a.kind = r.booking->kind;
        a.hard = &into == &hard_;
        a.late = r.booking->late;
        a.campaign = r.campaign->id;
        a.booking = r.booking->id;
        a.segment = segment.id;
        a.revision = segment.revision;
        a.locale_asked = asked;
        a.locale = choose_locale(segment, country_, place_, asked, start, end);
        into.push_back(std::move(a));
        separation_.add(r, segment, start);
        ++tallies_[by].plays;
    }

    /// Languages take turns so that after every play each is within one of its share (largest remainder).
    std::string next_language(std::size_t by) {
        const auto& languages = booking(by).languages;
        auto& had = tallies_[by].languages;
        int total = 0;
        for (const auto& l : languages) total += l.share;
        std::size_t best = 0;
        std::int64_t most = INT64_MIN;
        for (std::size_t i = 0; i < languages.size(); ++i) {
            const auto owed =
                std::int64_t{languages[i].share} * (tallies_[by].plays + 1) - std::int64_t{total} * had[i];
            if (owed > most) {
                most = owed;
                best = i;
            }
        }
        ++had[best];
        return languages[best].language;
    }

    const content::Country& country_;
    const content::Place& place_;
    std::vector<Resolved> bookings_;
    std::uint64_t seed_;
    Plan& plan_;
    std::vector<Tally> tallies_;
    std::vector<Job> jobs_, ready_;
    std::size_t next_job_ = 0, next_hard_ = 0;
    std::vector<PlannedAiring> hard_;
    Separation separation_;
    Instant now_{}, hole_until_{};
    std::size_t hole_ = 0;
};

}  // namespace

Plan plan_day(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
              local_days day, std::uint64_t seed) {
    const auto bounds = bounds_of(day, place.zone);
    Plan plan{place.id, day, place.zone, bounds.from, bounds.until, {}, {}};
    const auto* country = catalogue.country_of(place);
    if (!country) throw Error("place '" + place.id + "': no country '" + place.country + "' in the channel");
    auto bookings = resolve(schedule, catalogue, *country, place, plan);
    DayPlanner(*country, place, std::move(bookings), seed, plan).run();
    std::stable_sort(plan.shortfalls.begin(), plan.shortfalls.end(),
                     [](const Shortfall& a, const Shortfall& b) { return a.when < b.when; });
    return plan;
}

}  // namespace riverlight::scheduler
