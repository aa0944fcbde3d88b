#include "scheduler/campaign/cost.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scheduler/campaign/audience.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

/// Measured in tries: tests/bench/cost_bench.cpp shows that together they say how long planning takes.
constexpr std::int64_t of_play = 100, of_opening = 30, of_run_item = 60, of_item = 8, of_rule = 50,
                       of_counted_rule = 40'000;
constexpr seconds whole_day = 25h;  ///< the longest there is

/// What one booking adds to its place's day.
struct Load {
    std::int64_t tries = 0;  ///< for it alone, each time the day is planned
    std::int64_t once = 0;   ///< the same, but once
    std::int64_t plays = 0;
    std::int64_t runs = 0;              ///< of fixed bookings and blocks: each is held against the others
    std::int64_t fillers = 0;           ///< segments that may fill an opening
    std::int64_t takeovers = 0;         ///< after each the rest of the day is planned again
    milliseconds shortest = whole_day;  ///< of its fillers
};

/// Lengths of a booking's segments, as far as the channel has them.
struct Lengths {
    milliseconds shortest = whole_day, sum{};
    std::int64_t count = 0;
};
Lengths lengths_of(const std::vector<std::string>& segments, const content::Catalogue& catalogue) {
    Lengths out;
    for (const auto& id : segments) {
        const auto found = catalogue.segments.find(id);
        if (found == catalogue.segments.end()) continue;
        const auto length = std::max<milliseconds>(found->second.duration, 40ms);
        out.shortest = std::min(out.shortest, length);
        out.sum += length;
        ++out.count;
    }
    return out;
}

/// How long a booking may be on in a day, by its dayparts.
seconds open_time(const Schedule& schedule, const Booking& booking) {
    if (booking.dayparts.empty()) return whole_day;
    seconds sum{};
    for (const auto& name : booking.dayparts) {
        const auto found = schedule.dayparts.find(name);
        if (found == schedule.dayparts.end()) continue;
        const auto& part = found->second;
        sum += part.until > part.from ? part.until - part.from : part.until - part.from + 24h;
    }
    return std::min(sum, whole_day);
}

std::int64_t plays_of(const Schedule& schedule, const Booking& booking, const Lengths& lengths) {
    const auto open = open_time(schedule, booking);
    std::int64_t plays = booking.plays_per_day;
    if (booking.plays_per_hour > 0) plays = (open * booking.plays_per_hour + 1h - 1s) / 1h;
    if (booking.share_percent > 0 && lengths.count > 0)
        plays = open * booking.share_percent / 100 / (lengths.sum / lengths.count) + 1;
    return booking.daily_cap > 0 ? std::min<std::int64_t>(plays, booking.daily_cap) : plays;
}

/// Working out on which days a rule falls; one with a COUNT is counted from its beginning.
std::int64_t tries_of_rule(const Booking& booking) {
    if (!booking.rrule) return 0;
    return booking.rrule->count ? of_counted_rule : of_rule;
}

/// How much of a day a takeover may take.
milliseconds takeover_time(const Booking& booking) {
    const auto &from = booking.takeover_from, &until = booking.takeover_until;
    if (!from || !until || from->index() != until->index()) return whole_day;
    const auto length = std::visit(
        [&](const auto& begin) {
            return ceil<milliseconds>(std::get<std::decay_t<decltype(begin)>>(*until) - begin);
        },
        *from);
    return std::clamp<milliseconds>(length, 0ms, whole_day);
}

Load load_of(const Schedule& schedule, const Booking& booking, const content::Catalogue& catalogue,
             const content::Place& place) {
    const auto lengths = lengths_of(booking.segments, catalogue),
               padding = lengths_of(booking.filler, catalogue);
    const auto parts = static_cast<std::int64_t>(std::max<std::size_t>(1, booking.dayparts.size()));
    const auto languages = static_cast<std::int64_t>(std::max<std::size_t>(1, place.languages.size()));
    Load load;
    load.tries =
        tries_of_rule(booking) + (lengths.count + padding.count) * (of_item + languages * parts * parts / 64);
    switch (booking.kind) {
        case BookingKind::rotation:
            load.plays = plays_of(schedule, booking, lengths);
            load.tries += load.plays * (of_play + lengths.count / 4);
            break;
        case BookingKind::fixed:
            load.runs = lengths.count;
            load.plays = booking.hard && booking.late != LateRule::make_good ? 0 : 1;
            load.tries += lengths.count * of_run_item;
            break;
        case BookingKind::block:
            load.runs = lengths.count;
            load.fillers = padding.count;
            load.shortest = padding.shortest;
            load.tries += lengths.count * of_run_item;
            break;
        case BookingKind::takeover:
            load.takeovers = 1;
            load.once = takeover_time(booking) / lengths.shortest * (of_opening + lengths.count / 4);
            break;
        case BookingKind::filler:
            load.fillers = lengths.count;
            load.shortest = lengths.shortest;
            break;
    }
    return load;
}

/// Of the bookings that count on one date.
class DayLoad {
  public:
    void add(const Load& load) { change(load, 1); }
    void remove(const Load& load) { change(load, -1); }

