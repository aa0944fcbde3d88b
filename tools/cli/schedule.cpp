#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "scheduler/campaign/check.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/explain.hpp"
#include "scheduler/plan/planner.hpp"
#include "scheduler/preview/diff.hpp"
#include "scheduler/preview/diff_write.hpp"
#include "scheduler/preview/ics.hpp"
#include "scheduler/preview/json.hpp"
#include "scheduler/preview/overbooked.hpp"
#include "scheduler/preview/svg.hpp"
#include "scheduler/preview/table.hpp"
#include "scheduler/preview/why.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/schedule_source.hpp"

namespace riverlight::cli {
namespace {

/// Options of all schedule commands; each command takes some of them. One member for each option.
struct ScheduleOptions {
    std::string file, after, catalogue = ".", schedule, place, from, at, format = "table", out;
    std::vector<std::string> places;
    int days = 1, kinds = 40;
    bool json = false, strict = false, all = false;
};

/// Describes each option once; a command adds those that it takes.
class OptionTable {
  public:
    OptionTable(CLI::App& command, std::shared_ptr<ScheduleOptions> o)
        : command_(command), o_(std::move(o)) {}

    OptionTable& catalogue() {
        return keep(command_
                        .add_option("--catalogue,--channel", o_->catalogue,
                                    "channel source, a folder with segments, places and clearances")
                        ->capture_default_str());
    }
    OptionTable& schedule() {
        return keep(command_.add_option("--schedule", o_->schedule,
                                        "name of a schedule of the channel source, or a file"))
            .needed();
    }
    OptionTable& place() {
        return keep(command_.add_option("--place", o_->place, "id of the place")).needed();
    }
    OptionTable& places() {
        return keep(command_
                        .add_option("--place,--places", o_->places,
                                    "ids of places; every place that follows the schedule otherwise")
                        ->delimiter(','));
    }
    OptionTable& from() {
        return keep(
            command_.add_option("--from", o_->from, "first broadcast day, YYYY-MM-DD; today's otherwise"));
    }
    OptionTable& days(int otherwise) {
        o_->days = otherwise;
        return keep(command_.add_option("--days", o_->days, "how many days")
                        ->check(CLI::Range(1, 400))
                        ->capture_default_str());
    }
    OptionTable& flag(const char* name, bool ScheduleOptions::*value, const char* description) {
        command_.add_flag(name, (*o_).*value, description);
        return *this;
    }
    OptionTable& text(const char* name, std::string ScheduleOptions::*value, const char* description) {
        return keep(command_.add_option(name, (*o_).*value, description));
    }
    OptionTable& number(const char* name, int ScheduleOptions::*value, int most, const char* description) {
        return keep(command_.add_option(name, (*o_).*value, description)
                        ->check(CLI::Range(1, most))
                        ->capture_default_str());
    }
    OptionTable& needed() {
        last_->required();
        return *this;
    }

  private:
    OptionTable& keep(CLI::Option* option) {
        last_ = option;
        return *this;
    }

