#include "tools/author/source.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/forms.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t text_cap = 1U << 20;
constexpr auto longest_segment = std::chrono::minutes(60);

json::value read_toml(const std::string& path) {
    if (!fs::exists(path))
        throw ReadError(ReadFault::missing, path,
                        "is missing; README.md in tools/author shows what it holds");
    return parse_toml(read_file(path, text_cap), path);
}

/// Throws ReadError for an unknown key and suggests the nearest known one.
void only(const json::object& table, std::initializer_list<std::string_view> known, const Where& where) {
    for (const auto& field : table) {
        const std::string_view key(field.key());
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw ReadError(ReadFault::unknown, where.in(key, {}),
                            "'" + std::string(key) + "' is not a key of it",
                            nearest_name(key, std::span(known.begin(), known.size())));
    }
}

/// The file of a folder whose name is near; empty: none is.
std::string near_file(const fs::path& folder, const std::string& name) {
    constexpr std::size_t most = 1'000;
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (names.size() < most && entry.is_regular_file(error))
            names.push_back(plain_text(entry.path().filename().string(), 200));
    const auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        return text;
    };
    for (const auto& each : names)
        if (lower(each) == lower(name)) return each;
    return nearest_name(name, std::vector<std::string_view>(names.begin(), names.end()));
}

std::string file_in(const std::string& folder, const std::string& name, const Where& where) {
    const auto path = fs::path(folder) / name;
    if (fs::path(name).is_absolute() || name.find("..") != std::string::npos)
        throw ReadError(ReadFault::misplaced, where, "'" + name + "' must lie in the segment's own folder");
    if (!fs::is_regular_file(path))
        throw ReadError(ReadFault::unresolved, where,
                        "names '" + name + "', but " + path.string() + " is not there",
                        near_file(path.parent_path(), path.filename().string()));
    return path.string();
}

std::uint32_t colour(const std::string& text, const Where& where) {
    std::uint32_t rgb = 0;
    const auto* begin = text.data() + 1;
    const auto* end = text.data() + text.size();
    if (text.size() != 7 || text[0] != '#' || std::from_chars(begin, end, rgb, 16).ptr != end)
        throw ReadError(ReadFault::malformed, where,
                        "'" + text + "' is not a colour; write it like \"#12343b\"");
    return rgb;
}

/// Three flashes a second, which are six changes, harm some people (Rec. ITU-R BT.1702-3, Annex 1). Cards of
/// at least this length change at most five times in two seconds and so stay below that limit.
constexpr std::chrono::milliseconds shortest_card{400};

std::chrono::milliseconds card_time(double seconds, const Where& card) {
    const auto where = card.in("seconds", {});
    const auto ms = std::llround(seconds * 1000);
    if (!(seconds > 0) || ms % 40 != 0 || std::chrono::milliseconds(ms) > longest_segment)
        throw ReadError(ReadFault::out_of_range, where,
                        "seconds must be above 0 and a whole number of pictures, 0.04 s each");
    if (std::chrono::milliseconds(ms) < shortest_card)
        throw ReadError(ReadFault::out_of_range, where,
                        "a card is there for at least 0.4 s: so long it takes to come, and cards that follow "
                        "each other faster would flash");
    return std::chrono::milliseconds(ms);
}

CardDeck read_deck(const std::string& folder) {
    const auto path = folder + "/cards.toml";
    const auto value = read_toml(path);
    JsonFields top(value, path);
    only(value.as_object(), {"style", "card"}, path);
    CardDeck deck;
    if (const auto* style = top.optional("style")) {
        const auto where = Where(path).in("style", "[style]");
        JsonFields fields(*style, where);
        only(style->as_object(), {"background", "foreground", "accent"}, where);
        for (auto [key, into] : {std::pair("background", &deck.background),
                                 {"foreground", &deck.foreground},
                                 {"accent", &deck.accent}}) {
            const auto text = fields.text_or(key, "");
            if (!text.empty()) *into = colour(text, where.in(key));
        }
    }
    for (const auto& item : top.array("card", 500)) {
        const auto number = std::to_string(deck.cards.size() + 1);
        const auto where = Where(path).in("card." + number, "card " + number);
        JsonFields fields(item, where);
        only(item.as_object(), {"seconds", "heading", "body", "image"}, where);
        Card card;
        card.duration = card_time(fields.number_or("seconds", 0), where);
        card.heading = fields.text_or("heading", "");
        card.body = fields.text_or("body", "");
        const auto image = fields.text_or("image", "");
        if (!image.empty()) card.image = file_in(folder, image, where.in("image", {}));
        deck.cards.push_back(std::move(card));
    }
    if (deck.cards.empty())
        throw ReadError(ReadFault::missing, Where(path).in("card", {}),
                        "has no [[card]]; a segment needs at least one");
    return deck;
}

