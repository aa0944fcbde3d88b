#include "content/segment/manifest.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "content/base/json.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<Rating, std::string_view>, 3> ratings{{
    {Rating::general, "general"},
    {Rating::guidance, "guidance"},
    {Rating::late, "late"},
}};

MediaFile read_file_facts(const json::value& value, const Where& where, const std::string& sha) {
    JsonFields fields(value, where.in("files." + sha, "file " + sha));
    MediaFile file;
    file.sha256 = sha;
    if (!is_sha256(file.sha256))
        throw ReadError(ReadFault::malformed, fields.where(),
                        "a file's name is its SHA-256, 64 lower-case hex digits");
    file.ext = fields.text("ext", 8);
    if (file.ext.empty() || !std::all_of(file.ext.begin(), file.ext.end(), is_lower_or_digit))
        fields.refuse("ext", ReadFault::malformed, "must be 1 to 8 lower-case letters or digits");
    file.bytes = static_cast<std::uint64_t>(fields.integer("bytes", 1, 1LL << 40));
    file.kind = fields.text("kind", 16);
    file.codec = fields.text_or("codec", "", 32);
    file.width = static_cast<int>(fields.integer_or("width", 0, 0, 16384));
    file.height = static_cast<int>(fields.integer_or("height", 0, 0, 16384));
    file.frame_rate = fields.text_or("frame_rate", "", 32);
    if (fields.optional("loudness_lufs")) file.loudness_lufs = fields.number_or("loudness_lufs", 0);
    if (fields.optional("true_peak_dbtp")) file.true_peak_dbtp = fields.number_or("true_peak_dbtp", 0);
    file.profile = fields.text_or("profile", "", 64);
    file.parameters = fields.text_or("parameters", "", 64);
    if (file.kind == "rendition" && (file.profile.empty() || !is_sha256(file.parameters)))
        throw ReadError(ReadFault::missing,
                        fields.where().in(file.profile.empty() ? "profile" : "parameters", {}),
                        "a rendition needs its 'profile' and 'parameters'");
    fields.closed();
    return file;
}

/// The pictures of `ladder` beside `picture`.
std::vector<std::string> read_ladder(JsonFields& fields, const std::string& picture,
                                     const Manifest& manifest) {
    auto ladder = fields.texts_or_none("ladder", most_rungs);
    std::set<std::string> seen{picture};
    for (const auto& sha : ladder) {
        const auto found = manifest.files.find(sha);
        if (found == manifest.files.end() || found->second.kind != "picture")
            fields.refuse("ladder", ReadFault::unresolved,
                          "names no picture of 'files': " + sha.substr(0, 64));
        if (!seen.insert(sha).second)
            fields.refuse("ladder", ReadFault::duplicate, "names a picture that is named already: " + sha);
    }
    if (!ladder.empty())
        for (const auto& sha : seen) {
            const auto& file = manifest.files.at(sha);
            const auto* lacks = file.codec.empty() ? "codec"
                                : file.width == 0  ? "width"
                                : file.height == 0 ? "height"
                                                   : nullptr;
            if (lacks)
                throw ReadError(ReadFault::missing, fields.where().in("ladder." + sha + '.' + lacks, {}),
                                "where there is a 'ladder', each picture needs its 'codec', 'width' and "
                                "'height': " +
                                    sha);
        }
    return ladder;
}

Localisation read_localisation(const json::value& value, const Where& where, const std::string& tag,
                               const Manifest& manifest) {
    JsonFields fields(value, where.in("locales." + tag, "locale " + tag));
    if (!is_language(tag)) throw ReadError(ReadFault::malformed, fields.where(), "not a BCP 47 language tag");
    Localisation one;
    one.title = fields.text("title", 400);
    one.strap = fields.text_or("strap", "", 400);
    one.crawl = fields.boolean_or("crawl", false);
    one.hotline = fields.text_or("hotline", "", 64);
    const auto reference = [&](std::string_view key, std::string_view kind) {
        auto sha = fields.text_or(key, "", 64);
        if (sha.empty()) return sha;
        const auto found = manifest.files.find(sha);
        if (found == manifest.files.end())
            fields.refuse(key, ReadFault::unresolved, "names a file that 'files' does not hold");
        if (found->second.kind != kind)
            fields.refuse(key, ReadFault::wrong_type, "names a file that is " + found->second.kind);
        return sha;
    };
    one.picture = reference("picture", "picture");
    one.sound = reference("sound", "sound");
    one.subtitles = reference("subtitles", "subtitles");
    const auto named = [&](const auto& member) {
        return member.value().is_string() ? manifest.files.find(std::string(member.value().get_string()))
                                          : manifest.files.end();
    };
    if (fields.optional("signs")) {
        for (const auto& member : fields.object("signs")) {
            const std::string key(member.key());
            const auto found = named(member);
            if (!is_language(key) || found == manifest.files.end() || found->second.kind != "sign")
                throw ReadError(ReadFault::unresolved, fields.where().in("signs." + key, {}),
                                "'signs' names no sign of 'files' for a sign language '" + key + "'");
            one.signs.emplace(key, found->first);
        }
    }
    if (fields.optional("renditions")) {
        for (const auto& member : fields.object("renditions")) {
            const std::string key(member.key());
            const auto plus = key.find('+');
            const auto sign = plus == std::string::npos ? std::string{} : key.substr(plus + 1);
            const auto found = named(member);
            if (found == manifest.files.end() || found->second.kind != "rendition" ||
                rendition_key(found->second.profile, sign) != key ||
                (!sign.empty() && !one.signs.contains(sign)))
                throw ReadError(ReadFault::unresolved, fields.where().in("renditions." + key, {}),
                                "'renditions' names no rendition of 'files' for " + key);
            one.renditions.emplace(key, found->first);
        }
    }
    if (one.picture.empty())
        throw ReadError(ReadFault::missing, fields.where().in("picture", {}), "has no picture");
    one.ladder = read_ladder(fields, one.picture, manifest);
    fields.closed();
    return one;
}

