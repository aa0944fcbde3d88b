#include "content/update/waves.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "content/segment/forms.hpp"
#include "content/segment/manifest.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

constexpr std::size_t most_names = 2000, longest_hold = 300, longest_tag = 63;
constexpr JsonLimits limits{.bytes = longest_waves, .depth = 4, .values = 10'000};

/// A place's tag is any plain text.
bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= longest_tag && is_plain_text(text);
}

std::vector<std::string> read_names(JsonFields& fields, std::string_view key,
                                    bool (*fits)(std::string_view)) {
    auto names = fields.texts_or_none(key, most_names);
    for (const auto& name : names)
        if (!fits(name))
            fields.refuse(key, ReadFault::malformed, "has '" + plain_text(name, 80) + "', which is none");
    return names;
}

Wave read_wave(const json::value& item, const Where& where) {
    JsonFields fields(item, where);
    const auto version = SystemVersion::parse(fields.text("version", 64));
    if (!version)
        fields.refuse("version", ReadFault::malformed,
                      "must be a version such as 0.1.0 or 0.1.0+20261130013049");
    Wave wave{.version = *version, .sha256 = fields.text("sha256", 64)};
    if (!is_sha256(wave.sha256))
        fields.refuse("sha256", ReadFault::malformed, "must be 64 lower-case hex digits");
    wave.bytes =
        static_cast<std::uint64_t>(fields.integer("bytes", 1, static_cast<std::int64_t>(largest_bundle)));
    wave.share = static_cast<int>(fields.integer("share", 0, 100));
    wave.places = read_names(fields, "places", is_id);
    wave.tags = read_names(fields, "tags", is_tag);
    if (fields.optional("start")) {
        wave.start = from_rfc3339(fields.text("start", 40));
        if (!wave.start)
            fields.refuse("start", ReadFault::malformed,
                          "must be an instant with its offset, such as 2026-12-01T00:00:00Z");
    }
    wave.patience = std::chrono::days(fields.integer("within_days", 0, most_patience.count()));
    if (fields.optional("hold")) {
        wave.hold = fields.text("hold", longest_hold);
        if (wave.hold.empty() || !is_plain_text(wave.hold))
            fields.refuse("hold", ReadFault::malformed, "must say in plain text why the wave is held");
    }
    fields.closed();
    return wave;
}

json::array names(const std::vector<std::string>& all) {
    json::array out;
    for (const auto& one : all) out.emplace_back(one);
    return out;
}

bool has(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

const Wave* Waves::find(const SystemVersion& version) const {
    const auto found =
        std::find_if(waves.begin(), waves.end(), [&](const Wave& wave) { return wave.version == version; });
    return found == waves.end() ? nullptr : &*found;
}

bool is_compatible(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

std::string waves_target(std::string_view compatible) {
    return "images/" + std::string(compatible) + "/waves.json";
}

std::string bundle_target(std::string_view compatible, std::string_view sha256) {
    return "images/" + std::string(compatible) + '/' + std::string(sha256) + ".raucb";
}

Waves parse_waves(std::string_view text, const std::string& what, std::string_view compatible) {
    const auto value = parse_json(text, what, limits);
    JsonFields fields(value, what);
    fields.format(1);
    Waves waves{fields.text("compatible", 64)};
    if (!is_compatible(waves.compatible))
        fields.refuse("compatible", ReadFault::malformed,
                      "must be a kind of board such as riverlight-amd64-uefi");
    if (waves.compatible != compatible)
        fields.refuse("compatible", ReadFault::misplaced,
                      "is for boards of the kind " + waves.compatible + ", not " + std::string(compatible));
    for (const auto& item : fields.array("waves", most_waves)) {
        const auto key = "waves." + std::to_string(waves.waves.size() + 1);
        auto wave = read_wave(item, fields.where().in(key));
        if (waves.find(wave.version))
            throw ReadError(ReadFault::duplicate, fields.where().in(key + ".version"),
                            "version " + wave.version.text() + " has a wave already");
        waves.waves.push_back(std::move(wave));
    }
    fields.closed();
    std::sort(waves.waves.begin(), waves.waves.end(),
              [](const Wave& a, const Wave& b) { return a.version < b.version; });
    return waves;
}

std::string write_waves(const Waves& waves) {
    json::array all;
    for (const auto& wave : waves.waves) {
        json::object one{{"version", wave.version.text()},
                         {"sha256", wave.sha256},
                         {"bytes", wave.bytes},
                         {"share", wave.share},
                         {"places", names(wave.places)},
                         {"tags", names(wave.tags)},
                         {"within_days", wave.patience.count()}};
        if (wave.start) one["start"] = to_rfc3339(*wave.start);
        if (!wave.hold.empty()) one["hold"] = wave.hold;
        all.push_back(std::move(one));
    }
    return canonical_json(
        json::object{{"format", 1}, {"compatible", waves.compatible}, {"waves", std::move(all)}});
}

int wave_position(std::string_view board, const SystemVersion& version) {
    const auto hash = sha256_raw("riverlight wave 1\n" + version.text() + '\n' + std::string(board));
    std::uint64_t number = 0;
    for (std::size_t n = 0; n < 4; ++n) number = number << 8 | static_cast<unsigned char>(hash[n]);
    return static_cast<int>(number * 10'000 >> 32);
}

bool is_in_wave(const Wave& wave, const WaveBoard& board) {
    return has(wave.places, board.id) ||
           std::any_of(board.tags.begin(), board.tags.end(),
                       [&](const auto& tag) { return has(wave.tags, tag); }) ||
           wave_position(board.id, wave.version) < wave.share * 100;
}

}  // namespace riverlight::content
