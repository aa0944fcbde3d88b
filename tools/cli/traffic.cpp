#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "content/base/suggest.hpp"
#include "content/journal/reader.hpp"
#include "content/store/content_set.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/planner.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/schedule_source.hpp"
#include "tools/traffic/guide.hpp"
#include "tools/traffic/reconcile.hpp"

namespace riverlight::cli {
namespace {

using namespace std::chrono;
using scheduler::Plan;
using traffic::AsRun;
using traffic::Spot;

constexpr int differences = 2;  // exit code of a reconciliation that is not clean

/// Options of all traffic commands; each command takes some of them. One member for each option.
struct TrafficOptions {
    std::string source, plan, place, day, from, zone, outlet, catalogue, schedule, format, out, until;
    int days = 1, rate = 25;
    double tolerance = 2, length_tolerance = 1;
    bool json = false, csv = false, all = false;
};

Instant now() {
    return floor<microseconds>(system_clock::now());
}

void write_output(const std::string& out, const std::string& text) {
    if (out.empty())
        std::cout << text;
    else
        write_file_atomically(out, text);
}

template <class Writer, std::size_t Count>
Writer format_named(const std::array<std::pair<std::string_view, Writer>, Count>& formats,
                    const std::string& name) {
    std::vector<std::string_view> known;
    std::string words;
    for (const auto& [word, writer] : formats) {
        if (word == name) return writer;
        known.push_back(word);
        words += (words.empty() ? "" : ", ") + std::string(word);
    }
    throw Error("no format '" + name + "'; use one of " + words + suggestion(name, known));
}

// ---- guide ----

using GuideWriter = std::string (*)(const traffic::PlaceGuide&);
constexpr std::array<std::pair<std::string_view, GuideWriter>, 3> guide_formats{
    {{"xmltv", traffic::guide_xmltv}, {"ics", traffic::guide_ics}, {"csv", traffic::guide_csv}}};

void guide(const TrafficOptions& o) {
    const auto write = format_named(guide_formats, o.format);
    const auto source = publisher::read_source(o.catalogue, false);
    const auto& place = place_named(source, o.place);
    const auto schedule = schedule_named(source, o.schedule.empty() ? place.schedule : o.schedule);
    const auto first = day_named(o.from, place.zone, schedule.day_start);
    std::vector<Plan> plans;
    plans.reserve(static_cast<std::size_t>(o.days));
    for (int n = 0; n < o.days; ++n)
        plans.push_back(scheduler::plan_day(schedule, source.catalogue, place, first + days{n}, 0));
    write_output(o.out, write({place, source.catalogue, plans}));
}

// ---- as-run ----

/// The airings of an as-run source, and the board's state folder to plan the day from.
struct AsRunSource {
    std::vector<Spot> spots;
    std::string state;  ///< empty if the source is an exported file
};

AsRunSource read_as_run_source(const std::string& path_or_folder) {
    const bool folder = std::filesystem::is_directory(path_or_folder);
    if (!folder && !path_or_folder.ends_with(".db"))
        return {traffic::read_as_run(read_file(path_or_folder, traffic::file_cap), path_or_folder, {}).spots,
                ""};
    const auto path = folder ? path_or_folder + "/journal.db" : path_or_folder;
    if (::access(path.c_str(), R_OK) != 0)
        throw Error(path +
                    ": does not exist or cannot be read; name a board's state folder, its journal.db, "
                    "or a file that `journal show --json` wrote");
    AsRunSource result{
        {}, folder ? path_or_folder : std::filesystem::path(path_or_folder).parent_path().string()};
    const content::JournalReader journal(path);
    std::vector<content::AiringRecord> all;
    for (std::int64_t from = 1;;) {
        const auto records = journal.read(from, 10'000);
        if (records.empty()) break;
        from = records.back().seq + 1;
        all.insert(all.end(), records.begin(), records.end());
    }
    result.spots = traffic::spots_of(all);
    return result;
}

const Plan& plan_of_day(const std::vector<Plan>& plans, const TrafficOptions& o) {
    if (o.day.empty() && plans.size() == 1) return plans[0];
    if (o.day.empty()) throw Error(o.plan + ": holds several days; say which with --day");
    const auto day = day_named(o.day, plans[0].zone, {});
    for (const auto& plan : plans) {
        if (plan.day == day) return plan;
    }
    throw Error(o.plan + ": has no plan of " + o.day + "; give the plan of that day, or another --day");
}

std::string choose_place(const TrafficOptions& o, const AsRunSource& source) {
    if (!o.place.empty()) return o.place;
    for (const auto& spot : source.spots) {
        if (!spot.place.empty()) return spot.place;
    }
    throw Error(o.source + ": names no place; say which with --place");
}

/// Plans one day of a place.
Plan plan_place_day(const content::Catalogue& catalogue, const scheduler::Schedule& schedule,
                    const content::Place& place, const TrafficOptions& o) {
    return scheduler::plan_day(schedule, catalogue, place, day_named(o.day, place.zone, schedule.day_start),
                               0);
}

std::optional<Plan> plan_of_board(const AsRunSource& source, const TrafficOptions& o) {
    if (source.state.empty() || !std::filesystem::exists(source.state + "/store/current.json"))
        return std::nullopt;
    const auto content = content::Store(source.state + "/store").load();
    if (!content) return std::nullopt;
    const auto* place = content->catalogue.place(choose_place(o, source));
    const auto text = place ? content->schedules.find(place->schedule) : content->schedules.end();
    if (text == content->schedules.end()) return std::nullopt;
    return plan_place_day(content->catalogue, scheduler::read_schedule_json(text->second, text->first),
                          *place, o);
}

/// The plan of the day from --plan, else from --catalogue, else from the board's release; nullopt if there is
/// none, and the list then has only the journal's airings.
std::optional<Plan> load_plan(const AsRunSource& source, const TrafficOptions& o) {
    if (!o.plan.empty())
        return plan_of_day(traffic::read_plans(read_file(o.plan, traffic::file_cap), o.plan), o);
    if (!o.catalogue.empty()) {
        const auto channel = publisher::read_source(o.catalogue, false);
        const auto& place = place_named(channel, choose_place(o, source));
        return plan_place_day(channel.catalogue, schedule_named(channel, place.schedule), place, o);
    }
    return plan_of_board(source, o);
}

AsRun make_as_run(const TrafficOptions& o) {
    const auto source = read_as_run_source(o.source);
    if (const auto plan = load_plan(source, o)) {
        if (!o.place.empty() && o.place != plan->place)
            throw Error("the plan is of '" + plan->place + "', not of '" + o.place + "'");
        return traffic::make_as_run(traffic::day_of(*plan), traffic::list_booked_spots(*plan), source.spots,
                                    o.outlet);
    }
    if (o.zone.empty())
        throw Error(o.source +
                    ": gives neither the plan of the day nor the place's time zone; name --plan FILE, "
                    "--catalogue FOLDER, or --zone Asia/Phnom_Penh to list only what the journal has");
    if (!scheduler::zone_exists(o.zone))
        throw Error("no time zone '" + o.zone + "'; write it as Asia/Bangkok");
    const auto bounds = scheduler::bounds_of(day_named(o.day, o.zone, {}), o.zone);
    return traffic::make_as_run({choose_place(o, source), o.zone, bounds.day, bounds.from, bounds.until}, {},
                                source.spots, o.outlet);
}

using AsRunWriter = std::string (*)(const AsRun&, const TrafficOptions&);
constexpr std::array<std::pair<std::string_view, AsRunWriter>, 3> as_run_formats{
    {{"csv", [](const AsRun& list, const TrafficOptions&) { return traffic::write_csv(list); }},
     {"bxf",
      [](const AsRun& list, const TrafficOptions& o) {
          return traffic::write_bxf(list, {o.rate, now()});
      }},
     {"ccms", [](const AsRun& list, const TrafficOptions&) { return traffic::write_ccms(list); }}}};

void as_run(const TrafficOptions& o) {
    const auto write = format_named(as_run_formats, o.format);
    write_output(o.out, write(make_as_run(o), o));
}

// ---- reconcile ----

std::optional<Instant> parse_until(const TrafficOptions& o) {
    if (o.until.empty()) return std::nullopt;
    const auto at = from_rfc3339(o.until);
    if (!at) throw Error("'" + o.until + "' is not a time; write it as 2026-11-24T18:00:00+07:00");
    return at;
}

microseconds to_microseconds(double seconds) {
    return microseconds{static_cast<std::int64_t>(seconds * 1e6)};
}

void reconcile(const TrafficOptions& o) {
    if (o.json && o.csv) throw Error("--json and --csv are two formats; ask for one");
    const auto plans = traffic::read_plans(read_file(o.plan, traffic::file_cap), o.plan);
    const auto list = traffic::read_as_run(read_file(o.source, traffic::file_cap), o.source,
                                           traffic::day_of(plans.front()));
    const auto result = traffic::reconcile(
        plans, list, {to_microseconds(o.tolerance), to_microseconds(o.length_tolerance)}, parse_until(o));
    write_output(o.out, o.json  ? traffic::reconciliation_json(result)
                        : o.csv ? traffic::reconciliation_csv(result)
                                : traffic::reconciliation_text(result, o.all));
    if (!result.is_clean()) throw CLI::RuntimeError(differences);
}

void add_guide(CLI::App& app) {
    auto* command = app.add_subcommand("guide", "what a place will air, for a partner's guide");
    auto o = std::make_shared<TrafficOptions>();  // the parsed options live as long as CLI11's callback
    o->format = "xmltv";
    o->catalogue = ".";
    command->add_option("--place", o->place, "id of the place")->required();
    command->add_option("--from", o->from, "first broadcast day, YYYY-MM-DD; today at the place otherwise");
    command->add_option("--days", o->days, "how many days")->check(CLI::Range(1, 400))->capture_default_str();
    command->add_option("--format", o->format, "xmltv, ics (iCalendar) or csv")->capture_default_str();
    command->add_option("--schedule", o->schedule, "another schedule than the place follows");
    command->add_option("--catalogue", o->catalogue, "channel source")->capture_default_str();
    command->add_option("--out", o->out, "write to this file; standard output otherwise");
    command->callback([o] { guide(*o); });
}

void add_as_run(CLI::App& app) {
    auto* command =
        app.add_subcommand("asrun", "what became of every spot of a day, for a partner's traffic department");
    auto o = std::make_shared<TrafficOptions>();
    o->format = "csv";
    command
        ->add_option("SOURCE", o->source,
                     "a board's state folder, its journal.db, or an exported as-run file")
        ->required();
    command->add_option("--format", o->format, "csv, bxf (SMPTE ST 2021 XML) or ccms (SCTE 118-3 .VER)")
        ->capture_default_str();
    command->add_option("--day", o->day, "broadcast day, YYYY-MM-DD; today at the place otherwise");
    command->add_option("--place", o->place, "id of the place; the source's otherwise");
    command->add_option("--outlet", o->outlet, "only what this outlet aired; all otherwise");
    command->add_option(
        "--plan", o->plan,
        "the day as booked: `schedule preview --json`; otherwise planned from the release that "
        "the board holds");
    command->add_option("--catalogue", o->catalogue, "channel source to plan the day from");
    command->add_option("--zone", o->zone, "the place's time zone, where there is no plan");
    command->add_option("--rate", o->rate, "frames a second of BXF time codes: 24, 25, 30, 50 or 60")
        ->capture_default_str();
    command->add_option("--out", o->out, "write to this file; standard output otherwise");
    command->callback([o] { as_run(*o); });
}

void add_reconcile(CLI::App& app) {
    auto* command = app.add_subcommand("reconcile", "booked against aired; exit code 2 where they differ");
    auto o = std::make_shared<TrafficOptions>();
    command
        ->add_option("PLAN", o->plan,
                     "`schedule preview --json`; more days than aired give room to make good")
        ->required();
    command->add_option("ASRUN", o->source, "as-run list: CSV, BXF, CCMS, or `journal show --json`")
        ->required();
    command->add_option("--tolerance", o->tolerance, "seconds a spot may start early or late")
        ->check(CLI::Range(0.0, 86'400.0))
        ->capture_default_str();
    command->add_option("--length-tolerance", o->length_tolerance, "seconds a spot may be short or long")
        ->check(CLI::Range(0.0, 86'400.0))
        ->capture_default_str();
    command->add_option("--until", o->until,
                        "spots that end later are not yet due: a moment like 2026-11-24T18:00:00+07:00; the "
                        "end of the list's last day otherwise");
    command->add_flag("--json", o->json, "JSON instead of text");
    command->add_flag("--csv", o->csv, "CSV instead of text");
    command->add_flag("--all", o->all, "text: list what simply aired as well");
    command->add_option("--out", o->out, "write to this file; standard output otherwise");
    command->callback([o] { reconcile(*o); });
}

}  // namespace

void add_traffic(CLI::App& app) {
    add_guide(app);
    add_as_run(app);
    add_reconcile(app);
}

}  // namespace riverlight::cli
