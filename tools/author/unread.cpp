#include "tools/author/unread.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <set>

#include "content/base/plain_text.hpp"
#include "content/base/suggest.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_findings = 50, most_entries = 10'000;

constexpr std::array<std::string_view, 2> names_of_segment{"segment.toml", "cards.toml"};
constexpr std::array<std::string_view, 1> names_of_language{"strings.toml"};

/// Endings of the files of one kind: those that are read, and those of programs that save others.
struct Kind {
    std::string_view stem;  ///< of the name under which it is read
    std::set<std::string, std::less<>> read, others;
    std::string_view remedy;  ///< for the others
};
const std::array<Kind, 2>& kinds_of_language() {
    static const std::array<Kind, 2> kinds{
        Kind{"sound",
             {".wav", ".mp3", ".m4a", ".aac", ".opus", ".ogg", ".flac"},
             {".wma", ".aif", ".aiff", ".caf", ".ac3", ".eac3", ".amr", ".ape", ".mka", ".webm", ".oga",
              ".m4b", ".au", ".dts", ".w64", ".mid"},
             "export it as WAV, MP3 or M4A, and name it sound.wav, sound.mp3 or sound.m4a"},
        Kind{"subtitles",
             {".vtt", ".srt", ".ass"},
             {".ttml", ".dfxp", ".xml", ".itt", ".imsc", ".sbv", ".sub", ".stl", ".scc", ".lrc", ".smi",
              ".sami", ".ssa", ".idx", ".sup", ".mcc", ".usf"},
             "subtitles are WebVTT, SubRip or ASS: export them as subtitles.vtt, subtitles.srt or "
             "subtitles.ass"}};
    return kinds;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// Windows, macOS, Linux and editors leave these behind.
bool is_litter(const std::string& name) {
    static const std::set<std::string> known{"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin",
                                             "icon\r"};
    return name.starts_with('.') || name.starts_with("~$") || name.ends_with('~') ||
           known.contains(lower(name));
}

/// What the segment reads.
std::set<fs::path> read_files(const SegmentSource& source) {
    std::set<fs::path> read;
    const auto add = [&](const fs::path& path) {
        if (!path.empty()) read.insert(path.lexically_normal());
    };
    const fs::path folder(source.folder);
    add(folder / "segment.toml");
    add(folder / "cards.toml");
    add(source.video);
    for (const auto& card : source.deck.cards) add(card.image);
    for (const auto& [locale, words] : source.locales) {
        add(folder / locale / "strings.toml");
        add(words.sound);
        add(words.subtitles);
        for (const auto& [language, path] : words.signs) add(path);
    }
    return read;
}

/// The name that was probably meant; empty if none is near, or if a file has that name already.
std::string meant_name(const fs::path& path, bool in_language) {
    const auto name = path.filename().string(), small = lower(name);
    const auto meant =
        in_language ? nearest_name(small, names_of_language) : nearest_name(small, names_of_segment);
    return meant.empty() || meant == name || fs::exists(path.parent_path() / meant) ? std::string() : meant;
}

/// The file of that kind that a language's folder has and is read; empty: it has none.
std::string read_name(const fs::path& folder, const Kind& kind) {
    for (const auto& ending : kind.read)
        if (auto name = std::string(kind.stem) + ending; fs::exists(folder / name)) return name;
    return {};
}

/// What to do with a file of a language's folder; empty: nobody knows.
std::string remedy_in_language(const fs::path& path) {
    const auto name = lower(path.filename().string()), ending = lower(path.extension().string());
    for (const auto& kind : kinds_of_language()) {
        const bool is_read = kind.read.contains(ending);
        const auto singular = kind.stem.substr(0, kind.stem.size() - 1);
        if (kind.others.contains(ending) || (!is_read && name.starts_with(singular)))
            return std::string(kind.remedy);
        if (!is_read) continue;
        const auto there = read_name(path.parent_path(), kind);
        return there.empty() ? "name it " + std::string(kind.stem) + ending
                             : "the language has " + there + ": remove one of them";
    }
    const auto meant = meant_name(path, true);
    return meant.empty() ? std::string() : "name it " + meant;
}

/// What to do with a file beside segment.toml; empty: nobody knows.
std::string remedy_in_segment(const fs::path& path, const SegmentSource& source) {
    static const std::set<std::string, std::less<>> videos{".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v",
                                                           ".mpg", ".ts",  ".mts", ".wmv",  ".mxf"},
        images{".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif", ".heic"};
    const auto name = path.filename().string(), ending = lower(path.extension().string());
    for (const auto& kind : kinds_of_language())
        if (kind.read.contains(ending))
            return "put it into the folder of its language, as " + source.fallback + '/' +
                   std::string(kind.stem) + ending;
    if (videos.contains(ending) && source.video.empty())
        return "to show it instead of the cards write picture = \"" + plain_text(name, 200) +
               "\" in segment.toml, and remove cards.toml";
    if (images.contains(ending) && source.video.empty())
        return "to show it write image = \"" + plain_text(name, 200) + "\" in a [[card]] of cards.toml";
    const auto meant = meant_name(path, false);
    return meant.empty() ? std::string() : "name it " + meant;
}

class UnreadFiles {
  public:
    explicit UnreadFiles(const SegmentSource& source) : source_(source), read_(read_files(source)) {}

    std::vector<quality::SegmentFinding> run() {
        visit(fs::path(source_.folder).lexically_normal(), 0);
        return std::move(findings_);
    }

  private:
    void visit(const fs::path& folder, int depth) {
        std::error_code error;
        std::vector<fs::directory_entry> entries;
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            if (++seen_ > most_entries) return;
            if (!is_litter(entry.path().filename().string())) entries.push_back(entry);
        }
        std::sort(entries.begin(), entries.end());
        for (const auto& entry : entries) {
            const auto path = entry.path().lexically_normal();
            if (!entry.is_directory(error) || entry.is_symlink(error))
                file(path, depth);
            else if (holds_read(path))
                visit(path, depth + 1);
            else
                note(path, "nothing of this folder is read: a language's folder has a strings.toml", {});
        }
    }

    [[nodiscard]] bool holds_read(const fs::path& folder) const {
        const auto prefix = folder.string() + '/';
        const auto first = read_.lower_bound(prefix);
        return first != read_.end() && first->string().starts_with(prefix);
    }

    /// `depth`: 0 beside segment.toml.
    void file(const fs::path& path, int depth) {
        if (read_.contains(path)) return;
        const bool in_language =
            depth == 1 && source_.locales.contains(path.parent_path().filename().string());
        note(path, "nothing reads this file",
             in_language  ? remedy_in_language(path)
             : depth == 0 ? remedy_in_segment(path, source_)
                          : "");
    }

    void note(const fs::path& path, const std::string& what, const std::string& remedy) {
        if (findings_.size() > most_findings) return;
        const bool last = findings_.size() == most_findings;
        const auto name = path.lexically_relative(fs::path(source_.folder).lexically_normal()).string();
        findings_.push_back({quality::Defect::unread_file,
                             last ? "" : plain_text(name, 200),
                             last ? "more files and folders are not read" : what,
                             false,
                             {},
                             last ? "" : remedy});
    }

    const SegmentSource& source_;
    std::set<fs::path> read_;
    std::vector<quality::SegmentFinding> findings_;
    std::size_t seen_ = 0;
};

}  // namespace

std::vector<quality::SegmentFinding> unread_files(const SegmentSource& source) {
    return UnreadFiles(source).run();
}

}  // namespace riverlight::author
