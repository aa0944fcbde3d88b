#include "player/text/subtitles.hpp"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "player/text/markup.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

using namespace markup;
using std::chrono::milliseconds;

constexpr std::size_t most_bytes = 4U << 20, most_at_once = 8;
/// Rows of a picture that WebVTT's line numbers count.
constexpr double rows = 16;

/// A file in UTF-16 with its byte order mark, as some editors save it.
std::optional<std::string> from_utf16(std::string_view bytes) {
    const bool little = bytes.starts_with("\xff\xfe"), big = bytes.starts_with("\xfe\xff");
    if (!little && !big) return {};
    icu::UnicodeString letters;
    for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
        const auto one = static_cast<unsigned char>(bytes[i]), two = static_cast<unsigned char>(bytes[i + 1]);
        letters.append(static_cast<char16_t>(little ? one | two << 8 : two | one << 8));
    }
    std::string out;
    return letters.toUTF8String(out);
}

std::string_view word(std::string_view& text) {
    text = trimmed(text);
    const auto out = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(out.size());
    return out;
}

/// `name:50%` or `name:-2`: a number and whether it is of a hundred.
struct Setting {
    double value = 0;
    bool percent = false;
};
std::optional<Setting> setting(std::string_view text) {
    Setting out;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
    if (error != std::errc{}) return {};
    out.percent = end < text.data() + text.size() && *end == '%';
    return out;
}

/// WebVTT's cue settings, as far as they place a cue in the safe area.
Place place_of(std::string_view settings) {
    Place place;
    bool positioned = false;
    while (!trimmed(settings).empty()) {
        const auto one = word(settings);
        const auto colon = one.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = one.substr(0, colon), value = one.substr(colon + 1);
        if (name == "line") {
            const auto line = setting(value);
            if (!line) continue;
            const double row = line->percent     ? line->value / 100
                               : line->value < 0 ? 1 + (line->value + 1) / rows
                                                 : line->value / rows;
            place.down = std::clamp(row, 0.0, 1.0);
        } else if (name == "position") {
            if (const auto at = setting(value)) place.across = std::clamp(at->value / 100, 0.0, 1.0);
            positioned = true;
        } else if (name == "align" && !positioned) {
            place.across = value == "start" || value == "left"  ? 0
                           : value == "end" || value == "right" ? 1
                                                                : 0.5;
        }
    }
    return place;
}

struct Timing {
    milliseconds from, until;
    Place place;
};

std::optional<Timing> timing_of(std::string_view line) {
    const auto arrow = line.find("-->");
    if (arrow == std::string_view::npos) return {};
    auto settings = line.substr(arrow + 3);
    const auto from = time_of(trimmed(line.substr(0, arrow))), until = time_of(word(settings));
    if (!from || !until) return {};
    return Timing{*from, *until, place_of(settings)};
}

/// Letters that only number a cue, as SubRip does.
bool is_number(std::string_view line) {
    line = trimmed(line);
    return !line.empty() && line.find_first_not_of("0123456789") == std::string_view::npos;
}

/// WebVTT and SubRip: they differ in nothing that matters here.
class CueReader {
  public:
    CueReader(const std::vector<std::string_view>& lines, const std::string& what)
        : lines_(lines), what_(what) {}

    std::vector<SubtitleCue> read() {
        while (at_ < lines_.size()) {
            if (lines_[at_].find("-->") == std::string_view::npos)
                ++at_;  // headers, numbers, notes, styles
            else
                read_cue();
        }
        return std::move(cues_);
    }

  private:
    [[noreturn]] void fail(std::size_t line, const std::string& why) const {
        throw Error(what_ + ':' + std::to_string(line) + ": " + why);
    }
    /// Whether the cue's text is over at line `i`: a blank, or the next cue without one.
    [[nodiscard]] bool over(std::size_t i) const {
        if (i >= lines_.size() || trimmed(lines_[i]).empty() || timing_of(lines_[i])) return true;
        return is_number(lines_[i]) && i + 1 < lines_.size() && timing_of(lines_[i + 1]);
    }

    void read_cue() {
        const auto timing = timing_of(lines_[at_]);
        if (!timing) fail(at_ + 1, "its times do not read; write them as 00:00:01.000 --> 00:00:03.500");
        if (timing->until <= timing->from) fail(at_ + 1, "ends before it begins");
        Markup markup;
        for (++at_; !over(at_); ++at_) {
            markup.new_line();
            markup.add(lines_[at_]);
        }
        auto words = markup.take();
        if (trimmed(words.text).empty()) return;
        cues_.push_back(
            {timing->from, timing->until, std::move(words), markup.anchor.value_or(timing->place)});
        if (cues_.size() > most_cues) fail(at_, "holds more than 20,000 subtitles");
    }

    const std::vector<std::string_view>& lines_;
    const std::string& what_;
    std::size_t at_ = 0;
    std::vector<SubtitleCue> cues_;
};

bool is_ass(const std::vector<std::string_view>& lines) {
    const auto first = std::find_if(lines.begin(), lines.end(),
                                    [](std::string_view line) { return !trimmed(line).empty(); });
    return first != lines.end() && trimmed(*first).starts_with("[Script Info]");
}

}  // namespace

