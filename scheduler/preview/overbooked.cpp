#include "scheduler/preview/overbooked.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/plan.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using content::Catalogue;
using content::Place;

/// Places that get the same plan.
struct SimilarPlaces {
    std::vector<const Place*> places;
    [[nodiscard]] const Place& example() const { return *places.front(); }
    [[nodiscard]] std::string text() const {
        const auto more = places.size() - 1;
        return places.front()->id + (more == 0 ? "" : " and " + std::to_string(more) + " more like it");
    }
};

std::string key_of(const Schedule& schedule, const Place& place) {
    auto key = place.country + '\n' + place.zone;
    for (const auto& language : place.languages) {
        key += '\n' + language.language + ' ' + std::to_string(language.share);
        for (const auto& next : language.fallback) key += ' ' + next;
    }
    for (const auto& hours : place.open) key += '\n' + content::open_hours_text(hours);
    key += '\n';
    for (const auto& campaign : schedule.campaigns) key += meets(campaign.audience, place) ? '1' : '0';
    return key;
}

std::vector<SimilarPlaces> kinds_of_place(const Schedule& schedule, const Catalogue& catalogue) {
    std::map<std::string, SimilarPlaces> kinds;
    for (const auto& [code, country] : catalogue.countries) {
        for (const auto& place : country.places) {
            if (place.schedule == schedule.name) kinds[key_of(schedule, place)].places.push_back(&place);
        }
    }
    std::vector<SimilarPlaces> out;
    for (auto& [key, kind] : kinds) out.push_back(std::move(kind));
    return out;
}

/// Plays of one booking in one of its dayparts on one day.
struct PlayCount {
    int aired = 0, lost = 0;
    std::map<Obstacle, int> why;
    std::map<std::string, int> instead;
};
using PlayCounts = std::map<std::pair<std::string, std::string>, PlayCount>;  ///< by booking and daypart

/// The worst day of a booking in a daypart of a country, and on how many days it lost plays.
struct Worst {
    PlayCount plays;
    milliseconds over{0};  ///< how much time the daypart lacks that day, over all bookings
    local_days day{};
    const SimilarPlaces* kind = nullptr;
    int days = 0;
};

struct Names {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
};

bool lacks_time(Obstacle why) {
    return why == Obstacle::no_time || why == Obstacle::taken || why == Obstacle::day_end ||
           why == Obstacle::trimmed;
}

/// True if separations or caps, not missing time, prevent the play.
bool is_rule(Obstacle why) {
    return why == Obstacle::separation || why == Obstacle::topic_separation || why == Obstacle::children ||
           why == Obstacle::daily_cap;
}

class Sampling {
  public:
    Sampling(const Schedule& schedule, const Catalogue& catalogue, const std::string& file)
        : schedule_(schedule), catalogue_(catalogue), file_(file) {
        for (const auto& campaign : schedule.campaigns) {
            for (const auto& booking : campaign.bookings) names_[booking.id] = {&campaign, &booking};
        }
    }

    void plan_days(const SimilarPlaces& kind, const PlanSample& sample) {
        std::map<std::string, int> aired;
        std::map<std::string, Shortfall> first_shortfalls;
        for (int n = 0; n < sample.days; ++n) {
            const auto plan = plan_day(schedule_, catalogue_, kind.example(), sample.first + days{n}, 0);
            for (const auto& a : plan.airings) ++aired[a.booking];
            for (const auto& s : plan.shortfalls) first_shortfalls.try_emplace(s.booking, s);
            note_losses(kind, plan);
            note_slate(kind, plan);
        }
        for (const auto& [booking, why] : first_shortfalls) {
            if (!aired.contains(booking)) report_never(kind, why);
        }
    }

    std::vector<Finding> findings() {
        for (const auto& [key, worst] : worst_) report_loss(key, worst);
        for (const auto& [key, worst] : slates_) report_slate(key, worst);
        std::stable_sort(findings_.begin(), findings_.end(),
                         [](const Finding& a, const Finding& b) { return a.line < b.line; });
        return std::move(findings_);
    }

  private:
    struct LossKey {
        std::string country, daypart, booking;
        auto operator<=>(const LossKey&) const = default;
    };
    struct Slate {
        milliseconds length{0};
        local_days day{};
        const SimilarPlaces* kind = nullptr;
        Instant first{};
    };

    void warn(int line, std::string message) {
        findings_.push_back({file_, line, false, std::move(message)});
    }

