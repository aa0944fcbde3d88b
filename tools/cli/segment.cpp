#include <cstdio>
#include <iostream>
#include <memory>

#include "tools/author/build.hpp"
#include "tools/author/scaffold.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

void check(const std::string& folder) {
    const auto source = author::read_segment(folder);
    const auto examined =
        author::examine(source, [](const std::string& what) { std::cerr << "checking " << what << '\n'; });
    for (const auto& finding : examined.findings)
        std::cout << (finding.refused ? "refused: " : "note: ") << finding.where << ": " << finding.what
                  << '\n';
    if (examined.refused()) throw Error(folder + ": would not be accepted; see above");
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f s",
                  std::chrono::duration<double>(examined.duration).count());
    std::cout << source.id << " revision " << source.revision << ": " << seconds << ", "
              << source.locales.size() << " languages; it can be built\n";
}

void build(const std::string& folder, const std::string& out, const std::vector<std::string>& profiles,
           bool fresh) {
    const auto manifest = author::build_segment(
        author::read_segment(folder), out, [](const std::string& what) { std::cerr << what << '\n'; },
        profiles, fresh);
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f s",
                  std::chrono::duration<double>(manifest.duration).count());
    std::cout << manifest.id << " revision " << manifest.revision << ": " << seconds << ", "
              << manifest.locales.size() << " languages, " << manifest.files.size() << " files in " << out
              << '\n';
    for (const auto& [locale, words] : manifest.locales) {
        if (words.sound.empty()) continue;
        const auto& sound = manifest.files.at(words.sound);
        char level[64] = "silent";
        if (sound.loudness_lufs)
            std::snprintf(level, sizeof level, "%.1f LUFS, %.1f dBTP", *sound.loudness_lufs,
                          sound.true_peak_dbtp.value_or(0));
        std::cout << "  " << locale << "  " << level << '\n';
    }
}

}  // namespace

void add_segment(CLI::App& app) {
    auto* group = app.add_subcommand("segment", "segments from video or cards, in many languages");
    group->require_subcommand(1);
    auto folder = std::make_shared<std::string>(), out = std::make_shared<std::string>();
    auto* look = group->add_subcommand("check", "decode and weigh everything, make nothing");
    look->add_option("SRC", *folder, "folder with segment.toml")->required();
    look->callback([folder] { check(*folder); });
    auto* make = group->add_subcommand("build", "make renditions and segment.json");
    make->add_option("SRC", *folder, "folder with segment.toml")->required();
    make->add_option("--out", *out,
                     "folder to make; an earlier build of the segment there is brought up to date")
        ->required();
    auto profiles = std::make_shared<std::vector<std::string>>();
    make->add_option(
        "--profile", *profiles,
        "a rendition for feeds of this kind besides (720p25, 576i25-mpeg2, …; 720p25@th: in that "
        "language alone); may come again");
    auto fresh = std::make_shared<bool>(false);
    make->add_flag("--fresh", *fresh, "make everything anew, as after new fonts");
    make->callback([=] { build(*folder, *out, *profiles, *fresh); });
    auto id = std::make_shared<std::string>();
    auto locales = std::make_shared<std::vector<std::string>>(1, "en");
    auto* start = group->add_subcommand("new", "make a folder that is ready to fill");
    start->add_option("DIR", *folder, "folder to make")->required();
    start->add_option("--id", *id, "the segment's id (default: the folder's name)");
    start->add_option("--locale", *locales, "a language, BCP 47; may come again, the first is the fallback")
        ->capture_default_str();
    start->callback([=] {
        author::new_segment(*folder, *id, *locales);
        std::cout << *folder << " is ready to fill: segment.toml, cards.toml, and strings.toml in "
                  << locales->size() << (locales->size() == 1 ? " language" : " languages") << '\n';
    });
}

}  // namespace riverlight::cli
