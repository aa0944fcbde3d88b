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

constexpr std::array<std::string_view, 3> names_of_segment{"segment.toml", "cards.toml", "picture.mp4"};
constexpr std::array<std::string_view, 11> names_of_language{
    "strings.toml", "sound.wav",  "sound.mp3",     "sound.m4a",     "sound.aac",    "sound.opus",
    "sound.ogg",    "sound.flac", "subtitles.vtt", "subtitles.srt", "subtitles.ass"};

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
    const auto near = [&](auto known) {
        const auto* const same = std::find(known.begin(), known.end(), small);
        return same != known.end() ? std::string(*same) : nearest_name(small, known);
    };
    const auto meant = in_language ? near(names_of_language) : near(names_of_segment);
    return meant.empty() || meant == name || fs::exists(path.parent_path() / meant) ? std::string() : meant;
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
                file(path, depth == 1 && source_.locales.contains(folder.filename().string()));
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

    void file(const fs::path& path, bool in_language) {
        if (read_.contains(path)) return;
        const auto meant = meant_name(path, in_language);
        note(path, "nothing reads this file", meant.empty() ? "" : "name it " + meant);
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
