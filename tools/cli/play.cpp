#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "content/base/suggest.hpp"
#include "content/segment/manifest.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"
#include "player/cue/output_spec.hpp"
#include "tools/cli/commands.hpp"

namespace riverlight::cli {
namespace {

namespace fs = std::filesystem;
using content::Manifest;
using player::Cue;

struct PlayOptions {
    std::vector<std::string> items;
    std::vector<std::string> outlets;
    std::string profile, locale, sign, snapshot, fade;
    bool fast = false;
};

/// The requested locale if the segment has it, otherwise its fallback locale.
const std::string& choose_locale(const Manifest& segment, const std::string& wanted) {
    const auto found = segment.locales.find(wanted.empty() ? segment.fallback_locale : wanted);
    return found == segment.locales.end() ? segment.fallback_locale : found->first;
}

Cue cue_of_segment(const std::string& folder, const PlayOptions& o, const std::string& profile) {
    const auto path = folder + "/segment.json";
    if (!fs::exists(path))
        throw Error(folder +
                    ": is a folder without segment.json; name a media file, or a segment built with "
                    "riverlight segment build");
    const auto segment = content::parse_manifest(read_file(path, 1U << 20), path);
    const auto& locale = choose_locale(segment, o.locale);
    const auto& words = segment.locales.at(locale);
    const auto file = [&](const std::string& sha256) {
        return sha256.empty() ? std::string{} : folder + "/media/" + segment.files.at(sha256).name();
    };
    Cue cue;
    cue.media.picture = file(words.picture);
    cue.media.sound = file(words.sound);
    cue.media.subtitles = file(words.subtitles);
    cue.media.locale = locale;
    cue.duration = segment.duration;
    if (const auto found = words.signs.find(o.sign); found != words.signs.end())
        cue.media.sign = content::Sign{file(found->second), o.sign};
    const auto key = content::rendition_key(profile, cue.media.sign ? cue.media.sign->language : "");
    if (const auto found = words.renditions.find(key); found != words.renditions.end())
        cue.media.rendition =
            content::Rendition{file(found->second), segment.files.at(found->second).parameters};
    if (!words.strap.empty() || !words.hotline.empty())
        cue.media.strap = content::Strap{words.strap, words.hotline, words.crawl};
    return cue;
}

Cue cue_of(const std::string& item, const PlayOptions& o, const std::string& profile, std::size_t number) {
    if (!fs::exists(item))
        throw Error(item + ": does not exist; name a media file or the folder of a built segment");
    Cue cue;
    if (fs::is_directory(item)) {
        cue = cue_of_segment(item, o, profile);
    } else {
        cue.media.picture = item;
        cue.media.locale = o.locale.empty() ? "en" : o.locale;
    }
    cue.airing = "item-" + std::to_string(number);
    return cue;
}

/// A riverlight-player child process and our end of its cue socket.
class PlayerChild {
  public:
    PlayerChild(const PlayOptions& o) {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            throw Error("no socket: " + system_reason(errno));
        socket_ = Fd(pair[0]);
        const Fd theirs(pair[1]);
        const auto program = fs::read_symlink("/proc/self/exe").parent_path() / "riverlight-player";
        std::vector<std::string> words{program.string(), "--cue-fd", "3"};
        for (const auto& outlet : o.outlets) words.insert(words.end(), {"--outlet", outlet});
        if (!o.profile.empty()) words.insert(words.end(), {"--profile", o.profile});
        if (!o.locale.empty()) words.insert(words.end(), {"--locale", o.locale});
        if (!o.snapshot.empty()) words.insert(words.end(), {"--snapshot", o.snapshot});
        if (!o.fade.empty()) words.insert(words.end(), {"--fade", o.fade});
        if (o.fast) words.emplace_back("--fast");
        std::vector<char*> args;
        for (auto& word : words) args.push_back(word.data());
        args.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ < 0) throw Error("cannot start " + program.string() + ": " + system_reason(errno));
        if (pid_ == 0) {
            if (theirs.get() == 3 ? ::fcntl(3, F_SETFD, 0) < 0 : ::dup2(theirs.get(), 3) < 0) ::_exit(127);
            ::execv(args[0], args.data());
            ::_exit(127);
        }
    }
    void send(const player::Command& command) const {
        auto line = player::to_line(command) + '\n';
        for (std::string_view left = line; !left.empty();) {
            const auto sent = ::send(socket_.get(), left.data(), left.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent < 0) return;  // the player ended; its exit status says why
            left.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Passes each event to `handle` until the player closes the socket.
    void read_events(const std::function<void(const player::Event&)>& handle) const {
        std::string reading;
        char bytes[8192];
        for (;;) {
            const auto got = ::read(socket_.get(), bytes, sizeof bytes);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return;
            reading.append(bytes, static_cast<std::size_t>(got));
            for (auto end = reading.find('\n'); end != std::string::npos; end = reading.find('\n')) {
                handle(player::parse_event(std::string_view(reading).substr(0, end)));
                reading.erase(0, end + 1);
            }
        }
    }
    /// The exit status: 0 for success, 128 + signal if a signal ended it.
    int wait() const {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    Fd socket_;
    pid_t pid_ = -1;
};

void play(const PlayOptions& o) {
    std::map<std::string, std::string> names;
    std::vector<Cue> cues;
    const bool feed = player::is_feed(player::parse_output(o.outlets.front()));
    const auto profile = !feed ? std::string{} : o.profile.empty() ? std::string("720p25") : o.profile;
    for (const auto& item : o.items) {
        cues.push_back(cue_of(item, o, profile, cues.size() + 1));
        names[cues.back().airing] = item;
    }
    const PlayerChild child(o);
    for (auto& cue : cues) child.send(cue);
    child.send(player::Quit{true});
    std::size_t failed = 0, finished = 0;
    std::string trouble;
    child.read_events([&](const player::Event& event) {
        if (const auto* on = std::get_if<player::OnAir>(&event))
            std::cout << "on air   " << names[on->airing] << "  from frame " << on->frame << std::endl;
        if (const auto* said = std::get_if<player::Trouble>(&event)) {
            trouble = said->what;
            if (!said->airing.empty())
                std::cerr << "note     " << names[said->airing] << "  " << said->what << std::endl;
        }
        const auto* off = std::get_if<player::OffAir>(&event);
        if (!off) return;
        ++finished;
        const bool aired = off->status == content::AiringStatus::aired;
        failed += !aired;
        const auto status = to_text(off->status);
        (aired ? std::cout : std::cerr)
            << status << std::string(9 - std::min<std::size_t>(8, status.size()), ' ') << names[off->airing]
            << "  " << off->frames << " frames"
            << (off->repeated ? ", " + std::to_string(off->repeated) + " repeated" : "")
            << (off->lost ? ", " + std::to_string(off->lost) + " passed over" : "")
            << (off->reason.empty() ? "" : ": " + off->reason) << std::endl;
    });
    const int status = child.wait();
    if (status == 127)
        throw Error("riverlight-player could not be started; install it in the folder of this program");
    if (!trouble.empty() && status != 0) throw Error(trouble);
    if (status != 0) throw Error("the player ended with status " + std::to_string(status));
    if (failed > 0 || finished < cues.size())
        throw Error(std::to_string(failed + cues.size() - finished) + " of " + std::to_string(cues.size()) +
                    " items did not air completely; see above");
}

}  // namespace

void add_play(CLI::App& app) {
    auto* command = app.add_subcommand("play", "play media files or built segments back to back");
    auto o = std::make_shared<PlayOptions>();  // the parsed options live as long as CLI11's callback
    command->add_option("ITEM", o->items, "media files, or folders made by `segment build`")->required();
    command->add_option("--outlet", o->outlets, player::output_help + std::string("; of a feed repeatable"))
        ->required()
        ->allow_extra_args(false);
    command->add_option("--profile", o->profile,
                        "of a feed: 720p25, 720p50, 1080i25 or 576i25; -mpeg2, -aac, -ac3 behind it");
    command->add_option("--locale", o->locale, "language, BCP 47; segments fall back to their own");
    command->add_option("--sign", o->sign,
                        "of segments that have it: with an interpreter into that sign language, such as tsq");
    command->add_option("--snapshot", o->snapshot, "JPEG of what is shown, replaced every second");
    command->add_option("--fade", o->fade, "of a screen: black:MS between segments");
    command->add_flag("--fast", o->fast, "as fast as it goes, not in real time");
    command->callback([o] { play(*o); });
}

}  // namespace riverlight::cli
