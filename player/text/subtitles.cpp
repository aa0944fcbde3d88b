#include "player/text/subtitles.hpp"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <charconv>
#include <optional>

#include "content/base/error.hpp"
#include "player/text/ass.hpp"
#include "player/text/legacy_encoding.hpp"
#include "player/text/markup.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

using namespace markup;
using std::chrono::milliseconds;

constexpr std::size_t max_bytes = 4U << 20, max_at_once = 8;
/// Rows of the picture that WebVTT's line numbers count.
constexpr double rows = 16;

enum class ByteOrder { little, big };

/// The byte order of UTF-16, by its mark or by the zeros of its Latin letters and digits, of which times
/// consist; nothing for other text.
std::optional<ByteOrder> utf16_order(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe")) return ByteOrder::little;
    if (bytes.starts_with("\xfe\xff")) return ByteOrder::big;
    constexpr std::size_t looked_at = 4096, least = 8;
    std::array<std::size_t, 2> zeros{};  // at even and at odd places
    for (std::size_t i = 0; i < std::min(bytes.size(), looked_at); ++i) zeros.at(i % 2) += bytes[i] == '\0';
    const auto enough = std::max(least, std::min(bytes.size(), looked_at) / 10);
    if (zeros[1] >= enough && zeros[0] == 0) return ByteOrder::little;
    if (zeros[0] >= enough && zeros[1] == 0) return ByteOrder::big;
    return {};
}

std::string from_utf16(std::string_view bytes, ByteOrder order) {
    icu::UnicodeString letters;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const auto one = static_cast<unsigned char>(bytes[i]), two = static_cast<unsigned char>(bytes[i + 1]);
        letters.append(static_cast<char16_t>(order == ByteOrder::little ? one | two << 8 : two | one << 8));
    }
    std::string out;
    return letters.toUTF8String(out);
}

/// Without byte order marks, wherever joined files have left them, and zeros.
std::string without_marks(std::string_view text) {
    constexpr std::string_view mark = "\ufeff";
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at).starts_with(mark))
            at += mark.size() - 1;
        else if (text[at] != '\0')
            out += text[at];
    }
    return out;
}

/// Removes and returns the first word.
std::string_view take_word(std::string_view& text) {
    text = trimmed(text);
    const auto out = text.substr(0, text.find_first_of(" \t"));
    text.remove_prefix(out.size());
    return out;
}

/// The value of a setting such as `name:50%` or `name:-2`.
struct PlacementSetting {
    double value = 0;
    bool percent = false;
};
std::optional<PlacementSetting> parse_setting(std::string_view text) {
    PlacementSetting out;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
    if (error != std::errc{}) return {};
    out.percent = end < text.data() + text.size() && *end == '%';
    return out;
}

/// The placement that WebVTT's cue settings give.
TextPlacement placement_of(std::string_view settings) {
    TextPlacement placement;
    bool positioned = false;
    while (!trimmed(settings).empty()) {
        const auto one = take_word(settings);
        const auto colon = one.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = one.substr(0, colon), value = one.substr(colon + 1);
        if (name == "line") {
            const auto line = parse_setting(value);
            if (!line) continue;
            const double row = line->percent     ? line->value / 100
                               : line->value < 0 ? 1 + (line->value + 1) / rows
                                                 : line->value / rows;
            placement.down = std::clamp(row, 0.0, 1.0);
        } else if (name == "position") {
            if (const auto at = parse_setting(value))
                placement.across = std::clamp(at->value / 100, 0.0, 1.0);
            positioned = true;
        } else if (name == "align" && !positioned) {
            placement.across = value == "start" || value == "left"  ? 0
                               : value == "end" || value == "right" ? 1
                                                                    : 0.5;
        }
    }
    return placement;
}

struct SubtitleTime {
    milliseconds from, until;
    TextPlacement placement;
};

std::optional<SubtitleTime> parse_timing(std::string_view line) {
    const auto arrow = line.find("-->");
    if (arrow == std::string_view::npos) return {};
    auto settings = visible(line.substr(arrow + 3));
    const auto from = parse_timestamp(visible(line.substr(0, arrow))),
               until = parse_timestamp(visible(take_word(settings)));
    if (!from || !until) return {};
    return SubtitleTime{*from, *until, placement_of(settings)};
}