std::vector<SubtitleCue> parse_subtitles(std::string_view bytes, const std::string& what) {
    if (bytes.size() > most_bytes) throw Error(what + ":1: is larger than 4 MiB; these are no subtitles");
    const auto converted = from_utf16(bytes);
    if (converted) bytes = *converted;
    if (!is_utf8(bytes)) throw Error(what + ":1: is not UTF-8; save it as UTF-8");
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    const auto lines = lines_of(bytes);
    const bool ass = is_ass(lines);
    auto cues = ass ? parse_ass(lines, what) : CueReader(lines, what).read();
    if (cues.empty() && !ass && !bytes.starts_with("WEBVTT"))
        throw Error(what + ":1: holds no subtitle; WebVTT (begins with WEBVTT), SubRip and ASS are read");
    std::stable_sort(cues.begin(), cues.end(),
                     [](const SubtitleCue& a, const SubtitleCue& b) { return a.from < b.from; });
    return cues;
}

namespace {

void add_words(Words& to, const Words& words) {
    if (!to.text.empty()) to.text += '\n';
    for (const auto& [from, until] : words.italics)
        to.italics.emplace_back(to.text.size() + from, to.text.size() + until);
    to.text += words.text;
}

SubtitleMoment moment_of(milliseconds from, milliseconds until, const std::vector<const SubtitleCue*>& on) {
    SubtitleMoment out{from, until, {}};
    for (const auto* cue : on) {
        auto at = std::find_if(out.shown.begin(), out.shown.end(),
                               [&](const auto& s) { return s.first == cue->place; });
        if (at == out.shown.end()) at = out.shown.insert(at, {cue->place, {}});
        add_words(at->second, cue->words);
    }
    return out;
}

}  // namespace

std::vector<SubtitleMoment> moments_of(const std::vector<SubtitleCue>& cues) {
    std::vector<SubtitleMoment> out;
    std::vector<const SubtitleCue*> on;
    milliseconds now{};
    // Shows what is on until `then`, piece by piece as cues end.
    const auto advance = [&](std::optional<milliseconds> then) {
        while (!on.empty() && (!then || now < *then)) {
            auto until = (*std::min_element(on.begin(), on.end(), [](auto* a, auto* b) {
                             return a->until < b->until;
                         }))->until;
            if (then) until = std::min(until, *then);
            if (until > now) out.push_back(moment_of(now, until, on));
            now = until;
            std::erase_if(on, [&](const SubtitleCue* cue) { return cue->until <= now; });
        }
    };
    for (const auto& cue : cues) {
        advance(cue.from);
        now = cue.from;
        if (on.size() < most_at_once) on.push_back(&cue);
    }
    advance({});
    return out;
}

std::vector<SubtitleMoment> paginated(const SubtitleMoment& moment, const TextEngine& engine,
                                      std::string_view locale) {
    std::vector<std::vector<Words>> parts;
    std::size_t most = 1;
    for (const auto& [place, words] : moment.shown) {
        parts.push_back(engine.subtitle_pages(words, locale));
        most = std::max(most, parts.back().size());
    }
    if (most == 1) return {moment};
    // The place with the most pages sets the pace; the others' last page stays.
    const auto leader =
        std::max_element(parts.begin(), parts.end(), [](auto& a, auto& b) { return a.size() < b.size(); });
    double all = 0, so_far = 0;
    for (const auto& words : *leader) all += static_cast<double>(words.text.size());
    std::vector<SubtitleMoment> out;
    auto from = moment.from;
    for (std::size_t page = 0; page < most; ++page) {
        so_far += static_cast<double>((*leader)[page].text.size());
        const auto length = static_cast<double>((moment.until - moment.from).count());
        const auto until = page + 1 == most
                               ? moment.until
                               : moment.from + milliseconds(static_cast<std::int64_t>(length * so_far / all));
        SubtitleMoment one{from, until, {}};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!parts[i].empty())
                one.shown.emplace_back(moment.shown[i].first, parts[i][std::min(page, parts[i].size() - 1)]);
        }
        if (until > from) out.push_back(std::move(one));
        from = until;
    }
    return out;
}

Overlay merged(const std::vector<Overlay>& overlays) {
    Overlay out;
    int right = 0, bottom = 0;
    bool first = true;
    for (const auto& o : overlays) {
        if (o.empty()) continue;
        out.x = first ? o.x : std::min(out.x, o.x);
        out.y = first ? o.y : std::min(out.y, o.y);
        right = std::max(right, o.x + o.width);
        bottom = std::max(bottom, o.y + o.height);
        first = false;
    }
    if (first) return out;
    out.width = right - out.x;
    out.height = bottom - out.y;
    out.bgra.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 4, 0);
    for (const auto& o : overlays) {
        for (int row = 0; row < o.height && !o.empty(); ++row) {
            const auto* from = o.bgra.data() + static_cast<std::ptrdiff_t>(row) * o.width * 4;
            auto* to = out.bgra.data() +
                       (static_cast<std::ptrdiff_t>(o.y - out.y + row) * out.width + (o.x - out.x)) * 4;
            for (int i = 0; i < o.width * 4; i += 4) {  // premultiplied "over"
                const int through = 255 - from[i + 3];
                for (int k = 0; k < 4; ++k)
                    to[i + k] = static_cast<std::uint8_t>(from[i + k] + (to[i + k] * through + 127) / 255);
            }
        }
    }
    return out;
}

}  // namespace riverlight::player