/// Paths of the interpreters' videos `sign-<language>.<extension>`, by sign language.
std::map<std::string, std::string> find_signs(const std::string& folder) {
    constexpr std::string_view prefix = "sign-";
    static const std::set<std::string> forms{".mp4", ".mov", ".mkv", ".webm"};
    std::map<std::string, std::string> signs;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().stem().string();
        if (!name.starts_with(prefix) || !entry.is_regular_file()) continue;
        const auto language = name.substr(prefix.size());
        const auto path = entry.path().string();
        if (!content::is_language(language))
            throw ReadError(
                ReadFault::malformed, path,
                "'" + language +
                    "' is not a sign language; name the file by its ISO 639-3 code, such as sign-tsq.mp4");
        if (!forms.contains(entry.path().extension().string()))
            throw ReadError(ReadFault::unsupported, path,
                            "an interpreter is a video; use .mp4, .mov, .mkv or .webm");
        if (!signs.emplace(language, path).second)
            throw ReadError(ReadFault::duplicate, Where(folder).in(name, {}),
                            "has several files " + name + ".*; keep one");
    }
    return signs;
}

/// The path of the folder's `name.form`; empty if there is none. Throws ReadError for several.
std::string find_one(const std::string& folder, const std::string& name,
                     std::initializer_list<const char*> forms) {
    std::string found;
    for (const auto* form : forms) {
        const auto file = folder + '/' + name + '.' + form;
        if (!fs::exists(file)) continue;
        if (!found.empty())
            throw ReadError(
                ReadFault::duplicate, Where(folder).in(name, {}),
                "has " + fs::path(found).filename().string() + " and " + name + '.' + form + "; keep one");
        found = file;
    }
    return found;
}

Wording read_wording(const std::string& folder) {
    const auto path = folder + "/strings.toml";
    const auto value = read_toml(path);
    JsonFields fields(value, path);
    only(value.as_object(), {"title", "strap", "crawl", "hotline", "text"}, path);
    Wording words;
    words.title = fields.text("title", 300);
    words.strap = fields.text_or("strap", "", 300);
    words.crawl = fields.boolean_or("crawl", false);
    words.hotline = fields.text_or("hotline", "", 60);
    if (const auto* table = fields.optional("text")) {
        JsonFields texts(*table, fields.where().in("text", "[text]"));
        for (const auto& field : table->as_object()) words.text[field.key()] = texts.text(field.key(), 4096);
    }
    words.sound = find_one(folder, "sound", {"wav", "mp3", "m4a", "aac", "opus", "ogg", "flac"});
    words.signs = find_signs(folder);
    words.subtitles = find_one(folder, "subtitles", {"vtt", "srt", "ass"});
    return words;
}

/// Throws ReadError if a language lacks a text that a card names.
void check_names(const SegmentSource& source) {
    for (const auto& card : source.deck.cards) {
        for (const auto& name : {card.heading, card.body}) {
            if (name.empty() || name == "title") continue;
            for (const auto& [locale, words] : source.locales) {
                if (words.text.contains(name)) continue;
                std::vector<std::string_view> known{"title"};
                for (const auto& [key, unused] : words.text) known.emplace_back(key);
                throw ReadError(ReadFault::unresolved,
                                Where(source.folder + '/' + locale + "/strings.toml").in("text." + name, {}),
                                "[text] has no '" + name + "', which cards.toml shows",
                                nearest_name(name, known));
            }
        }
    }
}

