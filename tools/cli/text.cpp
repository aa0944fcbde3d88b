#include <cctype>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "player/av/picture.hpp"
#include "player/av/still.hpp"
#include "player/text/engine.hpp"
#include "player/text/subtitles.hpp"
#include "player/text/utf8.hpp"
#include "player/text/zawgyi.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_text = 1U << 20;

struct TextOptions {
    std::string text, file, locale = "en", out, size = "1280x720", as = "box", number = "000 000 000", title;
    player::BoxStyle box;
    bool no_balance = false, json = false;
    bool balance = false;  ///< --balance: accepted, and already the default
};

struct PixelSize {
    int width = 0, height = 0;
};

/// Parses `1920x1080`; rounds down to even numbers, which 4:2:0 pictures require.
PixelSize parse_size(const std::string& text) {
    PixelSize size;
    const auto* end = text.data() + text.size();
    const auto width = std::from_chars(text.data(), end, size.width);
    const bool cross = width.ptr != end && *width.ptr == 'x';
    const auto height = cross ? std::from_chars(width.ptr + 1, end, size.height) : width;
    if (!cross || height.ec != std::errc{} || height.ptr != end || size.width < 160 || size.width > 7680 ||
        size.height < 90 || size.height > 7680)
        throw Error("--size '" + text +
                    "' is not a picture size; write it like 1920x1080 (160x90 to 7680x7680)");
    return {size.width & ~1, size.height & ~1};
}

bool looks_like_a_path(const std::string& text) {
    return text.find(' ') == std::string::npos &&
           (text.find('/') != std::string::npos || text.ends_with(".txt"));
}

/// --text names a file (`-` is standard input); if there is no such file, it is the text itself.
std::string read_text(const TextOptions& o) {
    if (o.text.empty() == o.file.empty())
        throw Error("name a UTF-8 file with --text FILE (- is standard input)");
    std::error_code ec;
    if (o.text == "-") {
        std::string all(most_text + 1, '\0');
        std::cin.read(all.data(), static_cast<std::streamsize>(all.size()));
        all.resize(static_cast<std::size_t>(std::cin.gcount()));
        if (all.size() > most_text)
            throw Error("standard input: holds more than 1 MiB of text; give it in parts");
        return all;
    }
    const auto& name = o.file.empty() ? o.text : o.file;
    if (!o.file.empty() || fs::is_regular_file(name, ec)) return read_file(name, most_text);
    if (fs::is_directory(name, ec) || looks_like_a_path(name))
        throw Error(name + ": is not a file; --text takes a UTF-8 text file, or the text itself");
    return name;
}

/// Counts the pictures of a text in display order and, with --out, writes each as a PNG.
class Pages {
  public:
    Pages(PixelSize size, std::string out) : size_(size), out_(std::move(out)) {}
    void add(const player::Overlay& overlay) {
        ++count_;
        if (out_.empty()) return;
        auto canvas = player::black(size_.width, size_.height);
        if (!overlay.empty())
            player::blend(canvas, overlay.bgra.data(), overlay.x, overlay.y, overlay.width, overlay.height);
        player::save_png(canvas, name());
    }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] bool writes_files() const { return !out_.empty(); }

  private:
    /// `card.png`, then `card-2.png` …
    [[nodiscard]] std::string name() const {
        if (count_ == 1) return out_;
        const fs::path path(out_);
        return (path.parent_path() /
                (path.stem().string() + '-' + std::to_string(count_) + path.extension().string()))
            .string();
    }

    PixelSize size_;
    std::string out_;
    std::size_t count_ = 0;
};

void render_subtitles(const player::TextEngine& engine, const TextOptions& o, const std::string& text,
                      player::TextReport& report, Pages& pages) {
    for (const auto& words : engine.subtitle_pages({player::clean_utf8(text), {}}, o.locale))
        pages.add(engine.subtitle(words, {}, o.locale, 0, &report));
    report.pages = pages.count();
}

void render_as(const player::TextEngine& engine, const TextOptions& o, const std::string& text,
               player::TextReport& report, Pages& pages) {
    if (o.as == "subtitle")
        render_subtitles(engine, o, text, report, pages);
    else if (o.as == "strap")
        pages.add(engine.strap(text, o.number, o.locale, &report));
    else if (o.as == "lower-third")
        pages.add(engine.lower_third(text, o.title, o.locale, &report));
    else if (o.as == "slate")
        pages.add(engine.slate(text, o.number, o.locale, &report));
    else if (o.as == "card")
        pages.add(engine.card(o.title, text, o.locale, {}, false, &report));
    else
        engine.layout(text, o.locale, o.box, report,
                      pages.writes_files() ? [&](const player::Overlay& page) { pages.add(page); }
                                           : std::function<void(const player::Overlay&)>{});
}