/// A line that only numbers a cue, as SubRip has it.
bool is_number(std::string_view line) {
    line = visible(line);
    return !line.empty() && line.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether a line is a cue's times, in which a translator or an editor has changed the arrow (`-&gt;`, `–->`)
/// or the times beside it. Hours of service, such as `08:00 -> 17:00`, are text.
bool is_broken_timing(std::string_view line) {
    line = visible(line);
    if (const auto arrow = line.find("-->"); arrow != std::string_view::npos)
        return !parse_timing(line) && line.find_first_of("0123456789") <= 1 && line.find(':') < arrow;
    int times = 0;
    bool arrow = false;
    while (!line.empty()) {
        const auto digits = std::min(line.find_first_not_of("0123456789:.,"), line.size());
        if (const auto word = line.substr(0, digits); digits > 0) {
            if (std::count(word.begin(), word.end(), ':') != 2 || !parse_timestamp(word)) return false;
            if (++times > 2) return false;
            line.remove_prefix(digits);
        } else {
            arrow |= line[0] == '>' || line.starts_with("&gt;") || line.starts_with("\u2192");
            if (std::isalpha(static_cast<unsigned char>(line[0])) && !line.starts_with("gt;")) return false;
            line.remove_prefix(line.starts_with("gt;") ? 3 : 1);
        }
    }
    return times == 2 && arrow;
}

/// Parses WebVTT and SubRip, whose differences do not matter here.
class CueParser {
  public:
    CueParser(const std::vector<std::string_view>& lines, const std::string& file, bool webvtt,
              std::vector<UnreadLine>* unread)
        : lines_(lines), file_(file), webvtt_(webvtt), unread_(unread) {
        if (webvtt) skip_block();  // the header
    }

    [[nodiscard]] std::vector<SubtitleCue> parse() {
        while (at_ < lines_.size()) {
            const auto line = visible(lines_[at_]);
            if (line.find("-->") != std::string_view::npos || is_broken_timing(line))
                parse_cue();
            else if (webvtt_ && is_comment_or_style(line))
                skip_block();
            else
                skip_line();
        }
        return std::move(cues_);
    }

  private:
    [[noreturn]] void fail(std::size_t line, ReadFault kind, const std::string& why) const {
        throw ReadError(kind, Where(file_).at(static_cast<int>(line)), why);
    }
    [[nodiscard]] bool is_timing(std::size_t i) const { return i < lines_.size() && parse_timing(lines_[i]); }
    [[nodiscard]] bool is_blank(std::size_t i) const { return visible(lines_[i]).empty(); }
    /// Whether the cue's text ends before line `i`: at the next cue, in WebVTT also at a blank line.
    [[nodiscard]] bool ends_cue(std::size_t i) const {
        if (i >= lines_.size() || is_timing(i)) return true;
        if (webvtt_ && trimmed(lines_[i]).empty()) return true;
        if (!is_number(lines_[i])) return false;
        if (is_timing(i + 1)) return true;
        // In a file in which each line end is doubled, a blank line follows the number too.
        if (!is_blank(i - 1)) return false;
        auto next = i + 1;
        while (next < lines_.size() && is_blank(next)) ++next;
        return is_timing(next);
    }

    /// WebVTT's blocks without a cue (W3C WebVTT, 4.1).
    static bool is_comment_or_style(std::string_view line) {
        return line == "STYLE" || line == "REGION" || line == "NOTE" || line.starts_with("NOTE ") ||
               line.starts_with("NOTE\t");
    }
    /// Up to the next blank line, or a cue that follows without one.
    void skip_block() {
        while (at_ < lines_.size() && !trimmed(lines_[at_]).empty() && !is_timing(at_)) ++at_;
    }
    /// A line between cues: blank, or the name of the next cue; whatever else it is, nobody will see it.
    void skip_line() {
        const auto line = visible(lines_[at_]);
        auto next = at_ + 1;
        if (is_number(line))
            while (next < lines_.size() && is_blank(next)) ++next;
        const bool names_cue = is_timing(next);
        if (!line.empty() && !names_cue) note_unread(line);
        ++at_;
    }
    void note_unread(std::string_view text) {
        if (unread_) unread_->push_back({static_cast<int>(at_) + 1, std::string(text)});
    }

    void parse_cue() {
        const auto timing = parse_timing(lines_[at_]);
        if (!timing)
            fail(at_ + 1, ReadFault::malformed,
                 "its times cannot be read; write them as 00:00:01.000 --> 00:00:03.500");
        const auto begin = at_;
        MarkupParser markup;
        for (++at_; !ends_cue(at_); ++at_) {
            if (trimmed(lines_[at_]).empty()) continue;
            if (is_broken_timing(lines_[at_])) return;  // the next cue, which parse() refuses
            markup.add_line_break();
            for (const auto tag : markup.add(lines_[at_], webvtt_ ? Dialect::webvtt : Dialect::subrip))
                note_unread(tag);
        }
        auto text = markup.take_text();
        if (visible(text.text).empty()) return;
        if (timing->until <= timing->from) fail(begin + 1, ReadFault::misplaced, "ends before it begins");
        cues_.push_back(
            {timing->from, timing->until, std::move(text), markup.alignment.value_or(timing->placement)});
        if (cues_.size() > max_cues) fail(at_, ReadFault::too_large, "has more than 20,000 subtitles");
    }

    const std::vector<std::string_view>& lines_;
    const std::string& file_;
    bool webvtt_;
    std::vector<UnreadLine>* unread_;
    std::size_t at_ = 0;
    std::vector<SubtitleCue> cues_;
};

bool is_ass(const std::vector<std::string_view>& lines) {
    const auto first = std::find_if(lines.begin(), lines.end(),
                                    [](std::string_view line) { return !trimmed(line).empty(); });
    return first != lines.end() && trimmed(*first).starts_with("[Script Info]");
}

}  // namespace

