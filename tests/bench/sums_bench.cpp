// What the office's pages and exports cost, whatever it holds: build/<preset>/bin/sums_bench FOLDER [ROWS
// [BOARDS]]. Fills FOLDER with an office.db through the stores' own doors, unless there is one, and measures
// it. Each board airs a play every 80 s and a filler behind every eighth; a day in ten has an outage of three
// hours.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "content/airing/shown.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/planner.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/figures/packed_plan.hpp"
#include "tools/office/figures/promise.hpp"
#include "tools/office/sheet_sources.hpp"
#include "tools/office/store.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using Clock = steady_clock;

constexpr auto country_codes = std::array{"KH", "LA", "MM", "TH", "VN", "CN"};
constexpr std::size_t per_day = 1080;
const local_days first = *date_from_iso("2026-01-01");

struct Size {
    std::size_t rows = 1'000'000, boards = 200;
    [[nodiscard]] std::size_t day_count() const {
        return std::max<std::size_t>(1, rows / (boards * per_day));
    }
};

std::string country_of(std::size_t board) {
    return country_codes.at(board % country_codes.size());
}
std::string place_of(std::size_t board) {
    return country_of(board) + "-" + std::to_string(board);
}
Instant begin_of(local_days day) {
    return Instant{day.time_since_epoch()} - 7h;
}

/// A place that is always open, with two languages, six segments in rotation, and a filler.
struct Planned {
    content::Catalogue catalogue;
    scheduler::Schedule schedule;

    explicit Planned(std::size_t boards) {
        for (std::size_t n = 0; n < boards; ++n) {
            content::Place place;
            place.id = place.name = place_of(n);
            place.country = country_of(n);
            place.zone = "Asia/Bangkok";
            place.languages = {{"km", 60}, {"en", 40}};
            place.schedule = "s";
            auto& country = catalogue.countries[place.country];
            country.code = place.country;
            country.places.push_back(place);
        }
        for (int n = 0; n < 7; ++n) {
            content::Manifest m;
            m.id = n == 6 ? "filler" : "segment-" + std::to_string(n);
            m.duration = n == 6 ? 30s : 60s + n * 2s;
            m.fallback_locale = "en";
            for (const auto* locale : {"km", "en"}) m.locales[locale].title = m.id;
            catalogue.segments[m.id] = m;
            for (auto& [_, country] : catalogue.countries) {
                content::Clearance clearance;
                clearance.segment = m.id;
                clearance.locales = {"km", "en"};
                country.clearances.push_back(clearance);
            }
        }
        const auto reading = scheduler::read_schedule_toml(
            "format = 1\nname = \"s\"\n[[campaign]]\nid = \"under\"\ntitle = \"Under\"\npriority = 1\n"
            "[[campaign.booking]]\nid = \"filler\"\nkind = \"filler\"\nsegments = [\"filler\"]\n"
            "[[campaign]]\nid = \"always\"\ntitle = \"Always\"\n[[campaign.booking]]\nid = \"often\"\nkind = "
            "\"rotation\"\nplays_per_hour = 40\nsegments = [\"segment-0\", \"segment-1\", \"segment-2\", "
            "\"segment-3\", \"segment-4\", \"segment-5\"]\n",
            "s.toml");
        if (!reading.findings.empty()) throw Error(reading.findings.front().text());
        schedule = reading.schedule;
    }
    [[nodiscard]] KeptPlan plan(const std::string& place, local_days day) const {
        return kept_plan_of(scheduler::plan_day(schedule, catalogue, *catalogue.place(place), day, 0),
                            schedule, "1-a");
    }
};

