#include "tools/author/reading.hpp"

#include <algorithm>
#include <set>

#include "content/base/files.hpp"
#include "content/base/plain_text.hpp"
#include "player/text/crawl.hpp"
#include "player/text/subtitles.hpp"
#include "player/text/utf8.hpp"
#include "player/text/zawgyi.hpp"
#include "tools/author/film.hpp"
#include "tools/quality/subtitle_timing.hpp"

namespace riverlight::author {
namespace {

using quality::Defect;
using quality::SegmentFinding;

/// Letters a second. Broadcasters aim at 15 and allow about 20.
constexpr double quickest = 25;

std::string code_point(char32_t point) {
    char hex[16];
    std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(point));
    return hex;
}

std::string at_time(std::chrono::milliseconds at) {
    const auto seconds = at.count() / 1000;
    char text[48];
    std::snprintf(text, sizeof text, "at %lld:%02lld", static_cast<long long>(seconds / 60),
                  static_cast<long long>(seconds % 60));
    return text;
}

/// Checks one language's texts and collects the findings.
class TextsReader {
  public:
    explicit TextsReader(const std::string& locale) : locale_(locale), engine_(film_width, film_height) {}

    void title(const std::string& text) {
        player::TextReport report;
        static_cast<void>(engine_.lower_third(text, "", locale_, &report));
        letters(locale_ + "/strings.toml: title", text, report);
    }
    void strap(const Wording& words, std::chrono::milliseconds duration) {
        player::TextReport report;
        if (words.crawl && crawls(words, duration)) return;
        static_cast<void>(engine_.strap(words.strap, words.hotline, locale_, &report));
        const auto where = locale_ + "/strings.toml: strap";
        letters(where, words.strap + '\n' + words.hotline, report);
        if (report.outside)
            refuse(Defect::too_long, where, "is longer than two lines beside the number; shorten it");
    }
    void subtitles(const std::string& path, std::chrono::milliseconds duration) {
        std::vector<player::UnreadLine> unread;
        const auto cues = player::parse_subtitles(read_file(path, 4U << 20), path, &unread);
        for (const auto& line : unread)
            note(Defect::unread_line, path,
                 "line " + std::to_string(line.line) + ", '" + plain_text(line.text, 60) +
                     "', belongs to no subtitle and is left out");
        player::TextReport all;
        std::string together;
        for (const auto& cue : cues) {
            if (cue.until > duration)
                refuse(Defect::late_subtitle, path,
                       "shows text " + at_time(cue.until) + ", after the pictures end (" +
                           at_time(duration).substr(3) + ")");
            subtitle(path, cue, all);
            together += cue.text.text + '\n';
        }
        letters(path, together, all);
        for (auto& finding : quality::timing_findings(cues)) {
            finding.where = path;
            findings_.push_back(std::move(finding));
        }
    }
    [[nodiscard]] std::vector<SegmentFinding> take() { return std::move(findings_); }

  private:
    void refuse(Defect defect, const std::string& where, const std::string& what) {
        findings_.push_back({defect, where, what, true, {}, {}});
    }
    void note(Defect defect, const std::string& where, const std::string& what) {
        findings_.push_back({defect, where, what, false, {}, {}});
    }

    /// Checks a crawling strap. Returns false if the strap fits without crawling.
    bool crawls(const Wording& words, std::chrono::milliseconds duration) {
        player::TextReport report;
        const auto strap = engine_.crawling_strap(words.strap, words.hotline, locale_,
                                                  player::crawl_rate(film_width, film_rate, 1), &report);
        if (!strap) return false;
        const auto where = locale_ + "/strings.toml: strap";
        letters(where, words.strap + '\n' + words.hotline, report);
        if (report.outside)
            refuse(Defect::too_long, where, "is too long or too high even to crawl; shorten it");
        const std::chrono::milliseconds once{strap->crawl.frames_once() * 1000 / film_rate};
        if (once > duration)
            refuse(Defect::crawl, where,
                   "takes " + std::to_string((once.count() + 999) / 1000) +
                       " s to crawl past once, longer than the segment; shorten it");
        return true;
    }

    void letters(const std::string& where, const std::string& text, const player::TextReport& report) {
        for (const auto point : report.missing)
            refuse(Defect::no_glyph, where,
                   "has the character " + code_point(point) + ", which no installed font draws");
        switch (player::myanmar_encoding(player::clean_utf8(text))) {
            case player::MyanmarEncoding::mixed:
                return refuse(Defect::mixed_burmese, where,
                              "mixes Burmese in Zawgyi's encoding with Unicode; write all of it as Unicode");
            case player::MyanmarEncoding::zawgyi:
                return note(Defect::zawgyi, where,
                            "is Burmese in Zawgyi's encoding; viewers see it converted to Unicode");
            case player::MyanmarEncoding::unicode:
                return;
        }
    }

    void subtitle(const std::string& path, const player::SubtitleCue& cue, player::TextReport& all) {
        const auto pages = engine_.subtitle_pages(cue.text, locale_);
        for (const auto& page : pages) {
            player::TextReport report;
            static_cast<void>(engine_.subtitle(page, cue.placement, locale_, 0, &report));
            for (const auto point : report.missing)
                if (std::find(all.missing.begin(), all.missing.end(), point) == all.missing.end())
                    all.missing.push_back(point);
            if (report.outside)
                refuse(Defect::too_long, path,
                       at_time(cue.from) + ": is too long even in parts; put breaks or blanks into it");
        }
        if (pages.size() > 1)
            note(Defect::parts, path,
                 at_time(cue.from) + ": is too long for one picture; it is shown in " +
                     std::to_string(pages.size()) + " parts");
        const auto seconds = std::chrono::duration<double>(cue.until - cue.from).count();
        const auto count = static_cast<double>(player::code_points(cue.text.text).size());
        if (seconds > 0 && count / seconds > quickest)
            note(Defect::too_quick, path, at_time(cue.from) + ": is on for too short a time to be read");
    }

    std::string locale_;
    player::TextEngine engine_;
    std::vector<SegmentFinding> findings_;
};

}  // namespace

std::vector<SegmentFinding> reading_findings(const Wording& words, const std::string& locale,
                                             std::chrono::milliseconds duration) {
    TextsReader reader(locale);
    reader.title(words.title);
    reader.strap(words, duration);
    if (!words.subtitles.empty()) reader.subtitles(words.subtitles, duration);
    return reader.take();
}

}  // namespace riverlight::author
