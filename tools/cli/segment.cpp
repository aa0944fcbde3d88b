#include <cstdio>
#include <iostream>
#include <memory>

#include "content/base/files.hpp"
#include "tools/author/build.hpp"
#include "tools/author/report/report.hpp"
#include "tools/author/rung.hpp"
#include "tools/author/scaffold.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

struct CheckOptions {
    std::string folder, report;
    std::vector<std::string> expected;
    bool json = false;
};

void print(const author::SegmentSource& source, const author::Examination& examined) {
    for (const auto& finding : examined.findings)
        std::cout << (finding.refused ? "refused: " : "note: ") << finding.where << ": "
                  << quality::sentence(finding) << '\n';
    if (examined.refused()) return;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f s",
                  std::chrono::duration<double>(examined.duration).count());
    std::cout << source.id << " revision " << source.revision << ": " << seconds << ", "
              << source.locales.size() << " languages; it can be built\n";
}

void check(const CheckOptions& options) {
    const auto source = author::read_segment(options.folder);
    author::ExamineOptions how{{}, options.expected};
    if (!options.report.empty()) how.stills = author::report_stills(source);
    const auto examined = author::examine(
        source, [](const std::string& what) { std::cerr << "checking " << what << '\n'; }, nullptr, how);
    if (!options.report.empty()) write_file_atomically(options.report, author::report_page(source, examined));
    if (options.json) {
        std::cout << author::report_json(source, examined);
    } else {
        print(source, examined);
    }
    if (examined.refused())
        throw Error(options.folder + ": would not be accepted; see " +
                    (options.report.empty() ? "above" : options.report));
}

void build(const std::string& folder, const std::string& out, const author::BuildOptions& options) {
    const auto manifest = author::build_segment(
        author::read_segment(folder), out, [](const std::string& what) { std::cerr << what << '\n'; },
        options);
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
    auto checked = std::make_shared<CheckOptions>();
    look->add_option("--report", checked->report,
                     "write a page there: findings, loudness, and each language over the pictures");
    look->add_flag("--json", checked->json, "findings and measures as JSON on standard output");
    look->add_option("--expect", checked->expected, "languages that must be there, with commas: km,th")
        ->delimiter(',');
    look->callback([=] {
        checked->folder = *folder;
        check(*checked);
    });
    auto* make = group->add_subcommand("build", "make renditions and segment.json");
    make->add_option("SRC", *folder, "folder with segment.toml")->required();
    make->add_option("--out", *out,
                     "folder to make; an earlier build of the segment there is brought up to date")
        ->required();
    auto how = std::make_shared<author::BuildOptions>();
    make->add_option("--ladder", how->ladder,
                     "further pictures for screens, besides the 720p that every segment has, with commas (" +
                         author::rung_names() + "); a place says which it wants")
        ->delimiter(',');
    make->add_option(
        "--profile", how->profiles,
        "a rendition for feeds of this kind besides (720p25, 576i25-mpeg2, …; 720p25@th: in that "
        "language alone; 720p25+tsq: with its interpreter into that sign language); may come again");
    make->add_flag("--fresh", how->fresh, "make every file again, as after new fonts");
    make->callback([=] { build(*folder, *out, *how); });
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
