#include "tools/author/scaffold.hpp"

#include <filesystem>

#include "content/base/files.hpp"
#include "content/segment/forms.hpp"
#include "content/segment/manifest.hpp"

namespace riverlight::author {
namespace {

namespace fs = std::filesystem;

std::string segment_toml(const std::string& id, const std::string& fallback) {
    return "# What this segment is. Check it with `riverlight segment check` on this folder.\n"
           "format = 1\n"
           "id = \"" +
           id +
           "\"          # lower-case letters, digits, hyphens; schedules and clearances name it\n"
           "revision = 1            # one more whenever each country should clear a change again\n"
           "rating = \"general\"      # general, guidance or late: when countries let it air\n"
           "for_children = false\n"
           "topics = []             # such as [\"recruitment\"]; schedules keep the same topic apart\n"
           "fallback = \"" +
           fallback +
           "\"         # the language that airs where a viewer's own is missing or not cleared\n"
           "\n"
           "# Pictures: cards.toml beside this file, or a video instead. For a video remove cards.toml and "
           "put\n"
           "# picture.mp4 here, or name the file:\n"
           "# picture = \"my-video.mov\"\n";
}

constexpr std::string_view cards_toml =
    "# Still cards, drawn in every language from its strings.toml.\n"
    "[style]\n"
    "background = \"#12343b\"\n"
    "foreground = \"#ffffff\"\n"
    "accent = \"#f2b632\"\n"
    "\n"
    "[[card]]\n"
    "seconds = 4             # a multiple of 0.04\n"
    "heading = \"title\"       # the title of strings.toml, or a name from its [text]\n"
    "body = \"first\"\n"
    "# image = \"photo.jpg\"   # a picture behind the text, in this folder\n"
    "\n"
    "[[card]]\n"
    "seconds = 4\n"
    "heading = \"title\"\n"
    "body = \"second\"\n";

std::string strings_toml(const std::string& locale) {
    return "# What viewers of " + locale +
           " read. Beside this file, if there are any: sound.wav or .mp3 (the voice), subtitles.vtt, .srt or "
           ".ass,\n"
           "# and sign-CODE.mp4, an interpreter into the sign language of that ISO 639-3 code.\n"
           "title = \"Before you go\"\n"
           "strap = \"Call first\"          # the line at the foot of the picture; \"\" for none\n"
           "hotline = \"000 000 000\"       # a country's own hotlines.toml comes before it\n"
           "\n"
           "[text]                        # what cards.toml names; every language has the same names\n"
           "first = \"An offer of work abroad: who makes it, and who has met them?\"\n"
           "second = \"Ask before you travel. It costs nothing.\"\n";
}

}  // namespace

void new_segment(const std::string& folder, const std::string& wanted_id,
                 const std::vector<std::string>& locales) {
    const auto path = fs::absolute(folder).lexically_normal();
    const auto id = !wanted_id.empty()
                        ? wanted_id
                        : (path.has_filename() ? path : path.parent_path()).filename().string();
    if (!content::is_id(id))
        throw ReadError(
            ReadFault::malformed, Where(folder, "").in("id", {}),
            "'" + id +
                "' is not a segment's id: lower-case letters, digits and hyphens, at most 63. Name another "
                "folder, or give --id");
    if (locales.empty()) throw Error("name at least one language, such as --locale en");
    for (const auto& locale : locales)
        if (!content::is_language(locale))
            throw ReadError(ReadFault::malformed, Where(folder, "").in("locales", {}),
                            "'" + locale + "' is not a language tag; use BCP 47, such as km or zh-Hans");
    if (fs::exists(path) && (!fs::is_directory(path) || !fs::is_empty(path)))
        throw ReadError(ReadFault::duplicate, folder, "is there already, and not empty; nothing was written");
    for (const auto& locale : locales) {
        make_folder((path / locale).string());
        write_file_atomically((path / locale / "strings.toml").string(), strings_toml(locale));
    }
    write_file_atomically((path / "cards.toml").string(), cards_toml);
    write_file_atomically((path / "segment.toml").string(), segment_toml(id, locales.front()));
}

}  // namespace riverlight::author
