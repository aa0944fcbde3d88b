// plan_bench [BOARDS]: measures planning in processor time: records per second against a plain loop that
// writes the same records, a day of a full screen, the cost by number of campaigns, and a week of many boards
// (default 200) with the memory it needs. Prints one line per figure, with its limit if it has one; exit
// status 1 if a limit is exceeded.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "content/base/crypto.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/day_planner.hpp"
#include "scheduler/plan/planner.hpp"

namespace {

using namespace std::chrono;
using namespace riverlight;
using scheduler::BookingKind;

struct World {
    content::Catalogue catalogue;
    scheduler::Schedule schedule;
    [[nodiscard]] const content::Place& place() const { return catalogue.countries.at("KH").places[0]; }
};

void add_segment(World& world, const std::string& id) {
    content::Manifest m;
    m.id = id;
    m.duration = seconds{30};
    m.topics = {id.substr(0, id.rfind('-'))};
    m.fallback_locale = "en";
    m.locales["km"].title = m.locales["en"].title = id;
    content::Clearance clearance;
    clearance.segment = id;
    clearance.locales = {"km", "en"};
    world.catalogue.countries["KH"].clearances.push_back(clearance);
    world.catalogue.segments.emplace(id, std::move(m));
}

scheduler::Campaign campaign(World& world, int number, int segments) {
    scheduler::Campaign c;
    c.id = "campaign-" + std::to_string(number);
    c.priority = 10 + number % 7 * 10;
    scheduler::Booking b;
    b.id = "booking-" + std::to_string(number);
    b.kind = BookingKind::rotation;
    for (int s = 0; s < segments; ++s) {
        b.segments.push_back("segment-" + std::to_string(number) + '-' + std::to_string(s));
        add_segment(world, b.segments.back());
    }
    b.separation = seconds{300};
    c.bookings.push_back(std::move(b));
    return c;
}

/// A screen of 30-second items: nine tenths of 2,880 plays in rotations, hard starts on the hour, fillers.
World make_world(int campaigns) {
    World world;
    auto& country = world.catalogue.countries["KH"];
    country.code = "KH";
    content::Place place;
    place.id = "kh-pp-01";
    place.country = "KH";
    place.zone = "Asia/Phnom_Penh";
    place.languages = {{"km", 60}, {"en", 40}};
    place.schedule = "bench";
    country.places = {place};
    world.schedule.name = "bench";
    const int plays = std::max(1, 2'592 / campaigns);
    for (int i = 0; i < campaigns; ++i) {
        auto c = campaign(world, i, 5);
        c.bookings[0].plays_per_day = plays;
        world.schedule.campaigns.push_back(std::move(c));
    }
    auto fill = campaign(world, campaigns, 5);
    fill.bookings[0].kind = BookingKind::filler;
    fill.bookings[0].separation = seconds{0};
    fill.priority = 1;
    world.schedule.campaigns.push_back(std::move(fill));
    return world;
}

/// Processor time of this process, so that other load on the machine does not count.
double cpu_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// The minimum of several runs, in microseconds of processor time.
template <class Work>
double measure_microseconds(int runs, const Work& work) {
    double best = 1e18;
    for (int i = 0; i < runs; ++i) {
        const auto begin = cpu_microseconds();
        work();
        best = std::min(best, cpu_microseconds() - begin);
    }
    return best;
}

/// A planner without rules, for comparison: the segments in turn, as the same records with the same ids.
std::vector<scheduler::PlannedAiring> round_robin(const World& world, std::size_t count) {
    std::vector<scheduler::PlannedAiring> out;
    out.reserve(count);
    std::vector<std::pair<const scheduler::Campaign*, std::string>> bookings;
    for (const auto& c : world.schedule.campaigns)
        bookings.emplace_back(&c, sha256_raw(world.place().id + '\n' + c.bookings[0].id));
    auto start = *from_rfc3339("2026-11-22T17:00:00Z");
    for (std::size_t i = 0; i < count; ++i) {
        const auto& [c, prefix] = bookings[i % bookings.size()];
        const auto& b = c->bookings[0];
        const auto& m = world.catalogue.segments.at(b.segments[i / bookings.size() % b.segments.size()]);
        auto& a = out.emplace_back();
        std::string text = prefix + 'n';
        for (int byte = 0; byte < 8; ++byte) text += static_cast<char>((i >> (8 * byte)) & 0xff);
        a.id = to_hex(std::string_view(sha256_raw(text)).substr(0, 16));
        a.start = start;
        a.end = start += m.duration;
        a.kind = b.kind;
        a.campaign = c->id;
        a.booking = b.id;
        a.segment = m.id;
        a.revision = m.revision;
        a.locale_asked = world.place().languages[i % 2].language;
        a.locale = a.locale_asked;
    }
    return out;
}

long resident_kib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

bool missed = false;
void print_figure(const char* what, double value, const char* unit, double limit = 0) {
    std::printf("%-58s %10.2f %s", what, value, unit);
    if (limit > 0) std::printf("   (limit %.2f%s)", limit, value > limit ? ": MISSED" : "");
    std::printf("\n");
    missed = missed || (limit > 0 && value > limit);
}

scheduler::Plan plan_of(const World& world, int day) {
    return scheduler::plan_day(world.schedule, world.catalogue, world.place(),
                               *date_from_iso("2026-11-23") + days{day}, 0);
}

/// The cost of planning by number of campaigns, for days with the same number of airings. Reading the
/// schedule is a separate figure, per booked segment; the rest is per airing and grows no faster than the
/// logarithm of the number of campaigns.
std::size_t measure_by_campaigns() {
    std::size_t keep = 0;
    double planning_of_ten = 0, reading_of_hundred = 0;
    for (const int campaigns : {10, 100, 1000}) {
        const auto world = make_world(campaigns);
        const auto bounds =
            scheduler::broadcast_day(world.schedule, world.place().zone, *date_from_iso("2026-11-23"));
        const auto read = [&] {
            return scheduler::DayPlanner(world.schedule, world.catalogue, world.place(), bounds, 0);
        };
        const auto planner = read();
        const auto airings = planner.whole().airings.size();
        const auto reading = measure_microseconds(9, [&] { static_cast<void>(read()); });
        const auto planning = measure_microseconds(9, [&] { keep += planner.whole().airings.size(); });
        const auto segments = static_cast<double>(5 * campaigns + 5);
        std::printf("%5d campaigns, %.0f segments booked, %zu airings:\n", campaigns, segments, airings);
        if (campaigns == 10) planning_of_ten = planning / static_cast<double>(airings);
        if (campaigns == 100) reading_of_hundred = reading / segments;
        print_figure("  planning, microseconds an airing", planning / static_cast<double>(airings), "us");
        print_figure("  planning and reading, microseconds an airing",
                     (planning + reading) / static_cast<double>(airings), "us");
        print_figure("  reading, microseconds a segment booked", reading / segments, "us");
        if (campaigns < 1000) continue;
        print_figure("1,000 against 10 campaigns, an airing (log: 3)",
                     planning / static_cast<double>(airings) / planning_of_ten, "x", 4);
        print_figure("1,000 against 100 campaigns, a segment read", reading / segments / reading_of_hundred,
                     "x", 2);
    }
    return keep;
}

/// Plans a week of many boards; writes and discards each plan.
std::size_t measure_week(const World& world, int boards) {
    std::size_t keep = 0;
    const auto before = resident_kib();
    const auto begin = cpu_microseconds();
    long after_first = 0;
    auto place = world.place();
    for (int day = 0; day < 7; ++day) {
        for (int board = 0; board < boards; ++board) {
            place.id = "board-" + std::to_string(board);
            keep += scheduler::plan_day(world.schedule, world.catalogue, place,
                                        *date_from_iso("2026-11-23") + days{day}, 0)
                        .airings.size();
        }
        if (day == 0) after_first = resident_kib();
    }
    const auto took = (cpu_microseconds() - begin) / 1e6;
    std::printf(
        "a week of %d boards, %zu airings: %.2f s of one processor; resident before %ld, after its first day "
        "%ld, after "
        "all %ld KiB\n",
        boards, keep, took, before, after_first, resident_kib());
    if (boards != 10'000)
        print_figure("seconds a week of 10,000 boards would take", took / boards * 10'000, "s");
    print_figure("growth of memory from the first day to the seventh",
                 static_cast<double>(resident_kib() - after_first), "KiB", 1024);
    return keep;
}

}  // namespace

int main(int argc, char** argv) {
    const int boards = argc > 1 ? std::atoi(argv[1]) : 200;
    const auto forty = make_world(40);
    const auto plan = plan_of(forty, 0);
    std::size_t keep = 0;
    const auto day = measure_microseconds(15, [&] { keep += plan_of(forty, 0).airings.size(); });
    const auto loop =
        measure_microseconds(15, [&] { keep += round_robin(forty, plan.airings.size()).size(); });
    std::printf("%zu airings, %zu shortfalls, 40 campaigns, 205 segments\n", plan.airings.size(),
                plan.shortfalls.size());
    print_figure("one day of a 30-second-item screen", day / 1000, "ms", 10);
    print_figure("records a second", static_cast<double>(plan.airings.size()) / day * 1e6, "");
    print_figure("against a round-robin loop that writes the same records", day / loop, "x", 6);
    keep += measure_by_campaigns();
    keep += measure_week(forty, boards);
    return missed || keep == 0 ? 1 : 0;
}
