// The player: one process for each outlet, started by riverlightd or by `riverlight play`. Builds the parts,
// confines the process, then plays or validates renditions until it is told to quit.
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "content/base/files.hpp"
#include "content/base/plain_text.hpp"
#include "player/confine/confine.hpp"
#include "player/confine/user.hpp"
#include "player/conversation.hpp"
#include "player/feed/pacer.hpp"
#include "player/options.hpp"
#include "player/player_loop.hpp"
#include "player/validator_process.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

volatile std::sig_atomic_t stop_signalled = 0;

void on_signal(int) {
    stop_signalled = 1;
}

void handle_signals() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

/// What another user needs to be able to do to play this outlet.
UserNeeds user_needs(const Options& options, const OutletNeeds& needs) {
    UserNeeds user;
    user.read = options.confinement->read;
    user.read.insert(user.read.end(), needs.read.begin(), needs.read.end());
    user.outputs = needs.own_folders;
    for (const auto& path : {options.snapshot, options.outlet.state})
        if (!path.empty()) user.folders.push_back(std::filesystem::path(path).parent_path().string());
    user.files = needs.files;
    user.devices = needs.devices;
    user.low_ports = needs.sockets.network;
    return user;
}

/// Root's player becomes the user that it was given, or gives up root's rights as far as it can. It plays on
/// where that fails, and says so.
void give_up_root(const Options& options, const OutletNeeds& needs, Conversation& conversation) {
    permit_real_time(pacer_priority);
    const auto wants = user_needs(options, needs);
    try {
        if (!options.user.empty()) return become_user(options.user, wants);
    } catch (const UserError& e) {
        conversation.send(Trouble{std::string(e.what()) + "; until then its player runs as root", "",
                                  Trouble::About::rights});
    }
    renounce_capabilities(wants.low_ports);
}

/// Gives up everything but the files, devices and network that this outlet needs.
void confine_to_outlet(const Options& options, Conversation& conversation) {
    assert(options.confinement);
    auto allowed = *options.confinement;
    const auto needs = options.validate_only ? OutletNeeds{} : needs_of(options.outlet);
    if (::geteuid() == 0) give_up_root(options, needs, conversation);
    allowed.sockets = needs.sockets;
    allowed.largest_file = std::max(needs.largest_file, usual_largest_file);
    allowed.write.insert(allowed.write.end(), needs.write.begin(), needs.write.end());
    allowed.read.insert(allowed.read.end(), needs.read.begin(), needs.read.end());
    allowed.write.insert(allowed.write.end(), needs.devices.begin(), needs.devices.end());
    allowed.list = needs.list;
    for (const auto& folder : needs.own_folders) allowed.write.push_back(folder);
    for (const auto& path : {options.snapshot, options.outlet.state})
        if (!path.empty()) allowed.write.push_back(std::filesystem::path(path).parent_path().string());
    if (!confine(allowed).landlock_version)
        conversation.send(Trouble{"this kernel has no Landlock: the player may read other files than its own",
                                  "", Trouble::About::rights});
}

Fd open_cues(const std::string& path) {
    if (path.empty()) return {};
    Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw Error("cannot read " + path + ": " + system_reason(errno));
    return file;
}

void run(const Options& options) {
    handle_signals();
    const auto file = open_cues(options.cues);
    assert(file || options.cue_fd);
    Conversation conversation(file ? file.get() : *options.cue_fd, file ? STDOUT_FILENO : *options.cue_fd);
    try {
        if (options.confinement) confine_to_outlet(options, conversation);
        if (options.validate_only)
            run_validator(conversation, profile_named(options.outlet.profile));
        else
            play(options, conversation, [] { return stop_signalled != 0; });
    } catch (const Error& e) {
        conversation.send(Trouble{e.what(), ""});
        conversation.flush(300ms);
        throw;
    }
}

}  // namespace
}  // namespace riverlight::player

int main(int argc, char** argv) {
    using namespace riverlight::player;
    // Each item decodes on a thread of its own. Two heaps: with one for each thread, each would keep the most
    // that its thread ever needed; with one for all, decoders would make the player's loop wait.
    mallopt(M_ARENA_MAX, 2);
    // Picture planes are freed and allocated 25 times a second: keep that memory rather than return it.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    try {
        const auto parsed = parse_options(argc, argv);
        if (const auto* exit_code = std::get_if<int>(&parsed)) return *exit_code;
        run(std::get<Options>(parsed));
        // A decoder that hangs keeps its thread; exit without joining it.
        std::_Exit(0);
    } catch (const std::exception& e) {
        std::cerr << "riverlight-player: " << riverlight::plain_text(e.what()) << std::endl;
        std::_Exit(1);
    }
}
