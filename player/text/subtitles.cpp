#include <algorithm>

#include "player/text/breaks.hpp"
#include "player/text/text.hpp"

namespace riverlight::player {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_bytes = 4U << 20, most_cues = 20'000;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

bool blank(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos;
}

/// `[hh:]mm:ss.mmm`, or with a comma (SubRip).
std::optional<milliseconds> time_of(std::string_view text) {
    std::int64_t parts[3] = {0, 0, 0}, fraction = 0;
    int part = 0, digits = 0, fraction_digits = -1;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            if (fraction_digits >= 0) {
                if (++fraction_digits > 3) return {};
                fraction = fraction * 10 + (c - '0');
            } else {
                if (++digits > 4) return {};
                parts[part] = parts[part] * 10 + (c - '0');
            }
        } else if (c == ':' && fraction_digits < 0 && digits > 0 && part < 2) {
            ++part;
            digits = 0;
        } else if ((c == '.' || c == ',') && fraction_digits < 0 && digits > 0) {
            fraction_digits = 0;
        } else {
            return {};
        }
    }
    if (part == 0 || fraction_digits != 3) return {};
    const auto hours = part == 2 ? parts[0] : 0, minutes = part == 2 ? parts[1] : parts[0],
               seconds = part == 2 ? parts[2] : parts[1];
    if (minutes > 59 || seconds > 59) return {};
    return milliseconds{((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction};
}

/// Tags (`<i>`, `{\an8}`) out, the few entities of WebVTT in.
std::string plain(std::string_view line) {
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char close = line[i] == '<' ? '>' : line.substr(i).starts_with("{\\") ? '}' : '\0';
        if (close) {
            if (const auto end = line.find(close, i); end != std::string_view::npos) {
                i = end;
                continue;
            }
        }
        if (line[i] == '&') {
            struct Entity {
                std::string_view name, text;
            };
            static constexpr Entity entities[] = {{"&amp;", "&"},       {"&lt;", "<"}, {"&gt;", ">"},
                                                  {"&nbsp;", "\u00a0"}, {"&lrm;", ""}, {"&rlm;", ""}};
            const auto* found = std::find_if(std::begin(entities), std::end(entities), [&](const Entity& e) {
                return line.substr(i).starts_with(e.name);
            });
            if (found != std::end(entities)) {
                out += found->text;
                i += found->name.size() - 1;
                continue;
            }
        }
        out += line[i];
    }
    return out;
}

struct Span {
    milliseconds from, until;
};

std::optional<Span> span_of(std::string_view line) {
    const auto arrow = line.find("-->");
    if (arrow == std::string_view::npos) return {};
    const auto word = [](std::string_view text) {
        const auto first = text.find_first_not_of(" \t");
        if (first == std::string_view::npos) return std::string_view{};
        text.remove_prefix(first);
        return text.substr(0, text.find_first_of(" \t"));
    };
    const auto from = time_of(word(line.substr(0, arrow))), until = time_of(word(line.substr(arrow + 3)));
    if (!from || !until) return {};
    return Span{*from, *until};
}

}  // namespace

std::vector<SubtitleCue> parse_subtitles(std::string_view bytes, const std::string& what) {
    const auto fail = [&](std::size_t line, const std::string& why) -> void {
        throw Error(what + ':' + std::to_string(line) + ": " + why);
    };
    if (bytes.size() > most_bytes) fail(1, "is larger than 4 MiB; these are no subtitles");
    if (!is_utf8(bytes)) fail(1, "is not UTF-8; save it as UTF-8");
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    const auto lines = lines_of(bytes);
    std::vector<SubtitleCue> cues;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].find("-->") == std::string_view::npos) continue;  // headers, numbers, notes, styles
        const auto span = span_of(lines[i]);
        if (!span) fail(i + 1, "its times do not read; write them as 00:00:01.000 --> 00:00:03.500");
        if (span->until <= span->from) fail(i + 1, "ends before it begins");
        SubtitleCue cue{span->from, span->until, {}};
        while (++i < lines.size() && !blank(lines[i]))
            cue.text += (cue.text.empty() ? "" : "\n") + plain(lines[i]);
        if (cue.text.empty()) continue;
        cues.push_back(std::move(cue));
        if (cues.size() > most_cues) fail(i, "holds more than 20,000 subtitles");
    }
    if (cues.empty() && !bytes.starts_with("WEBVTT"))
        fail(1, "holds no subtitle; WebVTT (begins with WEBVTT) and SubRip are read");
    std::stable_sort(cues.begin(), cues.end(),
                     [](const SubtitleCue& a, const SubtitleCue& b) { return a.from < b.from; });
    return cues;
}

}  // namespace riverlight::player
