// Looks that each file of the corpus of the targets media_* gets to pictures and sound by each way that its
// folder's name promises: a target that stops where a file is opened finds nothing, and does not say so.
//   media_reached FOLDER        as made by make_media
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/media.hpp"

using namespace riverlight;

namespace {

/// What the files of a folder hold.
struct Kind {
    const char* folder;
    bool pictures, sound;
};
constexpr std::array<Kind, 4> kinds{
    {{"film", true, true}, {"reel", true, false}, {"tone", false, true}, {"still", true, false}}};

/// Does something with a file. Returns 1, and says why, where less came out than was promised.
template <class Work>
int missing_in(const std::string& name, const std::string& what, bool pictures, bool sound,
               const Work& work) {
    std::string why;
    try {
        const fuzz::Reached reached = work();
        if (pictures && reached.pictures == 0) why = "no picture";
        if (sound && reached.samples == 0) why += why.empty() ? "no sound" : ", no sound";
    } catch (const Error& e) {
        why = e.what();
    }
    if (!why.empty()) std::cerr << name << ": " << what << ": " << why << '\n';
    return why.empty() ? 0 : 1;
}

int missing_in(const std::filesystem::path& path, const Kind& kind) {
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const fuzz::MediaFile file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    const auto name = path.parent_path().filename() / path.filename();
    const bool still = std::string_view(kind.folder) == "still";
    if (still)
        return missing_in(name, "as a still", true, false, [&] { return fuzz::show_still(file.path()); });
    int missing = 0;
    for (std::size_t i = 0; i < fuzz::ways_to_play.size(); ++i) {
        const auto& how = fuzz::ways_to_play.at(i);
        const bool pictures = kind.pictures && how.want != fuzz::Want::sound;
        const bool sound = kind.sound && how.want != fuzz::Want::picture;
        if (!pictures && !sound) continue;
        missing += missing_in(name, "played by way " + std::to_string(i), pictures, sound,
                              [&] { return fuzz::play(file.path(), how); });
    }
    return missing +
           missing_in(name, "checked", kind.pictures, kind.sound, [&] { return fuzz::check(file.path()); });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    int files = 0, missing = 0;
    for (const auto& kind : kinds) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::filesystem::path(argv[1]) / kind.folder)) {
            missing += missing_in(entry.path(), kind);
            ++files;
        }
    }
    std::cout << files << " files, " << missing << " ways that end too early\n";
    return files > 0 && missing == 0 ? 0 : 1;
}