/// Its id, audience and fallback, from segment.toml.
void read_identity(JsonFields& fields, const std::string& path, SegmentSource& source) {
    fields.format(1);
    source.id = fields.text("id");
    if (!content::is_id(source.id))
        throw ReadError(ReadFault::malformed, Where(path).in("id", {}),
                        "id '" + source.id + "' must be lower-case letters, digits and hyphens, at most 63");
    source.revision = static_cast<int>(fields.integer_or("revision", 1, 1, 1'000'000));
    const auto rating = fields.text_or("rating", "general");
    const auto known = content::rating_from_text(rating);
    if (!known)
        throw ReadError(ReadFault::malformed, Where(path).in("rating", {}),
                        "rating '" + rating + "' must be general, guidance or late");
    source.rating = *known;
    source.for_children = fields.boolean_or("for_children", false);
    source.topics = fields.texts_or_none("topics", 50);
    source.fallback = fields.text("fallback");
}

/// Its picture: a video file or a deck of cards.
void read_picture(JsonFields& fields, const std::string& path, SegmentSource& source) {
    const auto& folder = source.folder;
    const auto picture = fields.text_or("picture", "");
    const bool cards = fs::exists(folder + "/cards.toml");
    if (!picture.empty()) {
        if (cards)
            throw ReadError(ReadFault::duplicate, Where(folder).in("picture", {}),
                            "has a picture and cards.toml; keep one of them");
        source.video = file_in(folder, picture, Where(path).in("picture"));
    } else if (fs::exists(folder + "/picture.mp4") && !cards) {
        source.video = folder + "/picture.mp4";
    } else if (cards) {
        source.deck = read_deck(folder);
    } else {
        throw ReadError(ReadFault::missing, Where(folder).in("picture", {}),
                        "has nothing to show; put picture.mp4 there, or name a video file as `picture` in "
                        "segment.toml, or write cards.toml",
                        near_file(folder, "picture.mp4"));
    }
}

/// One language for each folder with strings.toml.
void read_locales(SegmentSource& source) {
    const auto& folder = source.folder;
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.is_directory()) names.insert(entry.path().filename().string());
    for (const auto& name : names) {
        const auto at = folder + '/' + name;
        if (!fs::exists(at + "/strings.toml")) continue;
        if (!content::is_language(name))
            throw ReadError(ReadFault::malformed, at,
                            "'" + name + "' is not a language tag; use BCP 47, such as km or zh-Hans");
        source.locales.emplace(name, read_wording(at));
    }
}

}  // namespace

std::chrono::milliseconds CardDeck::duration() const {
    std::chrono::milliseconds sum{};
    for (const auto& card : cards) sum += card.duration;
    return sum;
}

const std::string& Wording::named(const std::string& name) const {
    static const std::string nothing;
    if (name.empty()) return nothing;
    return name == "title" ? title : text.at(name);
}

SegmentSource read_segment(const std::string& folder) {
    if (!fs::is_directory(folder))
        throw ReadError(ReadFault::wrong_type, folder,
                        "is not a folder; name the one that holds segment.toml");
    const auto path = folder + "/segment.toml";
    const auto value = read_toml(path);
    JsonFields fields(value, path);
    only(value.as_object(),
         {"format", "id", "revision", "rating", "for_children", "topics", "fallback", "picture"}, path);
    SegmentSource source;
    source.folder = folder;
    read_identity(fields, path, source);
    read_picture(fields, path, source);
    read_locales(source);
    if (source.locales.empty())
        throw ReadError(ReadFault::missing, folder,
                        "has no language; make a folder such as en/ with strings.toml");
    if (!source.locales.contains(source.fallback))
        throw ReadError(
            ReadFault::unresolved, Where(path).in("fallback", {}),
            "fallback is '" + source.fallback + "', but there is no " + source.fallback + "/strings.toml");
    check_names(source);
    return source;
}

}  // namespace riverlight::author
