#include "tools/author/make_media.hpp"

#include <cmath>
#include <optional>

#include "content/base/files.hpp"
#include "player/av/file_writer.hpp"
#include "tools/author/film.hpp"
#include "tools/author/sign.hpp"
#include "tools/author/sound.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;
using content::MediaFile;

/// Encodes the pictures of one language, or of all if the source is a video.
std::string make_picture(BuildFolder& folder, const std::string& key, const std::string& locale,
                         const KnownFilm& film, const Rung& rung = standard_rung) {
    const auto path = folder.temporary("picture-" + locale + '-' + rung.name + ".mp4");
    player::WriterOptions options;
    options.width = rung.size.width;
    options.height = rung.size.height;
    options.codec = rung.codec;
    options.crf = rung.crf;
    options.max_video_rate = rung.most_bits;
    options.frame_rate = {frames_a_second(film.rate), 1};
    options.sound = false;
    {
        player::FileWriter writer(path.string(), options);
        const auto take = [&](const player::Picture& picture) { writer.add(picture); };
        const auto& source = folder.source();
        if (source.video.empty())
            film_cards(source.deck, source.locales.at(locale), locale, take, rung.size);
        else
            film_video(source.video, take, {rung.size, film.rate, film.length, film.segmented});
        writer.finish();
    }
    MediaFile facts;
    facts.ext = "mp4";
    facts.kind = "picture";
    facts.codec = codec_text(rung.codec);
    facts.width = rung.size.width;
    facts.height = rung.size.height;
    facts.frame_rate = std::to_string(frames_a_second(film.rate)) + "/1";
    return folder.add(key, path, std::move(facts));
}

}  // namespace

std::string make_video_picture(BuildFolder& folder, const KnownFilm& film) {
    const auto& video = folder.source().video;
    const auto hash = hash_of_file(video);
    const auto key = film_key(hash, film);
    folder.cache().keep_film(hash, film);
    if (auto reused = folder.reuse(key); !reused.empty()) return reused;
    folder.report("picture: decoding and encoding " + fs::path(video).filename().string() +
                  (film.rate == FilmRate::hz50 ? ", at 50 pictures a second" : ""));
    return make_picture(folder, key, "all", film);
}

std::string make_cards_picture(BuildFolder& folder, const Wording& words, const std::string& locale) {
    const auto key = cards_key(folder.source().deck, words, locale);
    if (auto reused = folder.reuse(key); !reused.empty()) return reused;
    folder.report(locale + ": picture");
    return make_picture(folder, key, locale, {});
}

std::string make_rung(BuildFolder& folder, const Rung& rung, const std::string& picture_key,
                      const std::string& locale, KnownFilm film) {
    const auto key =
        rung_key(picture_key, std::string(rung.name) + ' ' + codec_text(rung.codec) + ' ' +
                                  std::to_string(rung.size.width) + 'x' + std::to_string(rung.size.height) +
                                  ' ' + std::to_string(rung.crf) + ' ' + std::to_string(rung.most_bits));
    if (auto reused = folder.reuse(key); !reused.empty()) return reused;
    folder.report(locale + ": picture " + rung.name);
    film.rate = FilmRate::hz25;
    return make_picture(folder, key, locale, film, rung);
}

std::string make_sound(BuildFolder& folder, const std::string& name, const std::string& from,
                       std::chrono::milliseconds duration) {
    const auto key = sound_key(hash_of_file(from), duration);
    if (auto reused = folder.reuse(key); !reused.empty()) return reused;
    folder.report(name + ": sound");
    auto samples = decode_sound(from);
    if (samples.empty()) return {};
    const auto frames = static_cast<std::size_t>(duration.count()) * player::sample_rate / 1000;
    samples = levelled(std::move(samples), frames);
    const auto path = folder.temporary("sound-" + name + ".m4a");
    player::WriterOptions options;
    options.picture = false;
    {
        player::FileWriter writer(path.string(), options);
        writer.add(samples);
        writer.finish();
    }
    MediaFile facts;
    facts.ext = "m4a";
    facts.kind = "sound";
    facts.codec = "aac";
    add_loudness(path.string(), facts);
    return folder.add(key, path, std::move(facts));
}

std::string make_subtitles(BuildFolder& folder, const std::string& locale, const std::string& from) {
    const auto path = folder.temporary("subtitles-" + locale);
    write_file_atomically(path.string(), read_file(from, 4U << 20));
    MediaFile facts;
    facts.ext = fs::path(from).extension().string().substr(1);
    facts.kind = "subtitles";
    facts.codec = facts.ext == "srt" ? "subrip" : facts.ext == "ass" ? "ass" : "webvtt";
    return folder.add("subtitles " + hash_of_file(from), path, std::move(facts));
}

std::string make_sign(BuildFolder& folder, const std::string& locale, const std::string& language,
                      const std::string& from, std::chrono::milliseconds duration) {
    const auto key = sign_key(hash_of_file(from), duration);
    if (auto reused = folder.reuse(key); !reused.empty()) return reused;
    const auto name = locale + '-' + language;
    folder.report(name + ": interpreter");
    const auto path = folder.temporary("sign-" + name + ".mp4");
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
    return folder.add(key, path, std::move(facts));
}

void add_loudness(const std::string& path, MediaFile& facts) {
    const auto measured = loudness_of(decode_sound(path));
    if (measured.silent()) return;
    facts.loudness_lufs = std::round(measured.lufs * 100) / 100;
    facts.true_peak_dbtp = std::round(measured.peak_dbtp * 100) / 100;
}

}  // namespace riverlight::author