std::vector<SubtitleCue> parse_subtitles(std::string_view bytes, const std::string& file,
                                         std::vector<UnreadLine>* unread) {
    const auto refuse = [&](ReadFault kind, const std::string& why) {
        throw ReadError(kind, Where(file).at(1), why);
    };
    if (bytes.size() > max_bytes)
        refuse(ReadFault::too_large, "is larger than 4 MiB; this is not a subtitle file");
    std::string converted;
    if (const auto order = utf16_order(bytes)) bytes = converted = from_utf16(bytes, *order);
    if (!is_utf8(bytes)) refuse(ReadFault::syntax, "is not UTF-8; " + conversion_of(bytes, file));
    const auto text = without_marks(bytes);
    bytes = text;
    const auto lines = split_lines(bytes);
    const bool ass = is_ass(lines);
    const bool webvtt = bytes.starts_with("WEBVTT");
    auto cues = ass ? parse_ass(lines, file) : CueParser(lines, file, webvtt, unread).parse();
    if (cues.empty() && !ass && !webvtt)
        refuse(ReadFault::missing, "has no subtitle; use WebVTT (begins with WEBVTT), SubRip or ASS");
    std::stable_sort(cues.begin(), cues.end(),
                     [](const SubtitleCue& a, const SubtitleCue& b) { return a.from < b.from; });
    return cues;
}

namespace {

void append(StyledText& to, const StyledText& words) {
    if (!to.text.empty()) to.text += '\n';
    for (const auto& [from, until] : words.italics)
        to.italics.emplace_back(to.text.size() + from, to.text.size() + until);
    to.text += words.text;
}

SubtitleDisplaySet display_set_of(milliseconds from, milliseconds until,
                                  const std::vector<const SubtitleCue*>& on) {
    SubtitleDisplaySet out{from, until, {}};
    for (const auto* cue : on) {
        auto at = std::find_if(out.shown.begin(), out.shown.end(),
                               [&](const auto& s) { return s.first == cue->placement; });
        if (at == out.shown.end()) at = out.shown.insert(at, {cue->placement, {}});
        append(at->second, cue->text);
    }
    return out;
}

}  // namespace

std::vector<SubtitleDisplaySet> display_sets_of(const std::vector<SubtitleCue>& cues) {
    std::vector<SubtitleDisplaySet> out;
    std::vector<const SubtitleCue*> on;
    milliseconds now{};
    // Adds display sets up to `then`: one for each interval between the ends of cues.
    const auto advance = [&](std::optional<milliseconds> then) {
        while (!on.empty() && (!then || now < *then)) {
            auto until = (*std::min_element(on.begin(), on.end(), [](auto* a, auto* b) {
                             return a->until < b->until;
                         }))->until;
            if (then) until = std::min(until, *then);
            if (until > now) out.push_back(display_set_of(now, until, on));
            now = until;
            std::erase_if(on, [&](const SubtitleCue* cue) { return cue->until <= now; });
        }
    };
    for (const auto& cue : cues) {
        assert(on.empty() || cue.from >= now);
        advance(cue.from);
        now = cue.from;
        if (on.size() < max_at_once) on.push_back(&cue);
    }
    advance({});
    return out;
}

std::vector<SubtitleDisplaySet> split_into_pages(const SubtitleDisplaySet& set, const TextEngine& engine,
                                                 std::string_view locale) {
    std::vector<std::vector<StyledText>> parts;
    std::size_t most = 1;
    for (const auto& [place, words] : set.shown) {
        parts.push_back(engine.subtitle_pages(words, locale));
        most = std::max(most, parts.back().size());
    }
    if (most == 1) return {set};
    // The placement with the most pages sets the pace; the others keep their last page.
    const auto leader =
        std::max_element(parts.begin(), parts.end(), [](auto& a, auto& b) { return a.size() < b.size(); });
    double all = 0, so_far = 0;
    for (const auto& words : *leader) all += static_cast<double>(words.text.size());
    std::vector<SubtitleDisplaySet> out;
    auto from = set.from;
    for (std::size_t page = 0; page < most; ++page) {
        so_far += static_cast<double>((*leader)[page].text.size());
        const auto length = static_cast<double>((set.until - set.from).count());
        const auto until = page + 1 == most
                               ? set.until
                               : set.from + milliseconds(static_cast<std::int64_t>(length * so_far / all));
        SubtitleDisplaySet one{from, until, {}};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!parts[i].empty())
                one.shown.emplace_back(set.shown[i].first, parts[i][std::min(page, parts[i].size() - 1)]);
        }
        if (until > from) out.push_back(std::move(one));
        from = until;
    }
    return out;
}

}  // namespace riverlight::player