    /// The first of the booking's dayparts whose hours contain `at`; empty: it has none.
    std::string daypart_at(const Booking& booking, Instant at, const Plan& plan) {
        for (const auto& name : booking.dayparts) {
            const auto found = schedule_.dayparts.find(name);
            if (found == schedule_.dayparts.end()) continue;
            for (int n = -1; n <= 1; ++n) {
                const auto spans =
                    window_on(plan.day + days{n}, 0x7f, found->second.from, found->second.until, plan.zone);
                if (covers(spans, at, at)) return name;
            }
        }
        return booking.dayparts.empty() ? std::string() : booking.dayparts.front();
    }

    PlayCounts count_plays(const Plan& plan) {
        PlayCounts counts;
        std::set<std::string> with_losses;
        for (const auto& s : plan.shortfalls) {
            const auto named = names_.find(s.booking);
            if (named == names_.end() || !(lacks_time(s.why) || is_rule(s.why))) continue;
            auto& count = counts[{s.booking, daypart_at(*named->second.booking, s.when, plan)}];
            count.lost += s.plays;
            count.why[s.why] += s.plays;
            if (!s.instead.empty()) count.instead[s.instead] += s.plays;
            with_losses.insert(s.booking);
        }
        for (const auto& a : plan.airings) {
            if (!with_losses.contains(a.booking)) continue;
            ++counts[{a.booking, daypart_at(*names_.at(a.booking).booking, a.start, plan)}].aired;
        }
        return counts;
    }

    milliseconds mean_length(const Booking& booking) const {
        milliseconds sum{0};
        int count = 0;
        for (const auto& id : booking.segments) {
            if (const auto found = catalogue_.segments.find(id); found != catalogue_.segments.end()) {
                sum += found->second.duration;
                ++count;
            }
        }
        return count == 0 ? milliseconds{0} : sum / count;
    }

    void note_losses(const SimilarPlaces& kind, const Plan& plan) {
        const auto counts = count_plays(plan);
        std::map<std::string, milliseconds> over;
        for (const auto& [what, count] : counts) {
            const auto& [booking, daypart] = what;
            for (const auto& [why, plays] : count.why) {
                if (lacks_time(why)) over[daypart] += plays * mean_length(*names_.at(booking).booking);
            }
        }
        for (const auto& [what, count] : counts) {
            if (count.lost == 0) continue;
            auto& worst = worst_[{kind.example().country, what.second, what.first}];
            ++worst.days;
            if (count.lost > worst.plays.lost) {
                worst.plays = count;
                worst.over = over[what.second];
                worst.day = plan.day;
                worst.kind = &kind;
            }
        }
    }

    void note_slate(const SimilarPlaces& kind, const Plan& plan) {
        milliseconds length{0};
        Instant first{};
        for (const auto& gap : plan.gaps) {
            if (gap.cause == GapCause::closed) continue;
            if (length == 0ms) first = gap.from;
            length += duration_cast<milliseconds>(gap.until - gap.from);
        }
        auto& worst = slates_[kind.example().id];
        if (length > worst.length) worst = {length, plan.day, &kind, first};
    }

    static std::string remedy_for(Obstacle why) {
        switch (why) {
            case Obstacle::not_cleared:
            case Obstacle::embargo:
                return "ask the country's coordinator for a clearance, or narrow the audience";
            case Obstacle::rating:
                return "book it inside the rating's hours, or choose another segment";
            case Obstacle::closed:
                return "book it while the place is open, or narrow the audience";
            case Obstacle::unknown_segment:
                return "build the segment, or take it out";
            case Obstacle::separation:
            case Obstacle::topic_separation:
                return "ask for fewer plays, a smaller separation, or add segments";
            case Obstacle::children:
                return "keep it away from segments made for children";
            case Obstacle::daily_cap:
                return "raise 'daily_cap', or ask for fewer plays";
            case Obstacle::trimmed:
                return "shorten the programme, or widen the window";
            case Obstacle::taken:
                return "move one of them, or change their priorities";
            case Obstacle::no_time:
            case Obstacle::day_end:
            case Obstacle::window:
            case Obstacle::takeover:
            case Obstacle::missed:
            case Obstacle::audience:
            case Obstacle::not_that_day:
            case Obstacle::not_due:
            case Obstacle::lesser:
                return "ask for fewer plays, widen the daypart, or raise its priority";
        }
        return {};
    }

