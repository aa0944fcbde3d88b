#include "tools/author/build.hpp"

#include <fcntl.h>
#include <stdio.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "tools/author/film.hpp"
#include "tools/author/memory.hpp"
#include "tools/author/rendition.hpp"
#include "tools/author/rung.hpp"
#include "tools/author/sign.hpp"
#include "tools/author/sound.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
using content::Localisation;
using content::Manifest;
using content::MediaFile;

std::chrono::milliseconds frames_time(std::int64_t frames) {
    return std::chrono::milliseconds(frames * 1000 / film_rate);
}

/// The files of the build in progress. Thread-safe: languages are made in parallel.
class Workshop {
  public:
    /// `former`: the folder of the earlier build that `memory` was read from.
    Workshop(const SegmentSource& source, fs::path folder, fs::path former, Memory& memory,
             const Progress& progress)
        : source_(source),
          folder_(std::move(folder)),
          former_(std::move(former)),
          memory_(memory),
          progress_(progress) {
        fs::create_directories(folder_ / "media");
    }
    void say(const std::string& text) {
        const std::lock_guard hold(lock_);
        if (progress_) progress_(text);
    }
    /// Reuses the file that an earlier build made for `key`. Returns its hash; empty: it must be made.
    std::string known(const std::string& key) {
        const auto file = memory_.product(key);
        if (!file) return {};
        const auto from = former_ / "media" / file->name(), to = folder_ / "media" / file->name();
        const std::lock_guard hold(lock_);
        std::error_code ec;
        if (!fs::exists(to, ec)) fs::create_hard_link(from, to, ec);
        if (ec) fs::copy_file(from, to, fs::copy_options::overwrite_existing);
        files_.emplace(file->sha256, *file);
        return file->sha256;
    }
    /// Moves the finished file `made` into the media folder under its hash, and records it for `key`.
    std::string keep(const std::string& key, const fs::path& made, MediaFile facts) {
        facts.sha256 = hash_of_file(made.string());
        facts.bytes = fs::file_size(made);
        fs::rename(made, folder_ / "media" / facts.name());
        memory_.keep_product(key, facts);
        const std::lock_guard hold(lock_);
        auto sha256 = facts.sha256;
        files_.emplace(sha256, std::move(facts));
        return sha256;
    }
    [[nodiscard]] fs::path scratch(const std::string& name) const { return folder_ / name; }
    /// Path of the file whose hash known() or keep() returned.
    [[nodiscard]] std::string path_of(const std::string& sha256) {
        const std::lock_guard hold(lock_);
        return (folder_ / "media" / files_.at(sha256).name()).string();
    }
    [[nodiscard]] const SegmentSource& source() const { return source_; }
    [[nodiscard]] Memory& memory() { return memory_; }
    [[nodiscard]] std::map<std::string, MediaFile> files() { return std::move(files_); }

  private:
    const SegmentSource& source_;
    fs::path folder_, former_;
    Memory& memory_;
    const Progress& progress_;
    std::mutex lock_;
    std::map<std::string, MediaFile> files_;  // under lock_
};

/// Encodes the pictures of one language, or of all if the source is a video. Returns hash and duration.
std::pair<std::string, std::chrono::milliseconds> make_picture(Workshop& shop, const std::string& key,
                                                               const std::string& locale,
                                                               const Rung& rung = house_rung) {
    const auto path = shop.scratch("picture-" + locale + '-' + rung.name + ".mp4");
    player::WriterOptions options;
    options.width = rung.size.width;
    options.height = rung.size.height;
    options.codec = rung.codec;
    options.crf = rung.crf;
    options.max_video_rate = rung.most_bits;
    options.frame_rate = {film_rate, 1};
    options.sound = false;
    std::int64_t frames = 0;
    {
        player::FileWriter writer(path.string(), options);
        const auto take = [&](const player::Picture& picture) { writer.add(picture); };
        const auto& source = shop.source();
        frames = source.video.empty()
                     ? film_cards(source.deck, source.locales.at(locale), locale, take, rung.size)
                     : film_video(source.video, take, rung.size);
        writer.finish();
    }
    MediaFile facts;
    facts.ext = "mp4";
    facts.kind = "picture";
    facts.codec = codec_text(rung.codec);
    facts.width = rung.size.width;
    facts.height = rung.size.height;
    facts.frame_rate = std::to_string(film_rate) + "/1";
    return {shop.keep(key, path, std::move(facts)), frames_time(frames)};
}

