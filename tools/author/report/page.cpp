#include <algorithm>

#include "content/base/markup.hpp"
#include "tools/author/report/parts.hpp"
#include "tools/author/report/report.hpp"

namespace riverlight::author {
namespace {

using namespace report;

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
    return std::to_string(n) + ' ' + (n == 1 ? one : many);
}

class Page {
  public:
    Page(const SegmentSource& source, const Examination& examined) : source_(source), examined_(examined) {}

    std::string text() {
        const auto& title = source_.locales.at(source_.fallback).title;
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
               "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
               "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"><title>" +
               markup_escaped(title + " · quality report") + "</title><style>" + std::string(style()) +
               "</style></head><body><header><p class=\"soft\">Quality report</p><h1 lang=\"" +
               markup_escaped(source_.fallback) + "\">" + markup_escaped(title) + "</h1><p class=\"soft\">" +
               markup_escaped(source_.id) + ", revision " + std::to_string(source_.revision) + ", " +
               markup_escaped(quality::clock_text(examined_.duration)) + ", " +
               counted(source_.locales.size(), "language", "languages") + "</p>" + verdict() +
               "</header><main>" + findings() + media() + loudness() + languages() + each_language() +
               "</main></body></html>\n";
    }

  private:
    std::string verdict() const {
        const auto bad =
            static_cast<std::size_t>(std::count_if(examined_.findings.begin(), examined_.findings.end(),
                                                   [](const Finding& f) { return f.refused; }));
        const auto notes = examined_.findings.size() - bad;
        std::string weigh;
        if (notes > 0) weigh = counted(notes, "note is", "notes are") + " for a person to weigh.";
        if (bad > 0)
            return "<p class=\"verdict bad\">Refused: " + counted(bad, "finding stops", "findings stop") +
                   " a build. " + weigh + "</p>";
        return "<p class=\"verdict " + std::string(notes ? "warn" : "well") + "\">It can be built. " +
               (notes ? weigh : "Nothing was found.") + "</p>";
    }

    std::string shown(const std::string& text) const { return markup_escaped(without_folder(text, source_)); }

    std::string findings() const {
        std::string out = "<section><h2>Findings</h2>";
        if (examined_.findings.empty()) return out + "<p>None.</p></section>";
        std::vector<std::vector<std::string>> rows;
        for (const bool refused : {true, false})
            for (const auto& f : examined_.findings) {
                if (f.refused != refused) continue;
                rows.push_back({refused ? "<span class=\"kind bad\">Refused</span>"
                                        : "<span class=\"kind warn\">Note</span>",
                                shown(f.where),
                                f.when ? markup_escaped(quality::clock_text(*f.when)) : "the whole",
                                shown(f.what), f.remedy.empty() ? "see What" : shown(f.remedy)});
            }
        return out +
               table({"Kind", "Where", "When", "What", "To do"}, rows,
                     "What stops a build first; times in minutes and seconds.") +
               "</section>";
    }

    std::string media() const {
        std::string out = "<section><h2>Media</h2><dl>";
        if (!source_.video.empty()) out += fact("File", without_folder(source_.video, source_));
        if (source_.video.empty())
            out += fact("Pictures", counted(source_.deck.cards.size(), "card", "cards"));
        out += fact("Lasts", quality::clock_text(examined_.duration));
        if (examined_.video) out += streams(examined_.video->facts);
        out += "</dl>" + thumbs() + "</section>";
        return out;
    }

    static std::string streams(const player::StreamFacts& f) {
        const double rate = f.frame_rate.num > 0 ? static_cast<double>(f.frame_rate.num) /
                                                       static_cast<double>(f.frame_rate.den)
                                                 : 0;
        return fact("Picture",
                    f.video_codec + ", " + std::to_string(f.width) + " × " + std::to_string(f.height)) +
               fact("Pictures a second", rate > 0 ? number(rate, 2) : "not said") +
               fact("Container", f.container) +
               fact("Sound",
                    f.audio_codec.empty()
                        ? "none"
                        : f.audio_codec + ", " + std::to_string(f.audio_rate) + " Hz, " +
                              counted(static_cast<std::size_t>(f.audio_channels), "channel", "channels"));
    }

