#include "tools/fleet/fleet_channel.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/segment/manifest.hpp"
#include "content/sync/sync.hpp"
#include "scheduler/campaign/read.hpp"
#include "tools/publisher/init.hpp"
#include "tools/publisher/publish.hpp"

namespace riverlight::fleet {
namespace {

namespace fs = std::filesystem;

constexpr auto schedule_name = "fleet";

std::string lower(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

void write(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(path).parent_path());
    write_file_atomically(path, text);
}

std::set<std::string> languages_of(const Scenario& scenario) {
    std::set<std::string> out;
    for (const auto& country : scenario.countries)
        for (const auto& one : country.languages) out.insert(one.language);
    return out;
}

/// A segment with one picture of no use, in every language.
void write_segment(const std::string& source, const ScenarioSegment& segment,
                   const std::set<std::string>& languages) {
    const auto folder = source + "/segments/" + segment.id;
    const auto bytes = "picture of " + segment.id;
    content::MediaFile file;
    file.sha256 = sha256_hex(bytes);
    file.ext = "mp4";
    file.bytes = bytes.size();
    file.kind = "picture";
    content::Manifest manifest;
    manifest.id = segment.id;
    manifest.duration = segment.length;
    manifest.fallback_locale = *languages.begin();
    for (const auto& language : languages) {
        manifest.locales[language].title = segment.id;
        manifest.locales[language].picture = file.sha256;
    }
    write(folder + "/media/" + file.name(), bytes);
    manifest.files.emplace(file.sha256, std::move(file));
    write(folder + "/segment.json", content::write_manifest(manifest));
}

std::string place_text(const ScenarioCountry& country, const std::string& id) {
    std::string out = "[[places]]\nid = \"" + id + "\"\nname = \"" + id + "\"\nzone = \"" + country.zone +
                      "\"\nvenue = \"community-centre\"\nschedule = \"" + schedule_name +
                      "\"\noutlet = \"screen\"\nlanguages = [";
    for (const auto& one : country.languages)
        out += "{ language = \"" + one.language + "\", share = " + std::to_string(one.share) + " }, ";
    out += "]\n";
    if (country.open.empty()) return out;
    out += "open = [";
    for (const auto& hours : country.open) out += '"' + content::open_hours_text(hours) + "\", ";
    return out + "]\n";
}

void write_country(const std::string& source, const ScenarioCountry& country, const Scenario& scenario,
                   const std::vector<std::string>& places) {
    const auto folder = source + "/countries/" + lower(country.code);
    const auto head = "format = 1\ncountry = \"" + country.code + "\"\n";
    auto text = head + "[hours]\nguidance = []\nlate = []\n";
    for (const auto& id : places)
        if (id.starts_with(lower(country.code) + '-')) text += place_text(country, id);
    write(folder + "/places.toml", text);
    text = head;
    std::string locales;
    for (const auto& language : languages_of(scenario)) locales += '"' + language + "\", ";
    for (const auto& segment : scenario.segments)
        text +=
            "[[clearances]]\nsegment = \"" + segment.id + "\"\nrevision = 1\nlocales = [" + locales + "]\n";
    write(folder + "/clearances.toml", text);
    write(folder + "/hotlines.toml", head + "[hotlines.\"*\"]\nnumber = \"000\"\nname = \"Hotline\"\n");
}

}  // namespace

std::vector<std::string> place_ids(const Scenario& scenario) {
    std::vector<std::size_t> turns;
    for (std::size_t c = 0; c < scenario.countries.size(); ++c)
        turns.insert(turns.end(), static_cast<std::size_t>(scenario.countries[c].weight), c);
    std::vector<std::string> out;
    for (int n = 0; n < scenario.boards; ++n) {
        const auto& country = scenario.countries[turns[static_cast<std::size_t>(n) % turns.size()]];
        auto number = std::to_string(n);
        number.insert(0, 5 - std::min<std::size_t>(5, number.size()), '0');
        out.push_back(lower(country.code) + '-' + number);
    }
    return out;
}

std::shared_ptr<const firmware::Programme> FleetRelease::programme_of(const content::Place& place) const {
    auto out = std::make_shared<firmware::Programme>();
    out->content = content;
    out->schedule = schedule_of(place);
    out->place = place;
    return out;
}

const scheduler::Schedule& FleetRelease::schedule_of(const content::Place& place) const {
    return schedules.at(place.schedule);
}

FleetChannel::FleetChannel(std::string folder, const Scenario& scenario) : folder_(std::move(folder)) {
    const auto source = folder_ + "/source";
    write(source + "/channel.toml",
          "format = 1\nname = \"A simulated fleet\"\n[expiry_days]\nroot = 3650\ntargets = 3650\ncountries = "
          "3650\nsnapshot = 3650\ntimestamp = 3650\n");
    const auto languages = languages_of(scenario);
    for (const auto& segment : scenario.segments) write_segment(source, segment, languages);
    const auto places = place_ids(scenario);
    publisher::InitOptions init;
    init.keys = folder_ + "/keys";
    for (const auto& country : scenario.countries) {
        const auto code = lower(country.code) + '-';
        if (std::none_of(places.begin(), places.end(), [&](const auto& id) { return id.starts_with(code); }))
            continue;  // more countries than boards
        write_country(source, country, scenario, places);
        init.countries.push_back(lower(country.code));
    }
    if (fs::exists(root())) return;  // prepared before
    publisher::init_channel(init, folder_ + "/tree", scenario.begin() - std::chrono::hours{1});
}

std::shared_ptr<const FleetRelease> FleetChannel::publish(const ScenarioRelease& release, Instant now) {
    auto text = read_file(release.schedule, 1U << 20);
    write(folder_ + "/source/schedules/" + schedule_name + ".toml", text);
    publisher::KeyRing keys(folder_ + "/keys");
    static_cast<void>(publisher::publish(folder_ + "/source", keys, publisher::Tree(folder_ + "/tree"), now,
                                         [](const std::string&) {}));
    content::SyncOptions options;
    options.channel_url = url();
    options.store_root = folder_ + "/store";
    options.trusted_root = root();
    options.facts_only = true;
    static_cast<void>(content::sync_channel(options, now, {}));
    auto loaded = content::Store(options.store_root).load();
    if (!loaded) throw Error(options.store_root + ": holds no release");
    auto out = std::make_shared<FleetRelease>();
    out->published = now;
    for (const auto& [name, json] : loaded->schedules)
        out->schedules.emplace(name, scheduler::read_schedule_json(json, name));
    out->content = std::make_shared<const content::ContentSet>(std::move(*loaded));
    return out;
}

}  // namespace riverlight::fleet
