#include "player/text/text.hpp"

#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "player/av/av.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

struct Options {
    std::string text, file, locale = "en", out, font, as = "box", number = "000 000 000";
    int px = 0, width = 0;
    bool balance = false, json = false;
};

constexpr int canvas_width = 1280, canvas_height = 720;

void render(const Options& o) {
    if (o.text.empty() == o.file.empty())
        throw Error("name the text with --text, or a file with --file; one of them");
    const auto text = o.file.empty() ? o.text : read_file(o.file, 1U << 20);
    const player::TextEngine engine(canvas_width, canvas_height);
    player::TextReport report;
    player::Overlay overlay;
    if (o.as == "subtitle")
        overlay = engine.subtitle(text, o.locale, 0, &report);
    else if (o.as == "strap")
        overlay = engine.strap(text, o.number, o.locale);
    else if (o.as == "slate")
        overlay = engine.slate(text, o.number, o.locale);
    else if (o.as == "card")
        overlay = engine.card("", text, o.locale, {}, false, &report);
    else
        overlay = engine.layout(text, o.locale, o.font, o.px, o.width, o.balance, report);
    if (!o.out.empty()) {
        auto canvas = player::black(canvas_width, canvas_height);
        player::lay_over(canvas, overlay.bgra.data(), overlay.x, overlay.y, overlay.width, overlay.height);
        player::save_png(canvas, o.out);
    }
    if (o.json) {
        boost::json::array lines, missing;
        for (const auto& line : report.lines) lines.emplace_back(line);
        for (const auto point : report.missing) missing.emplace_back(static_cast<std::uint32_t>(point));
        std::cout << pretty_json(
            boost::json::object{{"lines", lines}, {"missing", missing}, {"outside", report.outside}});
    } else {
        for (const auto& line : report.lines) std::cout << line << '\n';
    }
    if (!report.missing.empty())
        throw Error(std::to_string(report.missing.size()) + " characters are drawn by no installed font");
    if (report.outside) throw Error("the text leaves the safe area; shorten it");
}

}  // namespace

void add_text(CLI::App& app) {
    auto* group = app.add_subcommand("text", "text as viewers will see it");
    group->require_subcommand(1);
    auto o = std::make_shared<Options>();  // lives as long as CLI11's callback
    auto* command = group->add_subcommand("render", "break, shape and draw a text");
    command->add_option("--text", o->text, "the text itself");
    command->add_option("--file", o->file, "a UTF-8 file");
    command->add_option("--locale", o->locale, "language, BCP 47")->capture_default_str();
    command->add_option("--as", o->as, "how it is shown")
        ->check(CLI::IsMember({"box", "subtitle", "strap", "slate", "card"}))
        ->capture_default_str();
    command->add_option("--number", o->number, "hotline of a strap or slate")->capture_default_str();
    command->add_option("--font", o->font, "of a box: a family");
    command->add_option("--px", o->px, "of a box: size in pixels (0: as subtitles)")
        ->check(CLI::Range(0, 400));
    command->add_option("--width", o->width, "of a box: pixels (0: the safe area)")
        ->check(CLI::Range(0, canvas_width));
    command->add_flag("--balance", o->balance, "of a box: lines of even length");
    command->add_option("--out", o->out, "PNG to write");
    command->add_flag("--json", o->json, "lines, missing glyphs and fit as JSON");
    command->callback([o] { render(*o); });
}

}  // namespace riverlight::cli