content::AiringRecord record_of(const Promise& p, const std::string& place, std::int64_t seq, bool is_well) {
    content::AiringRecord r;
    r.board = r.place = place;
    r.epoch = "6fbe1f8a0f714f9e";
    r.seq = seq;
    r.outlet = "screen";
    r.airing = p.id;
    r.campaign = p.campaign;
    r.booking = p.booking;
    r.segment = p.segment;
    r.locale_asked = r.locale_aired = p.locale;
    r.sha256 = std::string(64, 'a');
    r.planned_start = r.started = p.start;
    r.planned_end = r.ended = p.end;
    r.clock = content::ClockState::synchronised;
    r.clock_error = 12ms;
    r.boot_id = "3b241101-e2bb-4255-8caf-4136c566a962";
    r.monotonic_start = MonotonicTime{p.start - begin_of(first)};
    r.monotonic_end = *r.monotonic_start + (p.end - p.start);
    const auto length = length_of(p);
    const content::Shown shown{length, is_well ? length : 0ms, 0ms, is_well};
    content::write_shown(shown, r.evidence);
    r.status = content::status_of(shown);
    r.frames = shown.shown / 40ms;
    r.samples = shown.shown / 1ms * 48;
    if (!is_well) r.reason = "the file is broken";
    r.previous = std::string(64, 'b');
    r.hash = content::record_hash(r);
    return r;
}

void fill(OfficeStore& store, const Size& size) {
    const Planned planned(size.boards);
    const auto began = Clock::now();
    std::size_t rows = 0;
    std::vector<std::int64_t> seq(size.boards);
    for (std::size_t n = 0; n < size.day_count(); ++n) {
        const auto day = first + days{n};
        for (std::size_t board = 0; board < size.boards; ++board) {
            const auto place = place_of(board);
            StoredDay stored{{place, day, country_of(board), place, "Asia/Bangkok", begin_of(day),
                              begin_of(day + days{1}), begin_of(first)},
                             planned.plan(place, day)};
            store.plans.set(stored);
            std::vector<content::AiringRecord> batch;
            for (std::size_t i = 0; i < stored.plan.promises.size(); ++i) {
                if ((board + n) % 10 == 0 && i > 300 && i < 420) continue;  // the power went
                batch.push_back(record_of(stored.plan.promises[i], place, ++seq[board], i % 97 != 0));
                if (batch.size() == 500 || i + 1 == stored.plan.promises.size()) {
                    store.airings.add(batch, {country_of(board), "Asia/Bangkok"}, begin_of(day + days{1}));
                    rows += batch.size();
                    batch.clear();
                }
            }
        }
        std::cerr << to_iso(day) << ": " << rows << " rows\n";
    }
    const duration<double> took = Clock::now() - began;
    std::cout << "filled: " << rows << " rows in " << took.count() << " s, "
              << static_cast<double>(rows) / took.count() << " rows/s\n";
}

double processor_seconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}
long peak_megabytes() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss / 1024;
}

/// Prints the median, the 95th of a hundred and the longest.
void measure(const std::string& name, const std::function<void(int)>& ask) {
    std::vector<double> took;
    for (int i = 0; i < 40; ++i) {
        const auto began = Clock::now();
        ask(i);
        took.push_back(duration<double, std::milli>(Clock::now() - began).count());
    }
    std::sort(took.begin(), took.end());
    std::cout << name << ": median " << took[20] << " ms, p95 " << took[38] << " ms, longest " << took[39]
              << " ms\n";
}

void measure_plans(const Planned& planned) {
    std::size_t packed = 0, json = 0, promises = 0;
    for (int n = 0; n < 10; ++n) {
        const auto plan = planned.plan(place_of(0), first + days{n});
        packed += pack_plan(plan, place_of(0), first + days{n}).size();
        json += write_kept_plan(plan).size();
        promises += plan.promises.size();
    }
    std::cout << "a board-day of " << promises / 10 << " promises: " << packed / 10 << " bytes packed, "
              << json / 10 << " as JSON\n";
}

