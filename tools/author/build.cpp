#include "tools/author/build.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <thread>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "tools/author/build_folder.hpp"
#include "tools/author/feed_rendition.hpp"
#include "tools/author/make_media.hpp"
#include "tools/author/rung.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
using content::Localisation;
using content::Manifest;

/// What all languages share: pictures and sound of a video, their length and rate.
struct SharedMedia {
    std::string picture, sound;  ///< hashes; empty: each language has its own, or none
    KnownFilm film;
};
SharedMedia make_common(BuildFolder& folder, const KnownFilm& film) {
    const auto& source = folder.source();
    if (source.video.empty()) return {"", "", film};
    auto picture = make_video_picture(folder, film);
    return {std::move(picture), make_sound(folder, "all", source.video, film.length), film};
}

Localisation make_localisation(BuildFolder& folder, const std::string& locale, const SharedMedia& common,
                               const std::vector<FeedProfile>& profiles) {
    const auto& words = folder.source().locales.at(locale);
    Localisation made;
    made.title = words.title;
    made.strap = words.strap;
    made.crawl = words.crawl;
    made.hotline = words.hotline;
    made.picture = common.picture.empty() ? make_cards_picture(folder, words, locale) : common.picture;
    made.sound =
        words.sound.empty() ? common.sound : make_sound(folder, locale, words.sound, common.film.length);
    if (!words.subtitles.empty()) made.subtitles = make_subtitles(folder, locale, words.subtitles);
    for (const auto& [language, path] : words.signs)
        made.signs[language] = make_sign(folder, locale, language, path, common.film.length);
    for (const auto& wanted : profiles) {
        if (wanted.applies_to(locale, words))
            made.renditions[content::rendition_key(wanted.profile.name, wanted.sign)] =
                make_feed_rendition(folder, wanted, locale, made, common.film);
    }
    return made;
}

using Jobs = std::vector<std::function<void()>>;

/// Hashes of the ladder's pictures, by language, or under "all" if the source is a video. The jobs fill them
/// in.
using Ladders = std::map<std::string, std::vector<std::string>>;
void add_ladders(BuildFolder& folder, const std::vector<Rung>& steps, const KnownFilm& film, Ladders& ladders,
                 Jobs& jobs) {
    const auto& source = folder.source();
    const auto add = [&](const std::string& locale, const std::string& key) {
        auto& ladder = ladders[locale];
        ladder.resize(steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i)
            jobs.emplace_back([&folder, &made = ladder[i], step = steps[i], key, locale, film] {
                made = make_rung(folder, step, key, locale, film);
            });
    };
    if (steps.empty()) return;
    if (!source.video.empty())
        return add("all",
                   film_key(hash_of_file(source.video), {film.length, FilmRate::hz25, film.segmented}));
    for (const auto& [locale, words] : source.locales) add(locale, cards_key(source.deck, words, locale));
}

/// Starts the jobs in order, in parallel on at most eight threads. Returns when all threads have stopped;
/// throws the first exception then.
void run_all(const Jobs& jobs) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (auto at = next++; at < jobs.size(); at = next++) jobs[at]();
    };
    std::vector<std::future<void>> workers;
    for (unsigned i = 0; i < std::clamp(std::thread::hardware_concurrency(), 1U, 8U); ++i)
        workers.push_back(std::async(std::launch::async, work));
    for (auto& worker : workers) worker.get();
}

Manifest make(BuildFolder& folder, const KnownFilm& film, const std::vector<FeedProfile>& profiles,
              const std::vector<Rung>& steps) {
    const auto& source = folder.source();
    Manifest manifest;
    manifest.id = source.id;
    manifest.revision = source.revision;
    manifest.rating = source.rating;
    manifest.for_children = source.for_children;
    manifest.topics = source.topics;
    manifest.fallback_locale = source.fallback;
    const auto common = make_common(folder, film);
    manifest.duration = film.length;
    Jobs jobs;
    Ladders ladders;
    add_ladders(folder, steps, film, ladders, jobs);  // first, because they take longest
    for (const auto& [locale, words] : source.locales) {
        jobs.emplace_back([&, &name = locale, &made = manifest.locales[locale]] {
            made = make_localisation(folder, name, common, profiles);
        });
    }
    run_all(jobs);
    for (auto& [locale, made] : manifest.locales)
        if (!steps.empty()) made.ladder = ladders.at(source.video.empty() ? locale : "all");
    manifest.files = folder.files();
    return manifest;
}

/// True if `out` holds an earlier build of the segment.
bool is_build_of(const std::string& out, const std::string& id) {
    if (!fs::exists(out + "/build.json") || !fs::exists(out + "/segment.json")) return false;
    try {
        return content::parse_manifest(read_file(out + "/segment.json", 1U << 20), out).id == id;
    } catch (const Error&) {
        return false;
    }
}

/// Replaces `target` (an earlier build, an empty folder or nothing) by `staging` atomically.
void replace_build(const fs::path& staging, const fs::path& target) {
    if (!fs::exists(target)) {
        fs::rename(staging, target);
    } else {
        if (::renameat2(AT_FDCWD, staging.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0)
            throw Error("cannot replace " + target.string() + " by the new build: " + system_reason(errno) +
                        "; remove it and build again");
        fs::remove_all(staging);  // the earlier build, after the exchange
    }
    sync_folder(target.parent_path().string());
}

}  // namespace

SegmentRefused::SegmentRefused(SegmentFinding first, const std::string& folder)
    : Error(quality::sentence(first) + " (" + folder + "; `riverlight segment check` lists everything)"),
      finding(std::move(first)) {}

Manifest build_segment(const SegmentSource& source, const std::string& out, const Progress& progress,
                       const BuildOptions& options) {
    std::vector<FeedProfile> wanted;
    for (const auto& name : options.profiles) wanted.push_back(parse_feed_profile(name, source));
    std::vector<Rung> asked;
    for (const auto& name : options.ladder) asked.push_back(rung_named(name));
    const bool again = is_build_of(out, source.id);
    if (!again && fs::exists(out) && (!fs::is_directory(out) || !fs::is_empty(out)))
        throw Error(out + ": exists and is not an earlier build of '" + source.id +
                    "'; name a new folder, or remove it first");
    BuildCache cache(again && !options.fresh ? out : std::string{});
    const auto examined = examine(source, progress, &cache);
    for (const auto& finding : examined.findings)
        if (finding.refused) throw SegmentRefused(finding, source.folder);
    const auto steps = rungs_for(source, asked, progress);
    const auto parent = fs::absolute(out).lexically_normal();
    const auto target = parent.has_filename() ? parent : parent.parent_path();
    fs::create_directories(target.parent_path());
    const auto staging =
        target.parent_path() / ("." + target.filename().string() + ".making-" + random_hex(4));
    try {
        BuildFolder folder(source, staging, target, cache, progress);
        auto manifest = make(folder, {examined.duration, examined.rate, examined.segmented}, wanted, steps);
        write_file_atomically((staging / "segment.json").string(), content::write_manifest(manifest));
        write_file_atomically((staging / "build.json").string(), cache.text());
        replace_build(staging, target);
        return manifest;
    } catch (...) {
        std::error_code ec;
        fs::remove_all(staging, ec);
        throw;
    }
}

}  // namespace riverlight::author