    std::string thumbs() const {
        std::string out;
        for (const auto& [at, jpeg] : thumbnails(source_, examined_)) {
            const auto time = quality::clock_text(at);
            out += "<li>" + figure(jpeg, "The picture at " + time, time) + "</li>";
        }
        return out.empty() ? "<p>No picture could be decoded.</p>"
                           : "<ul class=\"pictures\">" + out + "</ul>";
    }

    std::string loudness() const {
        std::string out;
        if (examined_.video && examined_.video->sounds)
            out += track("The video's own sound", examined_.video->sound);
        for (const auto& [locale, sound] : examined_.sounds) out += track("Sound in " + locale, sound);
        if (out.empty()) out = "<p>There is no sound.</p>";
        return "<section><h2>Loudness</h2><p class=\"soft\">As it is in the source; a build brings it to −23 "
               "LUFS (EBU R 128).</p>" +
               out + "</section>";
    }

    static std::string track(const std::string& name, const quality::SoundFacts& s) {
        return "<h3>" + markup_escaped(name) + "</h3>" + chart(s, name) + "<dl>" +
               fact("Integrated", level(s.integrated_lufs, "LUFS")) +
               fact("Range", number(s.range_lu) + " LU") +
               fact("Loudest 3 s", level(s.most_short_term_lufs, "LUFS")) +
               fact("Loudest 0.4 s", level(s.most_momentary_lufs, "LUFS")) +
               fact("True peak", level(s.peak_dbtp, "dBTP")) + fact("Lasts", quality::clock_text(s.length)) +
               "</dl>";
    }

    static std::string signs(const Wording& words) {
        std::string out;
        for (const auto& [language, path] : words.signs)
            out += (out.empty() ? "" : ", ") + markup_escaped(language);
        return out.empty() ? "no" : out;
    }

    std::string languages() const {
        std::vector<std::vector<std::string>> rows;
        for (const auto& [locale, words] : source_.locales) {
            const auto speed = speed_of(words);
            const std::string in = "<span lang=\"" + markup_escaped(locale) + "\">";
            rows.push_back({markup_escaped(locale), in + markup_escaped(words.title) + "</span>",
                            words.sound.empty() ? "the video's, if it has any" : "its own", signs(words),
                            speed ? std::to_string(speed->cues) : "none", speed ? number(speed->mean) : "",
                            speed ? number(speed->most) + " at " + quality::clock_text(speed->most_at) : ""});
        }
        return "<section><h2>Languages</h2>" +
               table({"Language", "Title", "Sound", "Signed", "Subtitles", "Mean", "Fastest"}, rows,
                     "Reading speed in letters a second: broadcasters aim at 15 and end at 20 or so.") +
               "</section>";
    }

    std::string each_language() const {
        std::string out;
        for (const auto& [locale, words] : source_.locales) {
            const auto lang = markup_escaped(locale);
            out += "<section><h2>" + lang + ": <span lang=\"" + lang + "\">" + markup_escaped(words.title) +
                   "</span></h2><dl lang=\"" + lang + "\">" +
                   fact("Strap", words.strap.empty() ? "none" : words.strap) +
                   fact("Hotline", words.hotline.empty() ? "none" : words.hotline) + "</dl>" +
                   over_pictures(locale) + "</section>";
        }
        return out;
    }

    std::string over_pictures(const std::string& locale) const {
        std::string out;
        try {
            for (const auto& [at, jpeg] : frames(source_, examined_, locale)) {
                const auto time = quality::clock_text(at);
                out += "<li>" + figure(jpeg, "The screen at " + time + " in " + locale, time) + "</li>";
            }
        } catch (const Error& e) {
            return "<p class=\"bad\">It cannot be shown: " + shown(e.what()) + "</p>";
        }
        return out.empty() ? "<p>No picture could be decoded.</p>"
                           : "<ul class=\"pictures frames\">" + out + "</ul>";
    }

    const SegmentSource& source_;
    const Examination& examined_;
};

}  // namespace

std::string report_page(const SegmentSource& source, const Examination& examined) {
    return Page(source, examined).text();
}

}  // namespace riverlight::author