void measure_pages(const OfficeStore& store, const Size& size) {
    const Comparer comparer(store, [] { return nullptr; });
    const auto days_held = static_cast<int>(size.day_count());
    const auto day_of = [&](int i) { return first + days{i % days_held}; };
    const auto now_in = [&](int i) { return begin_of(day_of(i)) + 12h; };  // an open day: the dearest
    measure("planned, all countries, seven days", [&](int i) {
        static_cast<void>(comparer.day(day_of(i), "", now_in(i)));
        for (int back = 0; back < 7; ++back)
            static_cast<void>(comparer.total(day_of(i) - days{back}, "", now_in(i)));
    });
    measure("planned, one country", [&](int i) {
        static_cast<void>(
            comparer.day(day_of(i), country_codes.at(static_cast<std::size_t>(i) % 6), now_in(i)));
    });
    std::vector<std::pair<std::string, std::function<void(AiringFilter&, int)>>> choices{
        {"no choice", [](auto&, int) {}},
        {"a day", [&](auto& f, int i) { f.from = f.until = day_of(i); }},
        {"a country", [](auto& f, int i) { f.country = country_codes.at(static_cast<std::size_t>(i) % 6); }},
        {"a board", [&](auto& f, int i) { f.board = place_of(static_cast<std::size_t>(i) % size.boards); }},
        {"a segment", [](auto& f, int i) { f.segment = "segment-" + std::to_string(i % 6); }},
        {"failed, of a country",
         [](auto& f, int i) {
             f.status = "failed";
             f.country = country_codes.at(static_cast<std::size_t>(i) % 6);
         }},
        {"in doubt", [](auto& f, int) { f.in_doubt = true; }},
        {"nothing matches", [](auto& f, int) { f.campaign = "none"; }}};
    for (const auto& [name, choose] : choices)
        measure("airings, " + name, [&, &choose = choose](int i) {
            AiringFilter filter;
            choose(filter, i);
            static_cast<void>(airings_from(store, filter, std::nullopt, 100));
            static_cast<void>(store.airings.count(filter, 10'001));
            for (const auto column :
                 {AiringColumn::country, AiringColumn::locale, AiringColumn::campaign, AiringColumn::segment})
                static_cast<void>(store.airings.values_of(column));
        });
    measure("a place's day, settled from its records", [&](int i) {
        static_cast<void>(
            settle_place(store, place_of(static_cast<std::size_t>(i) % size.boards), day_of(i), now_in(i)));
    });
}

void measure_export(const std::string& folder, SheetFormat format, std::unique_ptr<SheetSource> rows,
                    const std::string& name) {
    const auto before = peak_megabytes();
    const auto began = Clock::now();
    const auto used = processor_seconds();
    const auto file = make_sheet_file(format, std::move(rows), folder);
    std::size_t bytes = 0, lines = 0;
    while (const auto piece = file->next()) {
        bytes += piece->size();
        lines += static_cast<std::size_t>(std::count(piece->begin(), piece->end(), '\n'));
    }
    const duration<double> took = Clock::now() - began;
    std::cout << name << ", " << to_text(format) << ": " << bytes / 1'000'000 << " MB, " << lines
              << " lines in " << took.count() << " s (" << static_cast<double>(lines) / took.count() << "/s; "
              << static_cast<double>(lines) / (processor_seconds() - used) << " a second of processor); peak "
              << before << " -> " << peak_megabytes() << " MB\n";
}

int run(int argc, char** argv) {
    if (argc < 2) throw Error("sums_bench FOLDER [ROWS [BOARDS]]");
    const std::string folder = argv[1];
    Size size;
    if (argc > 2) size.rows = std::stoul(argv[2]);
    if (argc > 3) size.boards = std::stoul(argv[3]);
    if (!std::filesystem::exists(folder + "/office.db")) {
        OfficeStore store(folder);
        fill(store, size);
    }
    const auto began = Clock::now();
    const OfficeStore store(folder, OpenFor::reading);
    std::cout << "opened in " << duration<double, std::milli>(Clock::now() - began).count()
              << " ms; office.db has " << std::filesystem::file_size(folder + "/office.db") / 1'000'000
              << " MB\n";
    measure_plans(Planned(1));
    measure_pages(store, size);
    StoreReaders readers(folder);
    AiringFilter filter;
    filter.country = "KH";
    measure_export(folder, SheetFormat::csv, airing_rows(readers, filter), "a country's airings");
    filter.until = first;
    measure_export(folder, SheetFormat::json_lines, airing_rows(readers, filter), "a country's day");
    measure_export(folder, SheetFormat::xlsx, airing_rows(readers, filter), "a country's day");
    PromiseFilter promises;
    promises.from = first;
    promises.until = first + days{30};
    promises.country = "KH";
    measure_export(folder, SheetFormat::csv, promise_rows(readers, promises, begin_of(first + days{40})),
                   "a country's promises");
    return 0;
}

}  // namespace
}  // namespace riverlight::office

int main(int argc, char** argv) {
    try {
        return riverlight::office::run(argc, argv);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
