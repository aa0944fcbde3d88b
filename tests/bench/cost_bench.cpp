// cost_bench [FAMILY]: whether a schedule's cost (scheduler/campaign/cost.hpp) says how long planning takes.
// Families of schedules grow until they are over the limit; each line is one that may be published: its cost,
// the processor time that a whole day and the rest of one after an outage take, and the larger part of what
// its cost promises. Exit status 1 if one takes longer than that.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "scheduler/calendar/recurrence.hpp"
#include "scheduler/campaign/cost.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"

namespace {

using namespace std::chrono;
using namespace riverlight;
using scheduler::Booking;
using scheduler::BookingKind;

struct World {
    content::Catalogue catalogue;
    scheduler::Schedule schedule;
    [[nodiscard]] const content::Place& place() const { return catalogue.countries.at("KH").places[0]; }

    World() {
        auto& country = catalogue.countries["KH"];
        country.code = "KH";
        content::Place place;
        place.id = "kh-pp-01";
        place.country = "KH";
        place.zone = "Asia/Phnom_Penh";
        place.languages = {{"km", 60}, {"en", 40}};
        place.schedule = schedule.name = "bench";
        country.places = {place};
    }
    /// Segments `name-0` … of one topic, and their ids.
    std::vector<std::string> segments(const std::string& name, int count, milliseconds length = 30s) {
        std::vector<std::string> ids;
        for (int n = 0; n < count; ++n) {
            content::Manifest m;
            m.id = name + '-' + std::to_string(n);
            m.duration = length;
            m.topics = {name};
            m.fallback_locale = "en";
            m.locales["km"].title = m.locales["en"].title = m.id;
            content::Clearance clearance;
            clearance.segment = m.id;
            clearance.locales = {"km", "en"};
            ids.push_back(m.id);
            if (catalogue.segments.emplace(m.id, std::move(m)).second)
                catalogue.countries["KH"].clearances.push_back(clearance);
        }
        return ids;
    }
    Booking& book(BookingKind kind, std::vector<std::string> ids, int priority = 50) {
        const auto number = std::to_string(schedule.campaigns.size());
        auto& campaign = schedule.campaigns.emplace_back();
        campaign.id = "c" + number;
        campaign.priority = priority;
        auto& booking = campaign.bookings.emplace_back();
        booking.id = "b" + number;
        booking.kind = kind;
        booking.segments = std::move(ids);
        return booking;
    }
    void fill(int segments_of_it = 5) { book(BookingKind::filler, segments("fill", segments_of_it), 1); }
};

struct Family {
    const char* name;
    std::vector<int> sizes;
    std::function<World(int)> make;
};

const std::vector<Family> families{
    {"campaigns that fill a day between them",
     {10, 100, 1000, 2000},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::rotation, w.segments("s" + std::to_string(i), 5), 10 + i % 7 * 10);
             b.plays_per_day = std::max(1, 2592 / n);
             b.separation = 300s;
         }
         w.fill();
         return w;
     }},
    {"rotations of 12 an hour, 4 s",
     {10, 30, 50, 100, 200, 300},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i)
             w.book(BookingKind::rotation, w.segments("s", 3, 4s)).plays_per_hour = 12;
         w.fill();
         return w;
     }},
    {"rotations of 12 an hour, 30 s, priorities",
     {10, 30, 50, 100, 200, 300},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i)
             w.book(BookingKind::rotation, w.segments("s" + std::to_string(i), 3), i % 101).plays_per_hour =
                 12;
         w.fill();
         return w;
     }},
    {"rotations kept apart by segment",
     {10, 30, 100, 200},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::rotation, w.segments("s", 3, 4s));
             b.plays_per_hour = 6;
             b.separation = 300s;
         }
         w.fill();
         return w;
     }},
    {"rotations kept apart by topic",
     {10, 30, 100, 200},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::rotation, w.segments("s", 20, 10s));
             b.plays_per_hour = 6;
             b.topic_separation = seconds{i % 2 ? 600 : 0};
         }
         w.fill();
         return w;
     }},
    {"early rotations",
     {10, 30, 100, 300},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::rotation, w.segments("s" + std::to_string(i), 3), i % 101);
             b.plays_per_day = 100;
             b.pacing = scheduler::Pacing::early;
         }
         w.fill();
         return w;
     }},
    {"one rotation of many plays",
     {720, 2880, 8640, 17280},
     [](int n) {
         World w;
         w.book(BookingKind::rotation, w.segments("s", 5, 5s)).plays_per_day = n;
         w.fill();
         return w;
     }},
    {"one rotation of many segments",
     {10, 100, 500, 1000},
     [](int n) {
         World w;
         auto& b = w.book(BookingKind::rotation, w.segments("s", n));
         b.plays_per_day = 2592;
         b.separation = 3600s;
         w.fill();
         return w;
     }},
    {"shares of one-second segments",
     {1, 5, 20, 100},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i)
             w.book(BookingKind::rotation, w.segments("s" + std::to_string(i), 2, 1s)).share_percent = 5;
         w.fill();
         return w;
     }},
    {"fillers that are too long",
     {10, 100, 500, 1000},
     [](int n) {
         World w;
         w.book(BookingKind::rotation, w.segments("s", 5, 10s)).plays_per_hour = 180;
         auto& b = w.book(BookingKind::filler, w.segments("long", n, 30min), 1);
         b.separation = 3600s;
         return w;
     }},
    {"fillers of one-second segments",
     {1, 10, 100, 1000},
     [](int n) {
         World w;
         w.book(BookingKind::filler, w.segments("short", n, 1s), 1).separation = 60s;
         return w;
     }},
    {"filler bookings",
     {10, 100, 1000},
     [](int n) {
         World w;
         w.book(BookingKind::rotation, w.segments("s", 5, 10s)).plays_per_hour = 60;
         for (int i = 0; i < n; ++i)
             w.book(BookingKind::filler, w.segments("f" + std::to_string(i), 5), i % 50).separation = 6h;
         return w;
     }},
    {"takeovers on an overbooked day",
     {1, 5, 20, 100},
     [](int n) {
         World w;
         for (int i = 0; i < 40; ++i)
             w.book(BookingKind::rotation, w.segments("s" + std::to_string(i), 3), i).plays_per_hour = 6;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::takeover, w.segments("t", 3, 10s));
             const auto from = *from_rfc3339("2026-11-22T17:00:00Z") + minutes{14 * i};
             b.takeover_from = from;
             b.takeover_until = from + 1min;
         }
         w.fill();
         return w;
     }},
    {"bookings in many dayparts",
     {10, 100, 500},
     [](int n) {
         World w;
         for (int d = 0; d < 100; ++d) {
             scheduler::Daypart part;
             part.name = "d" + std::to_string(d);
             part.from = minutes{14 * d};
             part.until = part.from + 7min;
             w.schedule.dayparts[part.name] = part;
         }
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::rotation, w.segments("s", 50));
             b.plays_per_day = 4;
             for (int d = 0; d < 100; ++d) b.dayparts.push_back("d" + std::to_string(d));
         }
         w.fill();
         return w;
     }},
    {"soft starts made good",
     {100, 1000, 5000},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::fixed, w.segments("s", 3, 10s), i % 101);
             b.at = seconds{i % 1440 * 60};
             b.late = scheduler::LateRule::make_good;
         }
         w.fill();
         return w;
     }},
    {"hard starts and a block around them",
     {100, 1000, 8000},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::fixed, w.segments("s", 1, 5s), 100 - i * 50 / n);
             b.at = seconds{i * 10};
             b.hard = true;
         }
         auto& b = w.book(BookingKind::block, w.segments("long", 1000, 10s), 10);
         b.hard = true;
         b.at = 0s;
         b.block_until = 86399s;
         w.fill();
         return w;
     }},
    {"daily rules of long ago",
     {10, 100, 1000, 8000},
     [](int n) {
         World w;
         for (int i = 0; i < n; ++i) {
             auto& b = w.book(BookingKind::fixed, w.segments("s", 1, 5s));
             b.at = seconds{i * 10};
             b.rrule = scheduler::read_recurrence(i % 2 ? "FREQ=DAILY;COUNT=40000"
                                                        : "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU");
             w.schedule.campaigns.back().from = *date_from_iso("1950-01-01");
         }
         w.fill();
         return w;
     }},
};

