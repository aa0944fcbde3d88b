#include "tools/cli/schedule_source.hpp"

#include <filesystem>
#include <iostream>

#include "content/base/files.hpp"
#include "content/base/suggest.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::cli {
namespace {

constexpr std::uint64_t schedule_cap = 8U << 20;

bool is_file(const std::string& what) {
    return what.ends_with(".toml") || what.ends_with(".json") || what.find('/') != std::string::npos;
}

scheduler::Schedule read_schedule(const std::string& path) {
    const auto text = read_file(path, schedule_cap);
    if (path.ends_with(".json")) return scheduler::read_schedule_json(text, path);
    auto reading = scheduler::read_schedule_toml(text, path);
    if (print_findings(reading.findings) > 0) throw Error(path + ": has errors; correct them first");
    return std::move(reading.schedule);
}

}  // namespace

int print_findings(const std::vector<scheduler::Finding>& findings) {
    int errors = 0;
    for (const auto& finding : findings) {
        std::cerr << finding.text() << '\n';
        errors += finding.error;
    }
    return errors;
}

scheduler::Schedule schedule_named(const publisher::ChannelSource& source, const std::string& what) {
    if (is_file(what)) return read_schedule(what);
    if (const auto found = source.schedules.find(what); found != source.schedules.end()) return found->second;
    const auto path = source.folder + "/schedules/" + what + ".toml";
    if (std::filesystem::exists(path))
        return read_schedule(path);  // read_source left it out: it has errors, and this prints them
    std::vector<std::string_view> names;
    for (const auto& [name, unused] : source.schedules) names.emplace_back(name);
    throw Error("no schedule '" + what + "' in " + source.folder + "/schedules" + suggestion(what, names));
}

const content::Place& place_named(const publisher::ChannelSource& source, const std::string& id) {
    if (const auto* place = source.catalogue.place(id)) return *place;
    std::vector<std::string_view> places;
    for (const auto& [code, country] : source.catalogue.countries) {
        for (const auto& place : country.places) places.emplace_back(place.id);
    }
    throw Error("no place '" + id + "' in " + source.folder + "/countries" + suggestion(id, places));
}

std::vector<const content::Place*> places_following(const publisher::ChannelSource& source,
                                                    const std::string& schedule) {
    std::vector<const content::Place*> out;
    for (const auto& [code, country] : source.catalogue.countries) {
        for (const auto& place : country.places) {
            if (place.schedule == schedule) out.push_back(&place);
        }
    }
    return out;
}

std::chrono::local_days day_named(const std::string& text, const std::string& zone,
                                  std::chrono::minutes day_start) {
    if (text.empty()) {
        const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        return scheduler::broadcast_day_of(day_start, zone, now).day;
    }
    const auto day = date_from_iso(text);
    if (!day) throw Error("'" + text + "' is not a date; write it as 2026-11-24");
    return *day;
}

}  // namespace riverlight::cli
