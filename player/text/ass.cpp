#include "player/text/ass.hpp"

#include <algorithm>
#include <cassert>
#include <map>

#include "content/base/error.hpp"
#include "player/text/markup.hpp"

namespace riverlight::player {
namespace {

using namespace markup;

struct AssStyle {
    bool italic = false;
    TextPlacement placement;
};

/// A line's `Key: value`; the key is empty where it has none.
struct KeyValue {
    std::string_view key, value;
};
KeyValue entry_of(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    return {trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}

/// At most `most` values split at commas; the last keeps its commas.
std::vector<std::string_view> split_values(std::string_view text, std::size_t most) {
    std::vector<std::string_view> out;
    while (out.size() + 1 < most) {
        const auto comma = text.find(',');
        if (comma == std::string_view::npos) break;
        out.push_back(trimmed(text.substr(0, comma)));
        text.remove_prefix(comma + 1);
    }
    out.push_back(out.size() + 1 == most && most > 1 ? text : trimmed(text));
    return out;
}

/// A positive number (PlayResX, Alignment); 0 for other text.
int number(std::string_view text) {
    int value = 0;
    for (const char c : text.substr(0, 6)) {
        if (c < '0' || c > '9') break;
        value = value * 10 + (c - '0');
    }
    return value;
}

class AssParser {
  public:
    explicit AssParser(const std::string& file) : file_(file) {}

    void parse_line(std::string_view line) {
        ++number_;
        line = trimmed(line);
        if (line.starts_with('[')) {
            section_ = line;
            columns_.clear();
            return;
        }
        const auto entry = entry_of(line);
        if (section_.starts_with("[Script Info]")) {
            if (entry.key == "PlayResX" && number(entry.value) > 0) width_ = number(entry.value);
            if (entry.key == "PlayResY" && number(entry.value) > 0) height_ = number(entry.value);
        } else if (entry.key == "Format") {
            columns_ = split_values(entry.value, 64);
        } else if (entry.key == "Style") {
            add_style(split_values(entry.value, columns_.size()));
        } else if (entry.key == "Dialogue" && section_ == "[Events]") {
            // The text is the last column and keeps its commas and its leading blanks.
            add_dialogue(split_values(line.substr(line.find(':') + 1), columns_.size()));
        }
    }
    [[nodiscard]] std::vector<SubtitleCue> take_cues() { return std::move(cues_); }

  private:
    [[noreturn]] void fail(ReadFault kind, const std::string& why) const {
        throw ReadError(kind, Where(file_).at(static_cast<int>(number_)), why);
    }
    [[nodiscard]] std::string_view value(const std::vector<std::string_view>& values,
                                         std::string_view column) const {
        const auto found = std::find(columns_.begin(), columns_.end(), column);
        const auto index = static_cast<std::size_t>(found - columns_.begin());
        return index < values.size() ? values[index] : std::string_view{};
    }

    void add_style(const std::vector<std::string_view>& values) {
        auto alignment = number(value(values, "Alignment"));
        if (section_ == "[V4 Styles]") alignment = numpad_of_ssa(alignment);
        const auto italic = value(values, "Italic");
        styles_[std::string(value(values, "Name"))] = {italic == "-1" || italic == "1",
                                                       numpad_placement(alignment).value_or(TextPlacement{})};
    }

    void add_dialogue(const std::vector<std::string_view>& values) {
        if (columns_.empty() || columns_.back() != "Text")
            fail(ReadFault::missing,
                 "[Events] has no Format line that ends with Text; export it again as ASS");
        const auto from = parse_timestamp(value(values, "Start")),
                   until = parse_timestamp(value(values, "End"));
        if (!from || !until) fail(ReadFault::malformed, "its times cannot be read; write them as 0:00:01.00");
        if (*until < *from) fail(ReadFault::misplaced, "ends before it begins");
        const auto named = styles_.find(std::string(value(values, "Style")));
        const auto style = named == styles_.end() ? AssStyle{} : named->second;
        MarkupParser markup(style.italic);
        markup.add_ass(value(values, "Text"));
        auto placement = markup.alignment.value_or(style.placement);
        assert(width_ > 0 && height_ > 0);
        if (markup.position) placement = {markup.position->first / width_, markup.position->second / height_};
        auto text = markup.take_text();
        if (text.text.find_first_not_of(" \n") == std::string::npos || *until == *from) return;
        cues_.push_back({*from, *until, std::move(text), placement});
        if (cues_.size() > max_cues) fail(ReadFault::too_large, "has more than 20,000 subtitles");
    }

    const std::string& file_;
    std::size_t number_ = 0;
    int width_ = 384, height_ = 288;  // players' default where a script says nothing
    std::string_view section_;
    std::vector<std::string_view> columns_;
    std::map<std::string, AssStyle> styles_;
    std::vector<SubtitleCue> cues_;
};

}  // namespace

std::vector<SubtitleCue> parse_ass(const std::vector<std::string_view>& lines, const std::string& file) {
    AssParser parser(file);
    for (const auto line : lines) parser.parse_line(line);
    return parser.take_cues();
}

}  // namespace riverlight::player