void print(const player::TextReport& report, bool as_json) {
    if (!as_json) {
        for (const auto& line : report.lines) std::cout << line << '\n';
        return;
    }
    boost::json::array lines, missing;
    for (const auto& line : report.lines) lines.emplace_back(line);
    for (const auto point : report.missing) missing.emplace_back(static_cast<std::uint32_t>(point));
    std::cout << pretty_json(boost::json::object{{"lines", lines},
                                                 {"missing", missing},
                                                 {"outside", report.outside},
                                                 {"pages", report.pages},
                                                 {"px", report.px}});
}

std::string code_point_names(const std::vector<char32_t>& points) {
    std::string out;
    for (std::size_t i = 0; i < points.size() && i < 12; ++i) {
        char hex[16];
        std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(points[i]));
        out += (i ? ", " : "") + std::string(hex);
    }
    return points.size() > 12 ? out + " …" : out;
}

/// True if the letters and hyphens form a BCP 47 tag; the language itself need not be known.
bool is_language_tag(const std::string& text) {
    std::size_t letters = 0;
    for (const char c : text + '-') {
        if (c == '-' && letters == 0) return false;
        letters = c == '-' ? 0 : letters + 1;
        if (letters > 10 || (c != '-' && !std::isalnum(static_cast<unsigned char>(c)))) return false;
    }
    return true;
}

void render(TextOptions o) {
    if (!is_language_tag(o.locale))
        throw Error("--locale '" + o.locale + "' is not a language tag; use BCP 47, such as km or zh-Hans");
    const auto text = read_text(o);
    const auto size = parse_size(o.size);
    o.box.balance = !o.no_balance;
    if (o.box.px == 0) o.box.px.reset();
    if (o.box.width == 0) o.box.width.reset();
    switch (player::myanmar_encoding(player::clean_utf8(text))) {
        case player::MyanmarEncoding::zawgyi:
            std::cerr << "note: the text is Burmese in Zawgyi's encoding; it is shown converted to Unicode\n";
            break;
        case player::MyanmarEncoding::mixed:
            throw Error("the text mixes Zawgyi's encoding with Unicode; write all of it as Unicode");
        case player::MyanmarEncoding::unicode:
            break;
    }
    const player::TextEngine engine(size.width, size.height);
    player::TextReport report;
    Pages pages(size, o.out);
    render_as(engine, o, text, report, pages);
    print(report, o.json);
    if (!report.missing.empty())
        throw Error("no installed font draws " + code_point_names(report.missing) +
                    "; install the Noto font of its script, or spell it otherwise");
    if (report.outside) throw Error("the text does not fit even at its smallest size; shorten it");
}

}  // namespace

void add_text(CLI::App& app) {
    auto* group = app.add_subcommand("text", "text as viewers will see it");
    group->require_subcommand(1);
    auto o = std::make_shared<TextOptions>();  // the parsed options live as long as CLI11's callback
    auto* command = group->add_subcommand("render", "break, shape and draw a text");
    command->add_option("--text", o->text,
                        "a UTF-8 text file, a paragraph a line (- is standard input); or the text");
    command->add_option("--file", o->file, "likewise, a file only");
    command->add_option("--locale", o->locale, "language, BCP 47")->capture_default_str();
    command->add_option("--size", o->size, "of the picture, WIDTHxHEIGHT")->capture_default_str();
    command->add_option("--as", o->as, "how it is shown")
        ->check(CLI::IsMember({"box", "subtitle", "strap", "lower-third", "slate", "card"}))
        ->capture_default_str();
    command->add_option("--number", o->number, "hotline of a strap or slate")->capture_default_str();
    command->add_option("--title", o->title, "heading of a card; second line of a lower third");
    command->add_option("--font", o->box.font, "of a box: a family before the locale's own");
    command
        ->add_option("--px", o->box.px, "of a box: size in pixels (0: as subtitles, smaller for long texts)")
        ->check(CLI::Range(0, 400));
    command->add_option("--width", o->box.width, "of a box: pixels (0: the safe area)")
        ->check(CLI::Range(0, 7680));
    command->add_flag("--no-balance", o->no_balance, "of a box: fill lines, instead of making them even");
    command->add_flag("--balance", o->balance, "lines of even length: the default")->group("");
    command->add_option("--out", o->out, "PNG to write; more pages than one become NAME-2.png …");
    command->add_flag("--json", o->json, "lines, missing glyphs and fit as JSON");
    command->callback([o] { render(*o); });
}

}  // namespace riverlight::cli
