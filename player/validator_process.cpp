#include "player/validator_process.hpp"

#include <sys/resource.h>

#include "player/feed/rendition_validator.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

constexpr int lowest_priority = 19;

/// Why the file is not the rendition asked about; empty: it is.
std::string fault_of(const Prove& request, const Profile& profile) {
    try {
        const auto facts = validate_rendition(request.path, profile);
        if (request.parameters.empty() || request.parameters == facts.parameters) return {};
        return request.path + ": its parameter sets differ from those its segment names";
    } catch (const Error& e) {
        return e.what();
    }
}

}  // namespace

void run_validator(Conversation& conversation, const Profile& profile) {
    ::setpriority(PRIO_PROCESS, 0, lowest_priority);
    bool quit = false;
    while (!quit && !conversation.is_closed()) {
        conversation.wait_for_input(1s);
        conversation.poll([&](const Command& command) {
            if (const auto* request = std::get_if<Prove>(&command))
                conversation.send(Proved{request->path, fault_of(*request, profile)});
            quit |= std::holds_alternative<Quit>(command);
        });
    }
    conversation.flush(1s);
}

}  // namespace riverlight::player