std::string cards_picture(Workshop& shop, const Wording& words, const std::string& locale) {
    const auto key = cards_key(shop.source().deck, words, locale);
    if (auto known = shop.known(key); !known.empty()) return known;
    shop.say(locale + ": picture");
    return make_picture(shop, key, locale).first;
}

/// Encodes a ladder's picture from the source that `picture_key` identifies. Returns its hash.
std::string make_rung(Workshop& shop, const Rung& rung, const std::string& picture_key,
                      const std::string& locale) {
    const auto key =
        rung_key(picture_key, std::string(rung.name) + ' ' + codec_text(rung.codec) + ' ' +
                                  std::to_string(rung.size.width) + 'x' + std::to_string(rung.size.height) +
                                  ' ' + std::to_string(rung.crf) + ' ' + std::to_string(rung.most_bits));
    if (auto known = shop.known(key); !known.empty()) return known;
    shop.say(locale + ": picture " + rung.name);
    return make_picture(shop, key, locale, rung).first;
}

/// Returns the hash; empty if the file has no sound.
std::string make_sound(Workshop& shop, const std::string& name, const std::string& from,
                       std::chrono::milliseconds duration) {
    const auto key = sound_key(hash_of_file(from), duration);
    if (auto known = shop.known(key); !known.empty()) return known;
    shop.say(name + ": sound");
    auto samples = decode_sound(from);
    if (samples.empty()) return {};
    const auto frames = static_cast<std::size_t>(duration.count()) * player::sample_rate / 1000;
    samples = levelled(std::move(samples), frames);
    const auto path = shop.scratch("sound-" + name + ".m4a");
    player::WriterOptions options;
    options.picture = false;
    {
        player::FileWriter writer(path.string(), options);
        writer.add(samples);
        writer.finish();
    }
    const auto measured = loudness_of(decode_sound(path.string()));  // after encoding
    MediaFile facts;
    facts.ext = "m4a";
    facts.kind = "sound";
    facts.codec = "aac";
    if (!measured.silent()) {
        facts.loudness_lufs = std::round(measured.lufs * 100) / 100;
        facts.true_peak_dbtp = std::round(measured.peak_dbtp * 100) / 100;
    }
    return shop.keep(key, path, std::move(facts));
}

std::string make_subtitles(Workshop& shop, const std::string& locale, const std::string& from) {
    const auto path = shop.scratch("subtitles-" + locale);
    write_file_atomically(path.string(), read_file(from, 4U << 20));
    MediaFile facts;
    facts.ext = fs::path(from).extension().string().substr(1);
    facts.kind = "subtitles";
    facts.codec = facts.ext == "srt" ? "subrip" : facts.ext == "ass" ? "ass" : "webvtt";
    return shop.keep("subtitles " + hash_of_file(from), path, std::move(facts));
}

