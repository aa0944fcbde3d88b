#include <algorithm>
#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "content/base/suggest.hpp"
#include "scheduler/preview/preview.hpp"
#include "tools/cli/commands.hpp"
#include "tools/publisher/source.hpp"

namespace riverlight::cli {
namespace {

int print_findings(const std::vector<scheduler::Finding>& findings) {
    int errors = 0;
    for (const auto& finding : findings) {
        std::cerr << finding.text() << '\n';
        errors += finding.error;
    }
    return errors;
}

void check(const std::string& file, const std::string& catalogue) {
    auto reading = scheduler::read_schedule_toml(read_file(file, 1U << 20), file);
    if (reading.ok() && !catalogue.empty()) {
        const auto source = publisher::read_source(catalogue, false);
        const auto more = scheduler::check_schedule(reading.schedule, source.catalogue, file);
        reading.findings.insert(reading.findings.end(), more.begin(), more.end());
    }
    if (const int errors = print_findings(reading.findings))
        throw Error(file + ": " + std::to_string(errors) + (errors == 1 ? " error" : " errors") +
                    "; mend it and check again");
    std::size_t bookings = 0;
    for (const auto& campaign : reading.schedule.campaigns) bookings += campaign.bookings.size();
    std::cout << file << ": good: " << reading.schedule.campaigns.size() << " campaigns, " << bookings
              << " bookings" << (catalogue.empty() ? " (segments not looked up: give --catalogue)" : "")
              << '\n';
}

struct PreviewOptions {
    std::string schedule, place, from, catalogue = ".";
    int days = 1;
    bool json = false;
};

void preview(const PreviewOptions& o) {
    const auto source = publisher::read_source(o.catalogue, false);
    if (print_findings(source.findings) > 0)
        throw Error("the schedules of " + o.catalogue + " have errors; mend them first");
    std::vector<std::string_view> names;
    for (const auto& [name, unused] : source.schedules) names.emplace_back(name);
    const auto found = source.schedules.find(o.schedule);
    if (found == source.schedules.end())
        throw Error("no schedule '" + o.schedule + "' in " + o.catalogue + "/schedules" +
                    suggestion(o.schedule, names));
    std::vector<std::string_view> places;
    for (const auto& [code, country] : source.catalogue.countries) {
        for (const auto& place : country.places) places.emplace_back(place.id);
    }
    const auto* place = source.catalogue.place(o.place);
    if (!place)
        throw Error("no place '" + o.place + "' in " + o.catalogue + "/countries" +
                    suggestion(o.place, places));
    const auto from = date_from_iso(o.from);
    if (!from) throw Error("'" + o.from + "' is no date; write it as 2026-11-24");
    std::vector<scheduler::Plan> plans;
    for (int n = 0; n < o.days; ++n)
        plans.push_back(
            scheduler::plan_day(found->second, source.catalogue, *place, *from + std::chrono::days{n}, 0));
    std::cout << (o.json ? scheduler::preview_json(plans) : scheduler::preview_table(plans));
}

}  // namespace

void add_schedule(CLI::App& app) {
    auto* schedule = app.add_subcommand("schedule", "what airs when")->require_subcommand(1);
    struct CheckOptions {
        std::string file, catalogue;
    };
    auto* checking =
        schedule->add_subcommand("check", "find what is wrong with a schedule: file, line and what to do");
    auto c = std::make_shared<CheckOptions>();  // the parsed options live as long as CLI11's callback
    checking->add_option("FILE", c->file, "schedule, TOML")->required();
    checking->add_option("--catalogue", c->catalogue,
                         "channel source to look segments, places and clearances up in");
    checking->callback([c] { check(c->file, c->catalogue); });

    auto* showing = schedule->add_subcommand("preview", "print what a place will air");
    auto p = std::make_shared<PreviewOptions>();
    showing->add_option("--schedule", p->schedule, "name of the schedule")->required();
    showing->add_option("--place", p->place, "id of the place")->required();
    showing->add_option("--from", p->from, "first local date, YYYY-MM-DD")->required();
    showing->add_option("--days", p->days, "how many days")->check(CLI::Range(1, 400))->capture_default_str();
    showing->add_option("--catalogue", p->catalogue, "channel source")->capture_default_str();
    showing->add_flag("--json", p->json, "canonical JSON instead of a table");
    showing->callback([p] { preview(*p); });
}

}  // namespace riverlight::cli