    CLI::App& command_;
    std::shared_ptr<ScheduleOptions> o_;  // the parsed options live as long as CLI11's callback
    CLI::Option* last_ = nullptr;
};

void write_output(const ScheduleOptions& o, const std::string& text) {
    if (o.out.empty()) {
        std::cout << text;
    } else {
        write_file_atomically(o.out, text);
    }
}

std::string findings_json(const std::vector<scheduler::Finding>& findings) {
    boost::json::array out;
    for (const auto& f : findings) {
        out.push_back({{"file", f.file},
                       {"line", f.line},
                       {"severity", f.error ? "error" : "warning"},
                       {"message", f.message}});
    }
    return canonical_json(boost::json::object{{"format", 1}, {"findings", std::move(out)}}) + '\n';
}

/// Adds findings from the channel's segments, places and clearances, and from trial plans.
void check_against_channel(const ScheduleOptions& o, scheduler::ScheduleReading& reading) {
    const auto source = publisher::read_source(o.catalogue, false);
    const auto first = day_named(o.from, "UTC", reading.schedule.day_start);
    const auto add = [&](const std::vector<scheduler::Finding>& more) {
        reading.findings.insert(reading.findings.end(), more.begin(), more.end());
    };
    add(scheduler::check_schedule(reading.schedule, source.catalogue, o.file, first));
    if (reading.ok())
        add(scheduler::check_plans(reading.schedule, source.catalogue, o.file, {first, o.days, o.kinds}));
}

std::string format_count(std::ptrdiff_t n, const std::string& one) {
    return std::to_string(n) + ' ' + one + (n == 1 ? "" : "s");
}

void check(const ScheduleOptions& o) {
    auto reading = scheduler::read_schedule_toml(read_file(o.file, 1U << 20), o.file);
    if (reading.ok() && !o.catalogue.empty()) check_against_channel(o, reading);
    const auto errors = std::count_if(reading.findings.begin(), reading.findings.end(),
                                      [](const scheduler::Finding& f) { return f.error; });
    const auto warnings = std::ssize(reading.findings) - errors;
    if (o.json) {
        write_output(o, findings_json(reading.findings));
    } else {
        print_findings(reading.findings);
    }
    if (errors > 0)
        throw Error(o.file + ": " + format_count(errors, "error") + "; correct it and check again");
    if (o.strict && warnings > 0)
        throw Error(o.file + ": " + format_count(warnings, "warning") + ", and --strict");
    if (o.json) return;
    std::ptrdiff_t bookings = 0;
    for (const auto& campaign : reading.schedule.campaigns) bookings += std::ssize(campaign.bookings);
    std::cout << o.file << ": good: " << format_count(std::ssize(reading.schedule.campaigns), "campaign")
              << ", " << format_count(bookings, "booking") << ", " << format_count(warnings, "warning")
              << (o.catalogue.empty() ? " (segments not looked up, nothing planned: give --catalogue)" : "")
              << '\n';
}

std::vector<scheduler::Plan> plans_of(const scheduler::Schedule& schedule,
                                      const publisher::ChannelSource& source, const content::Place& place,
                                      const ScheduleOptions& o) {
    const auto first = day_named(o.from, place.zone, schedule.day_start);
    std::vector<scheduler::Plan> plans;
    plans.reserve(static_cast<std::size_t>(o.days));
    for (int n = 0; n < o.days; ++n)
        plans.push_back(
            scheduler::plan_day(schedule, source.catalogue, place, first + std::chrono::days{n}, 0));
    return plans;
}

using Preview = std::string (*)(const std::vector<scheduler::Plan>&, const scheduler::Schedule&,
                                const content::Place&);
constexpr std::array<std::pair<std::string_view, Preview>, 4> formats{
    {{"table", [](const auto& plans, const auto&, const auto&) { return scheduler::preview_table(plans); }},
     {"json", [](const auto& plans, const auto&, const auto&) { return scheduler::preview_json(plans); }},
     {"ics", scheduler::preview_ics},
     {"svg", scheduler::preview_svg}}};

Preview format_named(const std::string& name) {
    std::vector<std::string_view> known;
    for (const auto& [word, preview] : formats) {
        if (word == name) return preview;
        known.push_back(word);
    }
    throw Error("no format '" + name + "'; use table, json, ics or svg" + suggestion(name, known));
}

void preview(const ScheduleOptions& o) {
    const auto write = format_named(o.json ? "json" : o.format);
    const auto source = publisher::read_source(o.catalogue, false);
    const auto schedule = schedule_named(source, o.schedule);
    const auto& place = place_named(source, o.place);
    write_output(o, write(plans_of(schedule, source, place, o), schedule, place));
}

void diff(const ScheduleOptions& o) {
    const auto source = publisher::read_source(o.catalogue, false);
    const auto before = schedule_named(source, o.file), after = schedule_named(source, o.after);
    auto places = places_following(source, after.name);
    if (!o.places.empty()) {
        places.clear();
        for (const auto& id : o.places) places.push_back(&place_named(source, id));
    }
    if (places.empty())
        throw Error("no place of " + o.catalogue + " follows schedule '" + after.name +
                    "'; name some with --places");
    std::vector<scheduler::DayChange> changes;
    for (const auto* place : places) {
        const auto old = plans_of(before, source, *place, o), fresh = plans_of(after, source, *place, o);
        for (std::size_t n = 0; n < old.size(); ++n)
            changes.push_back(scheduler::compare_plans(old[n], fresh[n]));
    }
    write_output(o, o.json ? scheduler::diff_json(changes) : scheduler::diff_text(changes, o.all));
}

void why(const ScheduleOptions& o) {
    const auto source = publisher::read_source(o.catalogue, false);
    const auto schedule = schedule_named(source, o.schedule);
    const auto& place = place_named(source, o.place);
    auto text = o.at;
    if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
    if (text.size() == 16) text += ":00";
    const auto at = scheduler::moment_from_text(text);
    if (!at)
        throw Error("'" + o.at +
                    "' is not a time; write it as 2026-11-24T18:55:00 on the place's clock, or with Z or "
                    "+07:00 behind it");
    const auto explanation =
        scheduler::explain_at(schedule, source.catalogue, place, scheduler::instant_of(*at, place.zone), 0);
    write_output(o,
                 o.json ? scheduler::why_json(explanation, place) : scheduler::why_text(explanation, place));
}

void add_command(CLI::App& group, const char* name, const char* description,
                 void (*run)(const ScheduleOptions&), void (*options)(OptionTable&, ScheduleOptions&)) {
    auto* command = group.add_subcommand(name, description);
    auto o = std::make_shared<ScheduleOptions>();
    OptionTable table(*command, o);
    options(table, *o);
    table.text("--out", &ScheduleOptions::out, "write to this file; standard output otherwise");
    command->callback([o, run] { run(*o); });
}

}  // namespace

void add_schedule(CLI::App& app) {
    auto& group = *app.add_subcommand("schedule", "what airs when")->require_subcommand(1);
    add_command(
        group, "check", "find what is wrong with a schedule: file, line and what to do", check,
        [](OptionTable& table, ScheduleOptions& o) {
            o.catalogue.clear();
            table.text("FILE", &ScheduleOptions::file, "schedule, TOML").needed().catalogue().from().days(7);
            table.number("--kinds", &ScheduleOptions::kinds, 10'000, "most kinds of place to plan for")
                .flag("--strict", &ScheduleOptions::strict, "warnings fail as well")
                .flag("--json", &ScheduleOptions::json, "findings as JSON");
        });
    add_command(
        group, "preview", "show what a place will air", preview, [](OptionTable& table, ScheduleOptions&) {
            table.schedule().place().from().days(1).catalogue();
            table
                .text("--format", &ScheduleOptions::format, "table, json, ics (iCalendar) or svg (a picture)")
                .flag("--json", &ScheduleOptions::json, "the same as --format json");
        });
    add_command(group, "why", "what a place airs at a moment, and why not something else", why,
                [](OptionTable& table, ScheduleOptions&) {
                    table.schedule().place().catalogue();
                    table
                        .text("--at", &ScheduleOptions::at,
                              "the moment: 2026-11-24T18:55:00 on the place's clock, or with an offset")
                        .needed()
                        .flag("--json", &ScheduleOptions::json, "JSON instead of sentences");
                });
    add_command(
        group, "diff", "what a new schedule changes, for whom", diff,
        [](OptionTable& table, ScheduleOptions&) {
            table.text("OLD", &ScheduleOptions::file, "schedule: a file, or a name of the channel source")
                .needed();
            table.text("NEW", &ScheduleOptions::after, "the same, after the change").needed();
            table.places().from().days(1).catalogue();
            table.flag("--all", &ScheduleOptions::all, "list every airing, fillers as well")
                .flag("--json", &ScheduleOptions::json, "JSON instead of text");
        });
}

}  // namespace riverlight::cli