/// Encodes an interpreter's pictures, cut where the segment ends. Returns the hash.
std::string make_sign(Workshop& shop, const std::string& locale, const std::string& language,
                      const std::string& from, std::chrono::milliseconds duration) {
    const auto key = sign_key(hash_of_file(from), duration);
    if (auto known = shop.known(key); !known.empty()) return known;
    const auto name = locale + '-' + language;
    shop.say(name + ": interpreter");
    const auto path = shop.scratch("sign-" + name + ".mp4");
    MediaFile facts;
    std::optional<player::FileWriter> writer;
    const auto begin = [&](int width, int height) {
        player::WriterOptions options;
        options.width = facts.width = width;
        options.height = facts.height = height;
        options.frame_rate = {film_rate, 1};
        options.sound = false;
        writer.emplace(path.string(), options);
    };
    film_sign(from, duration.count() * film_rate / 1000, begin,
              [&](const player::Picture& picture) { writer->add(picture); });
    writer->finish();
    writer.reset();
    facts.ext = "mp4";
    facts.kind = "sign";
    facts.codec = "h264";
    facts.frame_rate = std::to_string(film_rate) + "/1";
    return shop.keep(key, path, std::move(facts));
}

/// Encodes one language's rendition for one feed profile, with the interpreter into `sign` (empty: none).
/// Returns the hash. The files that `made` names must have been made.
std::string make_feed_rendition(Workshop& shop, const player::Profile& profile, const std::string& locale,
                                const std::string& sign, const Localisation& made,
                                std::chrono::milliseconds duration) {
    const auto& source = shop.source();
    const auto& words = source.locales.at(locale);
    RenditionSource from;
    const auto& sound = words.sound.empty() ? source.video : words.sound;
    if (!sign.empty()) from.sign = shop.path_of(made.signs.at(sign));
    const auto name = content::rendition_key(profile.name, sign);
    const auto key = rendition_key(name, locale, words,
                                   (source.video.empty() ? made.picture : hash_of_file(source.video)) +
                                       (sign.empty() ? sign : made.signs.at(sign)),
                                   sound.empty() ? std::string{} : hash_of_file(sound), duration);
    if (auto known = shop.known(key); !known.empty()) return known;
    shop.say(locale + ": rendition for " + name);
    from.picture = source.video.empty() ? shop.path_of(made.picture) : source.video;
    from.subtitles = words.subtitles;
    from.locale = locale;
    from.strap = words.strap;
    from.crawl = words.crawl;
    from.hotline = words.hotline;
    from.duration = duration;
    if (!sound.empty())
        from.samples = levelled(decode_sound(sound),
                                static_cast<std::size_t>(duration.count()) * player::sample_rate / 1000);
    const auto path = shop.scratch("rendition-" + name + '-' + locale + ".mp4");
    const auto facts = make_rendition_of(from, profile, path.string());
    const auto measured = loudness_of(decode_sound(path.string()));
    MediaFile file;
    file.ext = "mp4";
    file.kind = "rendition";
    file.codec = profile.coding.video == player::VideoCodec::h264 ? "h264" : "mpeg2video";
    file.width = profile.coding.coded_width;
    file.height = profile.coding.height;
    file.frame_rate = std::to_string(profile.coding.rate.num) + '/' + std::to_string(profile.coding.rate.den);
    file.profile = profile.name;
    file.parameters = facts.parameters;
    if (!measured.silent()) {
        file.loudness_lufs = std::round(measured.lufs * 100) / 100;
        file.true_peak_dbtp = std::round(measured.peak_dbtp * 100) / 100;
    }
    return shop.keep(key, path, std::move(file));
}