    static Obstacle main_cause(const PlayCount& count) {
        return std::max_element(count.why.begin(), count.why.end(),
                                [](const auto& a, const auto& b) { return a.second < b.second; })
            ->first;
    }

    static std::string minutes_text(milliseconds length) {
        const auto s = round<seconds>(length).count();
        return s < 120 ? std::to_string(s) + " s" : std::to_string((s + 30) / 60) + " min";
    }

    static std::string when_text(const Worst& worst) {
        return " (" + to_iso(worst.day) + " at " + worst.kind->text() +
               (worst.days > 1 ? ", the worst of " + std::to_string(worst.days) + " plans" : "") + ')';
    }

    static std::string daypart_text(const std::string& daypart, const std::string& country) {
        auto name = daypart.empty() ? "The day" : daypart;
        if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
        return name + ' ' + country;
    }

    /// The bookings that have the time; empty if the plan names none.
    static std::string winners(const PlayCount& count, const std::string& own) {
        std::string out;
        for (const auto& [booking, plays] : count.instead) {
            if (booking.empty() || booking == own) continue;
            out += (out.empty() ? " to " : ", ") + booking;
        }
        return out;
    }

    void report_loss(const LossKey& key, const Worst& worst) {
        const auto& [campaign, booking] = names_.at(key.booking);
        const auto why = main_cause(worst.plays);
        const auto loss = std::to_string(worst.plays.lost) + " of " +
                          std::to_string(worst.plays.lost + worst.plays.aired) + " plays";
        if (booking->kind == BookingKind::fixed || booking->kind == BookingKind::block) {
            warn(booking->line, "booking " + booking->id + ": gives way in " + key.country +
                                    winners(worst.plays, booking->id) + ": campaign " + campaign->id +
                                    " loses " + loss + when_text(worst) + "; " + remedy_for(why));
        } else if (lacks_time(why)) {
            warn(booking->line, daypart_text(key.daypart, key.country) + " is overbooked by " +
                                    minutes_text(worst.over) + ": campaign " + campaign->id + " loses " +
                                    loss + " of booking " + booking->id + winners(worst.plays, booking->id) +
                                    when_text(worst) + "; " + remedy_for(why));
        } else {
            warn(booking->line, "booking " + booking->id + ": its rules leave too little room in " +
                                    daypart_text(key.daypart, key.country) + ": campaign " + campaign->id +
                                    " loses " + loss + winners(worst.plays, booking->id) + " (" +
                                    std::string(to_text(why)) + ')' + when_text(worst) + "; " +
                                    remedy_for(why));
        }
    }

    void report_never(const SimilarPlaces& kind, const Shortfall& s) {
        const auto named_booking = names_.find(s.booking);
        if (named_booking == names_.end() || lacks_time(s.why) || is_rule(s.why)) return;
        const auto& booking = *named_booking->second.booking;
        warn(booking.line, "booking " + booking.id + ": never airs at " + kind.text() + ": " + s.reason +
                               "; " + remedy_for(s.why));
    }

    void report_slate(const std::string& place, const Slate& slate) {
        if (slate.length == 0ms) return;
        warn(1, "place " + place + ": the slate shows for " + minutes_text(slate.length) + " on " +
                    to_iso(slate.day) + ", first at " +
                    local_text(slate.first, slate.kind->example().zone).substr(11) +
                    "; book a filler that may air then");
    }

    const Schedule& schedule_;
    const Catalogue& catalogue_;
    const std::string& file_;
    std::map<std::string, Names> names_;
    std::map<LossKey, Worst> worst_;
    std::map<std::string, Slate> slates_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_plans(const Schedule& schedule, const Catalogue& catalogue,
                                 const std::string& file, const PlanSample& sample) {
    const auto kinds = kinds_of_place(schedule, catalogue);
    const auto most = std::min(kinds.size(), static_cast<std::size_t>(sample.kinds_of_place));
    Sampling sampling(schedule, catalogue, file);
    for (std::size_t n = 0; n < most; ++n) sampling.plan_days(kinds[n], sample);
    auto findings = sampling.findings();
    if (most < kinds.size()) {
        findings.push_back({file, 1, false,
                            std::to_string(kinds.size()) + " kinds of place follow it, and only " +
                                std::to_string(most) + " of them were planned; --kinds raises that"});
    }
    return findings;
}

}  // namespace riverlight::scheduler
