#include "tools/author/examine.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "player/av/still.hpp"
#include "tools/author/film.hpp"
#include "tools/author/reading.hpp"
#include "tools/author/sign.hpp"
#include "tools/author/sound.hpp"
#include "tools/author/unread.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;

std::string seconds_text(std::chrono::milliseconds length) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", std::chrono::duration<double>(length).count());
    return text;
}

class Examiner {
  public:
    Examiner(const SegmentSource& source, const Progress& progress, const BuildCache* cache,
             const ExamineOptions& options)
        : source_(source), progress_(progress), cache_(cache), options_(options) {}

    Examination run() {
        result_.duration = source_.deck.duration();
        expected();
        add_all("", unread_files(source_));
        if (!source_.video.empty()) video();
        for (const auto& card : source_.deck.cards)
            if (!card.image.empty()) image(card.image);
        for (const auto& [locale, words] : source_.locales) {
            add_all("", text_faults(source_.deck, words, locale));
            if (!words.sound.empty()) sound(locale, words);
            for (const auto& [language, path] : words.signs) sign(locale, path);
            attempt(locale,
                    [&, &l = locale, &w = words] { add_all("", reading_findings(w, l, result_.duration)); });
        }
        return std::move(result_);
    }

  private:
    template <class Work>
    void attempt(const std::string& where, const Work& work) {
        try {
            if (progress_) progress_(where);
            work();
        } catch (const Error& e) {
            add(Defect::unreadable, where, e.what(), true);
        }
    }
    void add(Defect defect, const std::string& where, const std::string& what, bool refused) {
        result_.findings.push_back({defect, where, what, refused, {}, {}});
    }
    void add_all(const std::string& where, std::vector<SegmentFinding> findings) {
        for (auto& finding : findings) {
            if (finding.where.empty()) finding.where = where;
            result_.findings.push_back(std::move(finding));
        }
    }

    void ends_late(const std::string& where, std::chrono::milliseconds length, const std::string& remedy) {
        result_.findings.push_back(
            {Defect::ends_late, where,
             "lasts " + seconds_text(length) + ", the pictures " + seconds_text(result_.duration), true,
             quality::Stretch{result_.duration, length}, remedy});
    }

    void expected() {
        for (const auto& wanted : options_.expected) {
            const bool there =
                std::any_of(source_.locales.begin(), source_.locales.end(), [&](const auto& entry) {
                    return entry.first == wanted || entry.first.starts_with(wanted + '-');
                });
            if (!there)
                result_.findings.push_back({Defect::language,
                                            wanted,
                                            "is a language that is needed, and is not there",
                                            true,
                                            {},
                                            "add the folder " + wanted + " with its strings.toml"});
        }
    }

    void video() {
        if (const auto before =
                cache_ ? cache_->film(hash_of_file(source_.video)) : std::optional<KnownFilm>{}) {
            result_.duration = before->length;
            result_.rate = before->rate;
            result_.segmented = before->segmented;
            return;
        }
        attempt("picture", [&] {
            auto watched = watch_video(source_.video, options_.stills);
            result_.duration = watched.duration;
            result_.rate = watched.rate;
            result_.segmented = watched.segmented;
            add_all("picture", std::move(watched.picture_findings));
            if (watched.sounds && watched.sound.silent())
                add(Defect::silence, "picture's sound", "is silent from beginning to end", false);
            add_all("picture's sound", std::move(watched.sound_findings));
            if (!watched.sounds)
                for (const auto& [locale, words] : source_.locales)
                    if (words.sound.empty())
                        add(Defect::no_sound, locale, "has no sound of its own, nor has the video", false);
            result_.video = std::move(watched);
        });
    }

    /// Decodes a card's picture as a build does.
    void image(const std::string& path) {
        if (!images_.insert(path).second) return;
        attempt(std::filesystem::path(path).lexically_relative(source_.folder).string(),
                [&] { static_cast<void>(player::load_image(path, film_width, film_height)); });
    }

    void sound(const std::string& locale, const Wording& words) {
        if (cache_ && cache_->product(sound_key(hash_of_file(words.sound), result_.duration))) return;
        const auto where = locale + '/' + std::filesystem::path(words.sound).filename().string();
        attempt(where, [&] {
            auto watched = watch_sound(words.sound);
            const auto& facts = watched.sound;
            if (!watched.sounds) throw Error(words.sound + ": has no sound");
            if (facts.length > result_.duration + 40ms)
                return ends_late(where, facts.length, "give a card more seconds, or speak faster");
            if (facts.silent())
                add(Defect::silence, where, "is silent from beginning to end", false);
            else if (facts.peak_dbtp + target_lufs - facts.integrated_lufs > highest_peak_dbtp - 0.5)
                add(Defect::peaks, where,
                    "has peaks so high above its loudness that it stays below -23 LUFS; compress it", false);
            add_all(where, std::move(watched.sound_findings));
            if (!source_.video.empty() && facts.length + 500ms < result_.duration)
                result_.findings.push_back({Defect::ends_early, where, "ends before the pictures do", false,
                                            quality::Stretch{facts.length, result_.duration},
                                            "look whether something is missing"});
            result_.sounds.emplace(locale, facts);
        });
    }

    void sign(const std::string& locale, const std::string& path) {
        if (cache_ && cache_->product(sign_key(hash_of_file(path), result_.duration))) return;
        const auto where = locale + '/' + std::filesystem::path(path).filename().string();
        attempt(where, [&] {
            const auto facts = watch_sign(path);
            if (facts.length > result_.duration + 40ms)
                return ends_late(where, facts.length, "cut it, or give a card more seconds");
            if (facts.length + 500ms < result_.duration)
                result_.findings.push_back({Defect::ends_early, where, "ends before the pictures do", false,
                                            quality::Stretch{facts.length, result_.duration},
                                            "look whether something is missing"});
            if (facts.height < least_sign_height)
                result_.findings.push_back({Defect::few_lines,
                                            where,
                                            "has " + std::to_string(facts.height) + " lines",
                                            false,
                                            {},
                                            "film it with " + std::to_string(least_sign_height) +
                                                " or more: hands and faces are hard to read below that"});
        });
    }

    std::set<std::string> images_;  ///< that have been decoded
    const SegmentSource& source_;
    const Progress& progress_;
    const BuildCache* cache_;
    const ExamineOptions& options_;
    Examination result_;
};

}  // namespace

bool Examination::refused() const {
    return std::any_of(findings.begin(), findings.end(), [](const SegmentFinding& f) { return f.refused; });
}

Examination examine(const SegmentSource& source, const Progress& progress, const BuildCache* cache,
                    const ExamineOptions& options) {
    return Examiner(source, progress, cache, options).run();
}

}  // namespace riverlight::author