/// A parsed profile option: `720p25` for every language, `720p25@th` for one language, `720p25+tsq` with the
/// interpreter into that sign language, for the languages that have one.
struct WantedProfile {
    player::Profile profile;
    std::string sign;    ///< empty: none
    std::string locale;  ///< empty: every language
    [[nodiscard]] bool of(const std::string& name, const Wording& words) const {
        return (locale.empty() || locale == name) && (sign.empty() || words.signs.contains(sign));
    }
};
WantedProfile wanted_profile(const std::string& text, const SegmentSource& source) {
    const auto at = text.find('@');
    const auto name = text.substr(0, at);
    const auto plus = name.find('+');
    WantedProfile wanted{player::profile_named(name.substr(0, plus)),
                         plus == std::string::npos ? "" : name.substr(plus + 1),
                         at == std::string::npos ? "" : text.substr(at + 1)};
    const auto& all = source.locales;
    if (!wanted.locale.empty() && !all.contains(wanted.locale))
        throw ReadError(ReadFault::unresolved, Where(source.folder).in("locales." + wanted.locale, {}),
                        "has no language '" + wanted.locale + "', which profile '" + text + "' asks for");
    if (std::none_of(all.begin(), all.end(), [&](const auto& l) { return wanted.of(l.first, l.second); }))
        throw ReadError(
            ReadFault::unresolved,
            Where(source.folder)
                .in((wanted.locale.empty() ? "signs." : wanted.locale + ".signs.") + wanted.sign, {}),
            "has no sign-" + wanted.sign + ".mp4" +
                (wanted.locale.empty() ? "" : " for '" + wanted.locale + "'") + ", which profile '" + text +
                "' asks for");
    return wanted;
}

/// What all languages share: pictures and sound of a video, and the duration.
struct Common {
    std::string picture, sound;  ///< hashes; empty: each language has its own, or none
    std::chrono::milliseconds duration{};
};
Common make_common(Workshop& shop) {
    const auto& source = shop.source();
    Common common;
    if (source.video.empty()) {
        common.duration = source.deck.duration();
        return common;
    }
    const auto video = hash_of_file(source.video);
    const auto length = shop.memory().film(video);
    if (length) common.picture = shop.known(film_key(video));
    if (common.picture.empty()) {
        shop.say("picture: decoding and encoding " + fs::path(source.video).filename().string());
        std::tie(common.picture, common.duration) = make_picture(shop, film_key(video), "all");
        shop.memory().keep_film(video, common.duration);
    } else {
        common.duration = *length;
    }
    common.sound = make_sound(shop, "all", source.video, common.duration);
    return common;
}

Localisation make_localisation(Workshop& shop, const std::string& locale, const Common& common,
                               const std::vector<WantedProfile>& profiles) {
    const auto& words = shop.source().locales.at(locale);
    Localisation made;
    made.title = words.title;
    made.strap = words.strap;
    made.crawl = words.crawl;
    made.hotline = words.hotline;
    made.picture = common.picture.empty() ? cards_picture(shop, words, locale) : common.picture;
    made.sound = words.sound.empty() ? common.sound : make_sound(shop, locale, words.sound, common.duration);
    if (!words.subtitles.empty()) made.subtitles = make_subtitles(shop, locale, words.subtitles);
    for (const auto& [language, path] : words.signs)
        made.signs[language] = make_sign(shop, locale, language, path, common.duration);
    for (const auto& wanted : profiles) {
        if (!wanted.of(locale, words)) continue;
        made.renditions[content::rendition_key(wanted.profile.name, wanted.sign)] =
            make_feed_rendition(shop, wanted.profile, locale, wanted.sign, made, common.duration);
    }
    return made;
}

using Jobs = std::vector<std::function<void()>>;

/// Hashes of the ladder's pictures, by language, or under "all" if the source is a video. The jobs fill them
/// in.
using Ladders = std::map<std::string, std::vector<std::string>>;
void add_ladders(Workshop& shop, const std::vector<Rung>& steps, Ladders& ladders, Jobs& jobs) {
    const auto& source = shop.source();
    const auto add = [&](const std::string& locale, const std::string& key) {
        auto& ladder = ladders[locale];
        ladder.resize(steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i)
            jobs.emplace_back([&shop, &made = ladder[i], step = steps[i], key, locale] {
                made = make_rung(shop, step, key, locale);
            });
    };
    if (steps.empty()) return;
    if (!source.video.empty()) return add("all", film_key(hash_of_file(source.video)));
    for (const auto& [locale, words] : source.locales) add(locale, cards_key(source.deck, words, locale));
}

