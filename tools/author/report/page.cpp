#include "content/html/page.hpp"

#include <algorithm>

#include "tools/author/report/parts.hpp"
#include "tools/author/report/report.hpp"

namespace riverlight::author {
namespace {

using namespace report;

std::string counted(std::size_t n, const std::string& one, const std::string& many) {
    return std::to_string(n) + ' ' + (n == 1 ? one : many);
}

Html streams(const player::StreamFacts& f) {
    const double rate = f.frame_rate.num > 0
                            ? static_cast<double>(f.frame_rate.num) / static_cast<double>(f.frame_rate.den)
                            : 0;
    const auto sound = f.audio_codec.empty()
                           ? "none"
                           : f.audio_codec + ", " + std::to_string(f.audio_rate) + " Hz, " +
                                 counted(static_cast<std::size_t>(f.audio_channels), "channel", "channels");
    return fact("Picture",
                f.video_codec + ", " + std::to_string(f.width) + " × " + std::to_string(f.height)) +
           fact("Pictures a second", rate > 0 ? number(rate, 2) : "not stated") +
           fact("Container", f.container) + fact("Sound", sound);
}

/// A sound's curve and figures.
Html track(const std::string& name, const quality::SoundFacts& s) {
    const auto facts =
        fact("Integrated", level(s.integrated_lufs, "LUFS")) + fact("Range", number(s.range_lu) + " LU") +
        fact("Loudest 3 s", level(s.most_short_term_lufs, "LUFS")) +
        fact("Loudest 0.4 s", level(s.most_momentary_lufs, "LUFS")) +
        fact("True peak", level(s.peak_dbtp, "dBTP")) + fact("Lasts", quality::clock_text(s.length));
    return Html("<h3>{}</h3>{}<dl class=\"tiles\">{}</dl>", name, chart(s, name), facts);
}

std::string sign_languages(const Wording& words) {
    std::string out;
    for (const auto& [language, path] : words.signs) out += (out.empty() ? "" : ", ") + language;
    return out.empty() ? "no" : out;
}

/// Text in a language of the segment, marked as such.
Html in_language(const std::string& locale, const std::string& text) {
    return Html("<span{}>{}</span>", html::Attribute("lang", locale), text);
}

class ReportPage {
  public:
    ReportPage(const SegmentSource& source, const Examination& examined)
        : source_(source), examined_(examined) {}

    Html build() const {
        const auto& title = source_.locales.at(source_.fallback).title;
        return html::standalone_page(
            {title + " · quality report", "Quality report", Html(),
             heading(title) + findings() + media() + loudness() + languages() + each_language(),
             std::nullopt});
    }

  private:
    Html heading(const std::string& title) const {
        return Html("<h1{}>{}</h1><p class=\"soft\">{}, revision {}, {}, {}</p>{}",
                    html::Attribute("lang", source_.fallback), title, source_.id, source_.revision,
                    quality::clock_text(examined_.duration),
                    counted(source_.locales.size(), "language", "languages"), verdict());
    }

    Html verdict() const {
        const auto bad =
            static_cast<std::size_t>(std::count_if(examined_.findings.begin(), examined_.findings.end(),
                                                   [](const SegmentFinding& f) { return f.refused; }));
        const auto notes = examined_.findings.size() - bad;
        std::string notes_text;
        if (notes > 0) notes_text = counted(notes, "note is", "notes are") + " for a person to weigh.";
        if (bad > 0)
            return Html("<p class=\"verdict bad\">Refused: {} a build. {}</p>",
                        counted(bad, "finding stops", "findings stop"), notes_text);
        if (notes > 0) return Html("<p class=\"verdict warn\">It can be built. {}</p>", notes_text);
        return Html("<p class=\"verdict well\">It can be built. Nothing was found.</p>");
    }

    /// Text as a reader of the page knows it: paths without the source's folder.
    Html shown(const std::string& text) const { return Html::text(without_folder(text, source_)); }

