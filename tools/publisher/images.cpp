#include "tools/publisher/images.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <set>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/update/bundle.hpp"
#include "tools/publisher/tree.hpp"

namespace riverlight::publisher {
namespace {

namespace fs = std::filesystem;
using content::SystemVersion;
using content::Wave;
using content::Waves;

std::string folder_of(const std::string& source, const std::string& compatible) {
    return source + "/images/" + compatible;
}

std::string document_of(const std::string& source, const std::string& compatible) {
    return folder_of(source, compatible) + "/waves.json";
}

Waves read_document(const std::string& source, const std::string& compatible) {
    const auto path = document_of(source, compatible);
    return content::parse_waves(read_file(path, content::longest_waves), path, compatible);
}

/// Reads the result as boards will before it replaces the former one.
void write_document(const std::string& source, Waves waves) {
    std::sort(waves.waves.begin(), waves.waves.end(),
              [](const Wave& a, const Wave& b) { return a.version < b.version; });
    const auto path = document_of(source, waves.compatible);
    const auto bytes = content::write_waves(waves);
    static_cast<void>(content::parse_waves(bytes, path, waves.compatible));
    write_file_atomically(path, pretty_json(parse_json(bytes, path)));
}

std::vector<std::string> list_kinds(const std::string& source) {
    std::vector<std::string> kinds;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(source + "/images", ec))
        if (fs::exists(entry.path() / "waves.json", ec)) kinds.push_back(entry.path().filename().string());
    std::sort(kinds.begin(), kinds.end());
    return kinds;
}

void require_source(const std::string& source) {
    if (!fs::exists(source + "/channel.toml"))
        throw ReadError(ReadFault::missing, source + "/channel.toml",
                        "does not exist; name the folder of the channel's source");
}

/// The kind of board that is meant, if there is only one.
std::string choose_kind(const std::string& source, const std::string& compatible) {
    require_source(source);
    const auto kinds = list_kinds(source);
    if (std::find(kinds.begin(), kinds.end(), compatible) != kinds.end()) return compatible;
    std::vector<std::string_view> known(kinds.begin(), kinds.end());
    if (compatible.empty() && kinds.size() == 1) return kinds.front();
    if (compatible.empty() && !kinds.empty())
        throw ReadError(ReadFault::missing, source + "/images",
                        "has several kinds of boards; say which one with --compatible");
    throw ReadError(ReadFault::unresolved, source + "/images",
                    "has no updates" +
                        (compatible.empty() ? "" : " for boards of the kind '" + compatible + "'") +
                        "; add one with riverlight channel image add",
                    nearest_name(compatible, known));
}

/// Changes one wave of the source.
void change(const std::string& source, const std::string& compatible, const std::string& version,
            const std::function<void(Waves&, Wave&)>& work) {
    auto waves = read_document(source, compatible);
    const auto parsed = SystemVersion::parse(version);
    const auto at = std::find_if(waves.waves.begin(), waves.waves.end(),
                                 [&](const Wave& wave) { return parsed && wave.version == *parsed; });
    if (at == waves.waves.end()) {
        std::vector<std::string_view> known;
        for (const auto& wave : waves.waves) known.emplace_back(wave.version.text());
        throw ReadError(ReadFault::unresolved, document_of(source, compatible),
                        "has no version '" + version + "'; riverlight channel image list shows all",
                        nearest_name(version, known));
    }
    work(waves, *at);
    write_document(source, std::move(waves));
}

void apply(const WaveEdit& edit, Wave& wave) {
    if (edit.share) wave.share = *edit.share;
    if (edit.places) wave.places = *edit.places;
    if (edit.tags) wave.tags = *edit.tags;
    if (edit.start) wave.start = edit.start;
    if (edit.patience) wave.patience = *edit.patience;
}

std::string joined(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
    return out;
}

/// `10 % of all boards, the places kh-1, from 2026-12-01T00:00:00Z`.
std::string describe_boards(const Wave& wave) {
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
    if (wave.share > 0) add(std::to_string(wave.share) + " % of all boards");
    if (!wave.places.empty()) add("the places " + joined(wave.places));
    if (!wave.tags.empty()) add("places with the tags " + joined(wave.tags));
    if (out.empty()) out = "no board yet";
    if (wave.start) add("from " + to_rfc3339(*wave.start).substr(0, 19) + 'Z');
    add("when the place is closed, at the latest " + std::to_string(wave.patience.count()) +
        " days after the download");
    return out;
}

}  // namespace

std::string bundle_path(const std::string& source, const std::string& compatible, const std::string& sha256) {
    return folder_of(source, compatible) + '/' + sha256 + ".raucb";
}

