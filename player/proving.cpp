#include "player/proving.hpp"

#include <sys/resource.h>

#include "player/feed/rendition.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

std::string fault_of(const Prove& asked, const Profile& profile) {
    try {
        const auto facts = check_rendition(asked.path, profile);
        if (asked.parameters.empty() || asked.parameters == facts.parameters) return {};
        return asked.path + ": has other parameter sets than its segment says";
    } catch (const Error& e) {
        return e.what();
    }
}

}  // namespace

void prove_renditions(Conversation& conversation, const Profile& profile) {
    ::setpriority(PRIO_PROCESS, 0, 19);
    bool quit = false;
    while (!quit && !conversation.over()) {
        conversation.wait(1s);
        conversation.poll([&](const Command& command) {
            if (const auto* asked = std::get_if<Prove>(&command))
                conversation.tell(Proved{asked->path, fault_of(*asked, profile)});
            quit |= std::holds_alternative<Quit>(command);
        });
    }
    conversation.flush(1s);
}

}  // namespace riverlight::player
