#include "tools/publisher/source.hpp"

#include <algorithm>
#include <filesystem>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/country_json.hpp"
#include "content/segment/forms.hpp"
#include "scheduler/campaign/check.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/campaign/write.hpp"
#include "tools/publisher/images.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t facts_cap = 8U << 20;

ChannelSettings read_settings(const std::string& path) {
    const auto value = parse_toml(read_file(path, facts_cap), path);
    JsonFields fields(value, path);
    fields.format(1);
    ChannelSettings settings;
    settings.name = fields.text("name", 200);
    static const json::object none;
    JsonFields expiry(fields.optional("expiry_days") ? fields.object("expiry_days") : none,
                      path + ": expiry_days");
    for (auto& [role, days] : settings.expiry)
        days = std::chrono::days{expiry.integer_or(role, days.count(), 1, 36'500)};
    expiry.closed();
    fields.closed();
    return settings;
}

std::vector<std::string> sorted_names(const std::string& folder, bool folders, const std::string& extension) {
    std::vector<std::string> names;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(folder, ec)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with('.') || entry.is_directory() != folders) continue;
        if (folders || name.ends_with(extension))
            names.push_back(name.substr(0, name.size() - extension.size()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

void read_segments(ChannelSource& source) {
    const auto folder = source.folder + "/segments";
    for (const auto& id : sorted_names(folder, true, "")) {
        const auto at = folder + '/' + id;
        const auto path = at + "/segment.json";
        if (!fs::exists(path))
            throw Error(
                at + ": has no segment.json; build the segment there: riverlight segment build SRC --out " +
                at);
        auto manifest = content::parse_manifest(read_file(path, facts_cap), path);
        if (manifest.id != id)
            throw Error(path + ": is segment '" + manifest.id + "', but its folder is named '" + id + "'");
        for (const auto& [sha256, file] : manifest.files) {
            const auto media = at + "/media/" + file.name();
            std::error_code ec;
            const auto size = fs::file_size(media, ec);
            if (ec || size != file.bytes)
                throw Error(media + (ec ? ": is missing" : ": differs in size from segment.json") +
                            "; build the segment again");
            source.media["media/" + file.name()] = media;
        }
        source.facts["segments/" + id + ".json"] = content::write_manifest(manifest);
        source.catalogue.segments.emplace(id, std::move(manifest));
    }
}

std::string upper(std::string text) {
    for (auto& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
}

/// A country file as JSON text; TOML and JSON have the same keys.
std::string country_json(const std::string& path) {
    return json::serialize(parse_toml(read_file(path, facts_cap), path, facts_cap));
}

void read_countries(ChannelSource& source) {
    const auto folder = source.folder + "/countries";
    for (const auto& cc : sorted_names(folder, true, "")) {
        content::Country country;
        country.code = upper(cc);
        if (!content::is_country(country.code) || country.code == cc)
            throw Error(folder + '/' + cc +
                        ": a country's folder is its ISO 3166-1 code in lower case, such as kh");
        const auto at = folder + '/' + cc + '/', target = "countries/" + cc + '/';
        for (const auto* file : {"places", "clearances", "hotlines"}) {
            if (!fs::exists(at + file + ".toml"))
                throw Error(at + file +
                            ".toml: is missing; every country needs places, clearances and hotlines");
        }
        content::parse_places(country_json(at + "places.toml"), at + "places.toml", country);
        content::parse_clearances(country_json(at + "clearances.toml"), at + "clearances.toml", country);
        content::parse_hotlines(country_json(at + "hotlines.toml"), at + "hotlines.toml", country);
        source.facts[target + "places.json"] = content::write_places(country);
        source.facts[target + "clearances.json"] = content::write_clearances(country);
        source.facts[target + "hotlines.json"] = content::write_hotlines(country);
        source.catalogue.countries.emplace(country.code, std::move(country));
    }
}

void read_schedules(ChannelSource& source) {
    const auto folder = source.folder + "/schedules";
    for (const auto& name : sorted_names(folder, false, ".toml")) {
        const auto path = folder + '/' + name + ".toml";
        auto reading = scheduler::read_schedule_toml(read_file(path, facts_cap), path);
        if (reading.ok() && reading.schedule.name != name)
            reading.findings.push_back({path, 1, true, "'name' must be the file's own, \"" + name + "\""});
        source.findings.insert(source.findings.end(), reading.findings.begin(), reading.findings.end());
        if (!reading.ok()) continue;
        const auto more = scheduler::check_schedule(reading.schedule, source.catalogue, path);
        source.findings.insert(source.findings.end(), more.begin(), more.end());
        source.facts["schedules/" + name + ".json"] = scheduler::write_schedule_json(reading.schedule);
        source.schedules.emplace(name, std::move(reading.schedule));
    }
}

/// Quiet hours refer to dayparts of the place's schedule.
void check_quiet(const content::Place& place, const scheduler::Schedule& schedule, const std::string& at) {
    for (const auto& hours : place.quiet) {
        if (schedule.dayparts.contains(hours.daypart)) continue;
        std::vector<std::string_view> known;
        for (const auto& [name, unused] : schedule.dayparts) known.emplace_back(name);
        throw ReadError(ReadFault::unresolved, Where(at).in("places." + place.id + ".quiet", {}),
                        "place " + place.id + " is quiet in daypart '" + hours.daypart + "', but schedules/" +
                            schedule.name + ".toml has no [dayparts." + hours.daypart + "]",
                        nearest_name(hours.daypart, known));
    }
}

void check_places(const ChannelSource& source) {
    std::vector<std::string_view> known;
    for (const auto& [name, unused] : source.schedules) known.emplace_back(name);
    std::map<std::string, std::string> seen;
    for (const auto& [code, country] : source.catalogue.countries) {
        for (const auto& place : country.places) {
            const auto [twin, fresh] = seen.emplace(place.id, code);
            if (!fresh)
                throw ReadError(ReadFault::duplicate, Where().in("places." + place.id, {}),
                                "place '" + place.id + "' stands in " + twin->second + " and in " + code +
                                    "; ids are unique");
            const bool broken = std::any_of(source.findings.begin(), source.findings.end(),
                                            [](const auto& f) { return f.error; });
            if (!broken && !source.schedules.contains(place.schedule))
                throw ReadError(ReadFault::unresolved,
                                Where("countries/" + code).in("places." + place.id + ".schedule", {}),
                                "place " + place.id + " follows schedule '" + place.schedule +
                                    "', but there is no schedules/" + place.schedule + ".toml",
                                nearest_name(place.schedule, known));
            if (const auto found = source.schedules.find(place.schedule); found != source.schedules.end())
                check_quiet(place, found->second, "countries/" + code);
        }
    }
}

void take_images(ChannelSource& source) {
    const auto images = read_images(source.folder);
    check_images(images, source.catalogue);
    for (const auto& [kind, waves] : images) {
        source.facts[content::waves_target(kind)] = content::write_waves(waves);
        for (const auto& wave : waves.waves)
            source.bundles[content::bundle_target(kind, wave.sha256)] =
                bundle_path(source.folder, kind, wave.sha256);
    }
}

}  // namespace

ChannelSettings read_channel_settings(const std::string& folder) {
    return read_settings(folder + "/channel.toml");
}

ChannelSource read_source(const std::string& folder, bool for_publishing) {
    if (!fs::is_directory(folder)) throw Error(folder + ": is not a folder; pass the channel's source");
    ChannelSource source;
    source.folder = folder;
    const auto settings = folder + "/channel.toml";
    if (for_publishing || fs::exists(settings)) source.settings = read_settings(settings);
    read_segments(source);
    read_countries(source);
    read_schedules(source);
    check_places(source);
    take_images(source);
    return source;
}

}  // namespace riverlight::publisher