std::map<std::string, Waves> read_images(const std::string& source) {
    std::map<std::string, Waves> images;
    for (const auto& kind : list_kinds(source)) {
        auto waves = read_document(source, kind);
        for (const auto& wave : waves.waves) {
            const auto path = bundle_path(source, kind, wave.sha256);
            std::error_code ec;
            const auto size = fs::file_size(path, ec);
            if (ec || size != wave.bytes)
                throw ReadError(ec ? ReadFault::missing : ReadFault::malformed, path,
                                "the bundle of version " + wave.version.text() +
                                    (ec ? " is not there" : " has another size than waves.json says") +
                                    "; add it again: riverlight channel image add");
        }
        images.emplace(kind, std::move(waves));
    }
    return images;
}

void check_images(const std::map<std::string, Waves>& images, const content::Catalogue& catalogue) {
    std::set<std::string_view> ids, tags;
    for (const auto& [code, country] : catalogue.countries)
        for (const auto& place : country.places) {
            ids.insert(place.id);
            tags.insert(place.tags.begin(), place.tags.end());
        }
    const auto require = [](const std::set<std::string_view>& known, const std::string& name,
                            const Where& where, const std::string& kind) {
        if (known.contains(name)) return;
        const std::vector<std::string_view> names(known.begin(), known.end());
        throw ReadError(ReadFault::unresolved, where,
                        "the wave names the " + kind + " '" + name + "', which no place of the channel has",
                        nearest_name(name, names));
    };
    for (const auto& [kind, waves] : images)
        for (const auto& wave : waves.waves) {
            const auto where = Where("images/" + kind + "/waves.json").in(wave.version.text(), {});
            for (const auto& id : wave.places) require(ids, id, where.in("places"), "id");
            for (const auto& tag : wave.tags) require(tags, tag, where.in("tags"), "tag");
        }
}

std::string add_image(const std::string& source, const std::string& bundle, const WaveEdit& edit) {
    require_source(source);
    const auto manifest = content::read_bundle_manifest(bundle);
    Waves waves{manifest.compatible};
    if (fs::exists(document_of(source, manifest.compatible)))
        waves = read_document(source, manifest.compatible);
    Wave wave{.version = manifest.version, .sha256 = sha256_of_file(bundle), .bytes = fs::file_size(bundle)};
    if (const auto* had = waves.find(wave.version); had && had->sha256 != wave.sha256)
        throw ReadError(ReadFault::duplicate, bundle,
                        "version " + wave.version.text() +
                            " has another bundle already, which boards may have; build a new version");
    if (waves.find(wave.version))
        throw ReadError(ReadFault::duplicate, bundle,
                        "version " + wave.version.text() +
                            " is there already; change its boards with riverlight channel image stage");
    apply(edit, wave);
    if (waves.waves.size() >= content::most_waves)
        throw ReadError(
            ReadFault::too_large, document_of(source, manifest.compatible),
            "has " + std::to_string(content::most_waves) +
                " versions, the most that boards read; remove the oldest: riverlight channel image remove");
    make_folder(folder_of(source, manifest.compatible));
    const auto into = bundle_path(source, manifest.compatible, wave.sha256);
    fs::copy_file(bundle, into + ".new", fs::copy_options::overwrite_existing);
    fs::rename(into + ".new", into);
    const auto words =
        "added version " + wave.version.text() + " for " + manifest.compatible + ": " + describe_boards(wave);
    waves.waves.push_back(std::move(wave));
    write_document(source, std::move(waves));
    return words;
}

std::string stage_image(const std::string& source, const std::string& compatible, const std::string& version,
                        const WaveEdit& edit) {
    std::string words;
    change(source, choose_kind(source, compatible), version, [&](Waves&, Wave& wave) {
        apply(edit, wave);
        words = "version " + wave.version.text() + " is for " + describe_boards(wave);
    });
    return words;
}

std::string hold_image(const std::string& source, const std::string& compatible, const std::string& version,
                       const std::string& why) {
    change(source, choose_kind(source, compatible), version, [&](Waves&, Wave& wave) { wave.hold = why; });
    return "version " + version + (why.empty() ? " goes on" : " is held: " + why);
}

std::string remove_image(const std::string& source, const std::string& compatible,
                         const std::string& version) {
    const auto kind = choose_kind(source, compatible);
    std::string gone;
    change(source, kind, version, [&](Waves& waves, Wave& wave) {
        gone = wave.sha256;
        std::erase_if(waves.waves, [&](const Wave& one) { return one.sha256 == gone; });
    });
    std::error_code ec;
    fs::remove(bundle_path(source, kind, gone), ec);
    return "removed version " + version + "; boards that have it keep it";
}

std::vector<std::string> list_images(const std::string& source) {
    require_source(source);
    std::vector<std::string> lines;
    for (const auto& [kind, waves] : read_images(source))
        for (const auto& wave : waves.waves)
            lines.push_back(kind + ' ' + wave.version.text() + "  " + std::to_string(wave.bytes) +
                            " bytes  " + describe_boards(wave) +
                            (wave.hold.empty() ? "" : "  HELD: " + wave.hold));
    return lines;
}

}  // namespace riverlight::publisher