    Html findings() const {
        if (examined_.findings.empty()) return Html("<section><h2>Findings</h2><p>None.</p></section>");
        std::vector<std::vector<Html>> rows;
        for (const bool refused : {true, false})
            for (const auto& f : examined_.findings) {
                if (f.refused != refused) continue;
                rows.push_back({refused ? Html("<strong class=\"bad\">Refused</strong>")
                                        : Html("<strong class=\"warn\">Note</strong>"),
                                shown(f.where),
                                Html::text(f.when ? quality::clock_text(*f.when) : "the whole"),
                                shown(f.what), f.remedy.empty() ? Html("see What") : shown(f.remedy)});
            }
        return Html("<section><h2>Findings</h2>{}</section>",
                    table({"Kind", "Where", "When", "What", "To do"}, rows,
                          "What stops a build first; times in minutes and seconds."));
    }

    Html media() const {
        auto facts = source_.video.empty()
                         ? fact("Pictures", counted(source_.deck.cards.size(), "card", "cards"))
                         : fact("File", without_folder(source_.video, source_));
        facts += fact("Lasts", quality::clock_text(examined_.duration));
        if (examined_.video) facts += streams(examined_.video->facts);
        return Html("<section><h2>Media</h2><dl class=\"tiles\">{}</dl>{}</section>", facts,
                    picture_list(thumbnails(source_, examined_), "pictures",
                                 [](const std::string& time) { return "The picture at " + time; }));
    }

    /// Pictures in a row; `name_of` says what a picture at a time shows.
    template <class NameOf>
    static Html picture_list(const std::vector<Frame>& pictures, std::string_view style,
                             const NameOf& name_of) {
        if (pictures.empty()) return Html("<p>No picture could be decoded.</p>");
        Html items;
        for (const auto& [at, jpeg] : pictures) {
            const auto time = quality::clock_text(at);
            items += Html("<li>{}</li>", figure(jpeg, name_of(time), time));
        }
        return Html("<ul class=\"{}\">{}</ul>", style, items);
    }

    Html loudness() const {
        Html tracks;
        if (examined_.video && examined_.video->sounds)
            tracks += track("The video's own sound", examined_.video->sound);
        for (const auto& [locale, sound] : examined_.sounds) tracks += track("Sound in " + locale, sound);
        if (tracks.empty()) tracks = Html("<p>There is no sound.</p>");
        return Html(
            "<section><h2>Loudness</h2><p class=\"soft\">As it is in the source; a build brings it to −23 "
            "LUFS "
            "(EBU R 128).</p>{}</section>",
            tracks);
    }

    Html languages() const {
        std::vector<std::vector<Html>> rows;
        for (const auto& [locale, words] : source_.locales) {
            const auto speed = speed_of(words);
            rows.push_back({Html::text(locale), in_language(locale, words.title),
                            words.sound.empty() ? Html("the video's, if it has any") : Html("its own"),
                            Html::text(sign_languages(words)), speed ? Html("{}", speed->cues) : Html("none"),
                            speed ? Html("{}", number(speed->mean)) : Html(),
                            speed ? Html("{} at {}", number(speed->most), quality::clock_text(speed->most_at))
                                  : Html()});
        }
        return Html("<section><h2>Languages</h2>{}</section>",
                    table({"Language", "Title", "Sound", "Signed", "Subtitles", "Mean", "Fastest"}, rows,
                          "Reading speed in letters a second: broadcasters aim at 15 and accept about 20."));
    }

    Html each_language() const {
        Html out;
        for (const auto& [locale, words] : source_.locales)
            out +=
                Html("<section><h2>{}: {}</h2><dl class=\"tiles\"{}>{}{}</dl>{}</section>", locale,
                     in_language(locale, words.title), html::Attribute("lang", locale),
                     fact("Strap", words.strap.empty() ? "none" : words.strap),
                     fact("Hotline", words.hotline.empty() ? "none" : words.hotline), over_pictures(locale));
        return out;
    }

    Html over_pictures(const std::string& locale) const {
        try {
            return picture_list(
                frames(source_, examined_, locale), "pictures frames",
                [&](const std::string& time) { return "The screen at " + time + " in " + locale; });
        } catch (const Error& e) {
            return Html("<p class=\"bad\">It cannot be shown: {}</p>", shown(e.what()));
        }
    }

    const SegmentSource& source_;
    const Examination& examined_;
};

}  // namespace

std::string report_page(const SegmentSource& source, const Examination& examined) {
    return ReportPage(source, examined).build().markup();
}

}  // namespace riverlight::author
