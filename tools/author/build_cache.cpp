#include "tools/author/build_cache.hpp"

#include <filesystem>
#include <fstream>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "tools/author/sign.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t memory_cap = 8U << 20;
constexpr std::int64_t most_length_ms = 24LL * 3600 * 1000;
/// Raise it when the same source gives different files, so that earlier builds are not reused. 2: rotated
/// phone videos are upright, and HDR is tone-mapped. 4: the sound of AVI is in step.
constexpr std::string_view recipe = "4";

/// SHA-256 over the parts, each preceded by its length, so that different lists never give the same input.
template <class... Parts>
std::string digest(const char* kind, const Parts&... parts) {
    Sha256 hash;
    const auto add = [&](std::string_view text) {
        hash.add(std::to_string(text.size()) + ':');
        hash.add(text);
    };
    add("riverlight " RIVERLIGHT_VERSION);
    add(recipe);
    add(kind);
    (add(parts), ...);
    return hash.hex();
}

json::object facts_of(const content::MediaFile& f) {
    json::object out{{"sha256", f.sha256},   {"ext", f.ext},
                     {"bytes", f.bytes},     {"kind", f.kind},
                     {"codec", f.codec},     {"width", f.width},
                     {"height", f.height},   {"frame_rate", f.frame_rate},
                     {"profile", f.profile}, {"parameters", f.parameters}};
    if (f.loudness_lufs) out["loudness_lufs"] = *f.loudness_lufs;
    if (f.true_peak_dbtp) out["true_peak_dbtp"] = *f.true_peak_dbtp;
    return out;
}

content::MediaFile file_of(const json::value& value, const std::string& what) {
    JsonFields f(value, what);
    content::MediaFile file;
    file.sha256 = f.text("sha256", 64);
    file.ext = f.text("ext", 8);
    file.bytes = static_cast<std::uint64_t>(f.integer("bytes", 0, std::numeric_limits<std::int64_t>::max()));
    file.kind = f.text("kind");
    file.codec = f.text("codec");
    file.width = static_cast<int>(f.integer("width", 0, 65'536));
    file.height = static_cast<int>(f.integer("height", 0, 65'536));
    file.frame_rate = f.text("frame_rate");
    file.profile = f.text("profile");
    file.parameters = f.text("parameters");
    if (f.optional("loudness_lufs")) file.loudness_lufs = f.number_or("loudness_lufs", 0);
    if (f.optional("true_peak_dbtp")) file.true_peak_dbtp = f.number_or("true_peak_dbtp", 0);
    return file;
}

}  // namespace

std::string hash_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw Error("cannot read " + path);
    Sha256 hash;
    std::string piece(1U << 20, '\0');
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0)
        hash.add(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
    if (file.bad()) throw Error(path + ": could not be read back");
    return hash.hex();
}

BuildCache::BuildCache(const std::string& out) {
    const auto path = out + "/build.json";
    if (!fs::exists(path)) return;
    try {
        const auto value = parse_json(read_file(path, memory_cap), path, {.bytes = memory_cap});
        JsonFields fields(value, path);
        fields.format(1);
        for (const auto& entry : fields.object("products")) {
            auto file = file_of(entry.value(), path);
            std::error_code ec;
            const auto at = out + "/media/" + file.name();
            if (fs::file_size(at, ec) != file.bytes || ec || hash_of_file(at) != file.sha256) continue;
            products_[entry.key()].file = std::move(file);
        }
        for (const auto& entry : fields.object("watched")) read_film(entry.key(), entry.value(), path);
    } catch (const Error&) {
        products_.clear();  // build.json is damaged: make everything again
        films_.clear();
    }
}

std::optional<content::MediaFile> BuildCache::product(const std::string& key) const {
    const std::lock_guard hold(lock_);
    const auto found = products_.find(key);
    if (found == products_.end()) return {};
    found->second.used = true;
    return found->second.file;
}

void BuildCache::keep_product(const std::string& key, const content::MediaFile& file) {
    const std::lock_guard hold(lock_);
    products_[key] = {file, true};
}

/// Earlier versions wrote less: such a video is decoded again, to learn the rest.
void BuildCache::read_film(const std::string& sha256, const json::value& value, const std::string& path) {
    if (!value.is_object()) return;
    JsonFields f(value, path);
    const std::chrono::milliseconds length(f.integer("length_ms", 0, most_length_ms));
    const auto rate = f.integer("rate", 0, 1'000);
    if (!f.optional("segmented")) return;
    const bool segmented = f.boolean_or("segmented", false);
    for (const auto known : {FilmRate::hz25, FilmRate::hz50})
        if (rate == frames_a_second(known)) films_[sha256] = {length, known, segmented};
}

std::optional<KnownFilm> BuildCache::film(const std::string& sha256) const {
    const std::lock_guard hold(lock_);
    const auto found = films_.find(sha256);
    if (found == films_.end()) return {};
    return found->second;
}

void BuildCache::keep_film(const std::string& sha256, const KnownFilm& film) {
    const std::lock_guard hold(lock_);
    films_[sha256] = film;
}

std::string BuildCache::text() const {
    const std::lock_guard hold(lock_);
    json::object products, films;
    for (const auto& [key, entry] : products_)
        if (entry.used) products[key] = facts_of(entry.file);
    for (const auto& [sha256, film] : films_)
        films[sha256] = json::object{{"length_ms", film.length.count()},
                                     {"rate", frames_a_second(film.rate)},
                                     {"segmented", film.segmented}};
    return pretty_json(
        json::object{{"format", 1}, {"products", std::move(products)}, {"watched", std::move(films)}});
}

std::string film_key(const std::string& video, const KnownFilm& film) {
    return digest("film", video, std::to_string(film.length.count()),
                  std::to_string(frames_a_second(film.rate)) + (film.segmented ? " segmented" : ""));
}

std::string video_key(const std::string& video, const KnownFilm& film) {
    return video + (film.rate == FilmRate::hz25 ? "" : " 50") + (film.segmented ? " segmented" : "");
}

std::string cards_key(const CardDeck& deck, const Wording& words, const std::string& locale) {
    std::string text;
    const auto add = [&](const std::string& part) { text += std::to_string(part.size()) + ':' + part; };
    for (const auto& card : deck.cards) {
        add(std::to_string(card.duration.count()));
        add(words.named(card.heading));
        add(words.named(card.body));
        add(card.image.empty() ? std::string{} : hash_of_file(card.image));
    }
    if (const auto room = signs_room(words); room > 0) add(std::to_string(room));
    return digest("cards", locale, std::to_string(deck.background), std::to_string(deck.foreground),
                  std::to_string(deck.accent), text);
}

std::string rung_key(const std::string& picture, const std::string& coding) {
    return digest("rung", picture, coding);
}

std::string sound_key(const std::string& sound, std::chrono::milliseconds duration) {
    return digest("sound", sound, std::to_string(duration.count()));
}

std::string sign_key(const std::string& sign, std::chrono::milliseconds duration) {
    return digest("sign", sign, std::to_string(duration.count()));
}

std::string rendition_key(const std::string& profile, const std::string& locale, const Wording& words,
                          const std::string& picture, const std::string& sound,
                          std::chrono::milliseconds duration) {
    return digest("rendition", profile, locale,
                  words.strap + (words.crawl ? std::string("\0crawl", 6) : std::string{}), words.hotline,
                  words.subtitles.empty() ? std::string{} : hash_of_file(words.subtitles), picture, sound,
                  std::to_string(duration.count()));
}

}  // namespace riverlight::author