/// Starts the jobs in order, in parallel on at most eight threads. Returns when all threads have stopped;
/// throws the first exception then.
void do_all(const Jobs& jobs) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (auto at = next++; at < jobs.size(); at = next++) jobs[at]();
    };
    std::vector<std::future<void>> workers;
    for (unsigned i = 0; i < std::clamp(std::thread::hardware_concurrency(), 1U, 8U); ++i)
        workers.push_back(std::async(std::launch::async, work));
    for (auto& worker : workers) worker.get();
}

Manifest make(Workshop& shop, const std::vector<WantedProfile>& profiles, const std::vector<Rung>& steps) {
    const auto& source = shop.source();
    Manifest manifest;
    manifest.id = source.id;
    manifest.revision = source.revision;
    manifest.rating = source.rating;
    manifest.for_children = source.for_children;
    manifest.topics = source.topics;
    manifest.fallback_locale = source.fallback;
    const auto common = make_common(shop);
    manifest.duration = common.duration;
    Jobs jobs;
    Ladders ladders;
    add_ladders(shop, steps, ladders, jobs);  // first, because they take longest
    for (const auto& [locale, words] : source.locales) {
        jobs.emplace_back([&, &name = locale, &made = manifest.locales[locale]] {
            made = make_localisation(shop, name, common, profiles);
        });
    }
    do_all(jobs);
    for (auto& [locale, made] : manifest.locales)
        if (!steps.empty()) made.ladder = ladders.at(source.video.empty() ? locale : "all");
    manifest.files = shop.files();
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
void put_in_place(const fs::path& staging, const fs::path& target) {
    if (!fs::exists(target)) {
        fs::rename(staging, target);
    } else {
        if (::renameat2(AT_FDCWD, staging.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0)
            throw Error("cannot put " + target.string() + " in place: " + system_reason(errno) +
                        "; remove it and build again");
        fs::remove_all(staging);  // the earlier build, after the exchange
    }
    sync_folder(target.parent_path().string());
}

}  // namespace

SegmentRefused::SegmentRefused(Finding first, const std::string& folder)
    : Error(quality::sentence(first) + " (" + folder + "; `riverlight segment check` lists everything)"),
      finding(std::move(first)) {}

Manifest build_segment(const SegmentSource& source, const std::string& out, const Progress& progress,
                       const BuildOptions& options) {
    std::vector<WantedProfile> wanted;
    for (const auto& name : options.profiles) wanted.push_back(wanted_profile(name, source));
    std::vector<Rung> asked;
    for (const auto& name : options.ladder) asked.push_back(rung_named(name));
    const bool again = is_build_of(out, source.id);
    if (!again && fs::exists(out) && (!fs::is_directory(out) || !fs::is_empty(out)))
        throw Error(out + ": is there already, and no earlier build of '" + source.id +
                    "'; name a new folder, or remove it first");
    Memory memory(again && !options.fresh ? out : std::string{});
    const auto examined = examine(source, progress, &memory);
    for (const auto& finding : examined.findings)
        if (finding.refused) throw SegmentRefused(finding, source.folder);
    const auto steps = rungs_for(source, asked, progress);
    const auto parent = fs::absolute(out).lexically_normal();
    const auto target = parent.has_filename() ? parent : parent.parent_path();
    fs::create_directories(target.parent_path());
    const auto staging =
        target.parent_path() / ("." + target.filename().string() + ".making-" + random_hex(4));
    try {
        Workshop shop(source, staging, target, memory, progress);
        auto manifest = make(shop, wanted, steps);
        write_file_atomically((staging / "segment.json").string(), content::write_manifest(manifest));
        write_file_atomically((staging / "build.json").string(), memory.text());
        put_in_place(staging, target);
        return manifest;
    } catch (...) {
        std::error_code ec;
        fs::remove_all(staging, ec);
        throw;
    }
}

}  // namespace riverlight::author