    [[nodiscard]] std::int64_t plays() const { return sum_.plays; }
    [[nodiscard]] std::int64_t tries() const {
        auto tries = sum_.tries + sum_.runs * (sum_.runs / 64);
        if (sum_.fillers > 0) {
            const auto openings = whole_day / *shortest_.begin() + sum_.plays + sum_.runs;
            tries += openings * (of_opening + sum_.fillers / 16);
        }
        // What comes after a takeover is planned again: mostly half of the day, and faster.
        return sum_.once + tries + tries * sum_.takeovers / 4;
    }

  private:
    void change(const Load& load, int by) {
        sum_.tries += by * load.tries;
        sum_.once += by * load.once;
        sum_.plays += by * load.plays;
        sum_.runs += by * load.runs;
        sum_.fillers += by * load.fillers;
        sum_.takeovers += by * load.takeovers;
        if (load.fillers == 0) return;
        if (by > 0)
            shortest_.insert(load.shortest);
        else
            shortest_.erase(shortest_.find(load.shortest));
    }

    Load sum_;
    std::multiset<milliseconds> shortest_;
};

struct Costing {
    const Campaign* campaign;
    const Booking* booking;
    Load load;
};

/// Which bookings begin to count on a date, and which no longer do; a rule may leave days out.
struct DateChange {
    std::vector<std::size_t> begin, end;
};

/// Names the booking that costs most, of the kind that costs most in all: many small rotations cost more than
/// the one filler between them.
void name_costliest(const std::vector<Costing>& all, const std::set<std::size_t>& on, PlanCost& cost) {
    const auto part = [&](std::size_t i) {
        const auto& load = all[i].load;
        const auto openings = load.plays + (load.fillers > 0 ? whole_day / load.shortest : 0);
        return load.tries + load.once + openings * of_opening + load.takeovers * cost.tries / 8;
    };
    std::map<BookingKind, std::int64_t> sums;
    for (const auto i : on) sums[all[i].booking->kind] += part(i);
    const auto kind = std::max_element(sums.begin(), sums.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    std::int64_t most = -1;
    for (const auto i : on) {
        if (all[i].booking->kind != kind->first || part(i) <= most) continue;
        most = part(i);
        cost.campaign = all[i].campaign;
        cost.booking = all[i].booking;
    }
}

PlanCost costliest_date(const std::vector<Costing>& all) {
    std::map<local_days, DateChange> changes;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& campaign = *all[i].campaign;
        changes[campaign.from.value_or(local_days::min())].begin.push_back(i);
        if (campaign.until) changes[*campaign.until + days{1}].end.push_back(i);
    }
    PlanCost worst;
    std::set<std::size_t> on, worst_on;
    DayLoad day;
    for (const auto& [date, change] : changes) {
        for (const auto i : change.end)
            if (on.erase(i) > 0) day.remove(all[i].load);
        for (const auto i : change.begin)
            if (!all[i].campaign->until || *all[i].campaign->until >= date) {
                day.add(all[i].load);
                on.insert(i);
            }
        if (day.tries() <= worst.tries) continue;
        worst.tries = day.tries();
        worst.plays = day.plays();
        worst_on = on;
    }
    name_costliest(all, worst_on, worst);
    return worst;
}

}  // namespace

PlanCost cost_of(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place) {
    std::vector<Costing> all;
    for (const auto& campaign : schedule.campaigns) {
        if (!meets(campaign.audience, place)) continue;
        for (const auto& booking : campaign.bookings)
            all.push_back({&campaign, &booking, load_of(schedule, booking, catalogue, place)});
    }
    return costliest_date(all);
}

namespace {

/// Why it is refused and what to change, for the booking that costs most.
std::string advice(const PlanCost& cost, const content::Place& place) {
    const auto& booking = *cost.booking;
    std::string change = "book fewer segments";
    if (booking.kind == BookingKind::rotation) change = "ask for fewer plays";
    if (booking.kind == BookingKind::takeover) change = "join takeovers that follow each other";
    return "the schedule asks for more than a board can plan at " + place.id + ": a day costs " +
           std::to_string(cost.tries) + " tries (" + std::to_string(cost.plays) + " plays), and " +
           std::to_string(most_tries) + " are allowed. This booking of campaign " + cost.campaign->id +
           " costs most of its kind: " + change +
           ", give campaigns narrower audiences, or let them run on other dates";
}

}  // namespace

void require_affordable(const Schedule& schedule, const content::Catalogue& catalogue,
                        const content::Place& place) {
    const auto cost = cost_of(schedule, catalogue, place);
    if (cost.tries <= most_tries) return;
    throw CostError(CostFault::too_costly,
                    Where("schedule " + schedule.name).in(cost.booking->id, ": booking " + cost.booking->id),
                    advice(cost, place));
}

std::optional<Finding> find_too_costly(const Schedule& schedule, const content::Catalogue& catalogue,
                                       const std::string& file) {
    std::set<std::string> seen;  // places that get the same campaigns cost the same
    for (const auto& [code, country] : catalogue.countries) {
        for (const auto& place : country.places) {
            if (place.schedule != schedule.name) continue;
            auto campaigns = std::to_string(place.languages.size()) + ' ';
            for (const auto& campaign : schedule.campaigns)
                campaigns += meets(campaign.audience, place) ? '1' : '0';
            if (!seen.insert(std::move(campaigns)).second) continue;
            const auto cost = cost_of(schedule, catalogue, place);
            if (cost.tries > most_tries)
                return Finding{file, cost.booking->line, true,
                               "booking " + cost.booking->id + ": " + advice(cost, place)};
        }
    }
    return {};
}

}  // namespace riverlight::scheduler