json::object write_file_facts(const MediaFile& file) {
    json::object out{{"ext", file.ext}, {"bytes", file.bytes}, {"kind", file.kind}};
    if (!file.codec.empty()) out["codec"] = file.codec;
    if (file.width) out["width"] = file.width;
    if (file.height) out["height"] = file.height;
    if (!file.frame_rate.empty()) out["frame_rate"] = file.frame_rate;
    if (file.loudness_lufs) out["loudness_lufs"] = *file.loudness_lufs;
    if (file.true_peak_dbtp) out["true_peak_dbtp"] = *file.true_peak_dbtp;
    if (!file.profile.empty()) out["profile"] = file.profile;
    if (!file.parameters.empty()) out["parameters"] = file.parameters;
    return out;
}

json::object write_localisation(const Localisation& one) {
    json::object out{{"title", one.title}, {"picture", one.picture}};
    for (const auto& [key, text] : {std::pair{"strap", &one.strap},
                                    {"hotline", &one.hotline},
                                    {"sound", &one.sound},
                                    {"subtitles", &one.subtitles}}) {
        if (!text->empty()) out[key] = *text;
    }
    if (one.crawl) out["crawl"] = true;
    if (!one.ladder.empty()) out["ladder"] = json::array(one.ladder.begin(), one.ladder.end());
    for (const auto& [key, files] : {std::pair{"signs", &one.signs}, {"renditions", &one.renditions}}) {
        if (files->empty()) continue;
        json::object named;
        for (const auto& [of, sha] : *files) named[of] = sha;
        out[key] = std::move(named);
    }
    return out;
}

}  // namespace

std::string_view to_text(Rating rating) {
    return std::find_if(ratings.begin(), ratings.end(), [&](const auto& r) { return r.first == rating; })
        ->second;
}

std::optional<Rating> rating_from_text(std::string_view text) {
    const auto found =
        std::find_if(ratings.begin(), ratings.end(), [&](const auto& r) { return r.second == text; });
    if (found == ratings.end()) return {};
    return found->first;
}

std::optional<int> minimum_age(Rating rating) {
    switch (rating) {
        case Rating::general:
            return {};
        case Rating::guidance:
            return 13;
        case Rating::late:
            break;
    }
    return 18;
}

std::string rendition_key(const std::string& profile, const std::string& sign) {
    return sign.empty() ? profile : profile + '+' + sign;
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= 63 && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

Manifest parse_manifest(std::string_view text, const std::string& what) {
    const auto value = parse_json(text, what, {.bytes = 1U << 20, .depth = 8, .values = 100'000});
    JsonFields fields(value, what);
    fields.format(1);
    Manifest manifest;
    manifest.id = fields.text("id", 63);
    if (!is_id(manifest.id))
        fields.refuse("id", ReadFault::malformed,
                      "must be lower-case letters, digits and hyphens, at most 63");
    manifest.revision = static_cast<int>(fields.integer("revision", 1, 1'000'000));
    manifest.duration = std::chrono::milliseconds{fields.integer("duration_ms", 40, 6 * 3600 * 1000)};
    if (manifest.duration.count() % 40 != 0)
        fields.refuse("duration_ms", ReadFault::malformed,
                      "must be a multiple of 40 (one frame at 25 a second)");
    const auto rating = rating_from_text(fields.text("rating", 16));
    if (!rating) fields.refuse("rating", ReadFault::malformed, "must be general, guidance or late");
    manifest.rating = *rating;
    manifest.for_children = fields.boolean_or("for_children", false);
    manifest.topics = fields.texts_or_none("topics", 50);
    for (const auto& member : fields.object("files")) {
        const std::string sha(member.key());
        manifest.files.emplace(sha, read_file_facts(member.value(), fields.where(), sha));
    }
    for (const auto& member : fields.object("locales")) {
        const std::string tag(member.key());
        manifest.locales.emplace(tag, read_localisation(member.value(), fields.where(), tag, manifest));
    }
    manifest.fallback_locale = fields.text("fallback_locale", 35);
    if (!manifest.locales.contains(manifest.fallback_locale))
        fields.refuse("fallback_locale", ReadFault::unresolved, "is not among 'locales'");
    fields.closed();
    return manifest;
}

std::string write_manifest(const Manifest& manifest) {
    json::object files, locales;
    for (const auto& [sha, file] : manifest.files) files[sha] = write_file_facts(file);
    for (const auto& [tag, one] : manifest.locales) locales[tag] = write_localisation(one);
    json::object out{{"format", 1},
                     {"id", manifest.id},
                     {"revision", manifest.revision},
                     {"duration_ms", manifest.duration.count()},
                     {"rating", to_text(manifest.rating)}};
    if (manifest.for_children) out["for_children"] = true;
    out["topics"] = json::array(manifest.topics.begin(), manifest.topics.end());
    out["fallback_locale"] = manifest.fallback_locale;
    out["files"] = std::move(files);
    out["locales"] = std::move(locales);
    return pretty_json(out);
}

}  // namespace riverlight::content