/// Processor time, so that other load on the machine does not count.
double seconds_of(const std::function<void()>& work) {
    timespec begin{}, end{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    work();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    return static_cast<double>(end.tv_sec - begin.tv_sec) +
           static_cast<double>(end.tv_nsec - begin.tv_nsec) / 1e9;
}

struct Times {
    double whole = 0, rest = 0;
};
Times measure(const World& w) {
    const auto day = *date_from_iso("2026-11-23");
    const auto noon = scheduler::broadcast_day(w.schedule, w.place().zone, day).from + 12h;
    Times t;
    t.whole = seconds_of(
        [&] { static_cast<void>(scheduler::plan_day(w.schedule, w.catalogue, w.place(), day, 0)); });
    t.rest = seconds_of([&] {
        static_cast<void>(scheduler::plan_rest(w.schedule, w.catalogue, w.place(), day, 0, {}, noon));
    });
    return t;
}

/// What a cost promises, in seconds: the effort that is not counted, once for the layout and once for the
/// fillers, and 50 ns a try. The rest of a day is two plans.
constexpr double of_effort = 0.25, of_try = 50e-9;

}  // namespace

int main(int argc, char** argv) {
    bool missed = false;
    for (const auto& family : families) {
        if (argc > 1 && std::string(family.name).find(argv[1]) == std::string::npos) continue;
        std::printf("%s\n", family.name);
        for (const auto size : family.sizes) {
            const auto world = family.make(size);
            const auto cost = scheduler::cost_of(world.schedule, world.catalogue, world.place());
            const auto tries = static_cast<double>(cost.tries);
            if (cost.tries > scheduler::most_tries) {
                std::printf("  %6d %8.2f M tries: refused\n", size, tries / 1e6);
                break;
            }
            const auto promised = 2 * of_effort + tries * of_try;
            const auto t = measure(world);
            const auto ratio = std::max(t.whole / promised, t.rest / (2 * promised));
            missed = missed || ratio > 1;
            std::printf(
                "  %6d %8.2f M tries: a day %.3f s, the rest of one %.3f s, of what is promised %.2f%s\n",
                size, tries / 1e6, t.whole, t.rest, ratio, ratio > 1 ? ": MISSED" : "");
            std::fflush(stdout);
        }
    }
    return missed ? 1 : 0;
}
